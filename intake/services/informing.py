"""Telling an applicant who agreed to it by message; the papers count whether it arrives or not."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from documents.services.papers import public_address
from intake.models import Application, Case, CaseEvent
from intake.models.events import NOT_REACHED, TOLD
from intake.querysets import CaseQuerySet
from intake.rules.informing import Occasion, message_text
from intake.services.telling import case_address
from notifications.choices import Channel, MessageState
from notifications.models import OutboxMessage, Subscription
from notifications.services import Text, notify, subscribe, tell_subscribers
from organisations.services import system_user

WHOLE, PART = "application", "case"
TITLE = "办件进度"


def agree(application: Application) -> None:
    """The applicant is told by text message from now on; he agreed to it on the form."""
    subscribe(
        subject_kind=WHOLE,
        subject_id=application.number,
        channel=Channel.SMS,
        address=application.applicant.reveal("mobile"),
        data_key=application.data_key,
    )


def whoever_agreed(cases: CaseQuerySet) -> CaseQuerySet:
    """Those of the cases whose applicant is told by message."""
    agreed = Subscription.objects.filter(subject_kind=WHOLE, withdrawn_at__isnull=True)
    return cases.filter(application__number__in=agreed.values("subject_id"))


def tell_applicant(*, case: Case, occasion: Occasion, cause: str = "") -> None:
    """A message waits if the applicant agreed to messages; what comes of it joins the timeline.

    ``cause`` tells apart occasions of one kind that leave the case as it is.
    """
    address = public_address(reverse("intake:progress"))
    text = Text(
        title=TITLE,
        body=message_text(case.item.name, case.number, occasion, address),
        subject_kind=PART,
        subject_id=case.number,
        dedupe_key=f"{case.number}:{occasion.name}:{case.row_version}{cause and f':{cause}'}",
    )
    whole = case.application.number
    tell_subscribers(subject_kind=WHOLE, subject_id=whole, text=text)


@transaction.atomic
def note_message(*, message: OutboxMessage) -> None:
    """The timeline says whether the applicant was reached; if not, the clerk hands over the paper."""
    if message.contact_id or message.subject_kind != PART:
        return
    case = Case.objects.locked().filter(number=message.subject_id).first()
    if case is None:
        return
    sent = message.state == MessageState.SENT
    CaseEvent.append(
        case,
        actor=system_user("delivery"),
        verb=TOLD if sent else NOT_REACHED,
        note=message.body if sent else message.last_error,
        data={"channel": str(message.channel)},
        proof={"message": str(message.uuid), "attempts": message.attempts},
    )
    if not sent:
        _ask_for_paper(case, message)


def _ask_for_paper(case: Case, message: OutboxMessage) -> None:
    clerk = case.application.created_by
    if clerk.is_staff:
        notify(
            recipients=[clerk],
            title=_("the applicant was not reached: %(item)s") % {"item": case.item.name},
            body=_("Tell him by paper or telephone. %(number)s") % {"number": case.number},
            link=case_address(case),
            subject_kind=PART,
            subject_id=case.number,
            dedupe_key=f"{message.uuid}:{message.attempts}",
        )
