"""Staff who stand by an applicant: named, told of every move, and their doings on record.

安阳市政务服务条例 15 and 34: help and doing it for the applicant cost him nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import time
from common.errors import DomainError, Forbidden, InvalidInput, NotFound
from common.flow import Offer
from intake.choices import HelpKind
from intake.errors import OtherDesk
from intake.models import Application, Case, Helping, HelpingEvent
from intake.models.helping import BEGIN
from intake.transitions import HELP_FLOW
from notifications.choices import Reach
from notifications.services import notify
from organisations.choices import Role
from organisations.models import Post, ServicePoint, User

SUBJECT_KIND = "helping"
NOTE_LENGTH = 1000


@dataclass(frozen=True)
class HelpOrder:
    """Who is to stand by, and in what way."""

    helper_id: int
    kind: str = HelpKind.HELP


class HelperUnusable(InvalidInput):
    """Whoever was named works at another point, or not at all."""

    code = "helper_unusable"
    default_message = gettext_lazy("choose somebody who works at this service point")


class HelpedAlready(DomainError):
    """Somebody stands by this applicant already."""

    code = "helped_already"
    default_message = gettext_lazy("somebody helps with this application already; pass it on there")


class NothingSaid(InvalidInput):
    """A step that asks for words came without them."""

    code = "nothing_said"


def helpers_at(point: ServicePoint) -> list[User]:
    """Whoever holds a clerk's post at the point, each once."""
    posts = Post.objects.of_role(Role.CLERK).filter(point=point).for_list().order_by("pk")
    held = (user for post in posts for user in (post.holder_a, post.holder_b))
    return list(dict.fromkeys(user for user in held if user is not None and user.is_active))


def _helper(point: ServicePoint, helper_id: int) -> User:
    found = next((user for user in helpers_at(point) if user.pk == helper_id), None)
    if found is None:
        raise HelperUnusable(fields={"helper": [str(HelperUnusable.default_message)]})
    return found


@transaction.atomic
def begin_helping(*, application_id: int, actor: User, order: HelpOrder) -> Helping:
    """Somebody of the point stands by the applicant, and is told so.

    Raises:
        NotFound: there is no such application within the actor's sight.
        Forbidden: the actor's posts do not allow it.
        OtherDesk: the application was taken in at another point.
        HelperUnusable: the helper works at another point, or the way is unknown.
        HelpedAlready: somebody stands by already.
    """
    if not actor.has_perm("intake.help_applicant"):
        raise Forbidden
    seen = Application.objects.visible_to(actor).filter(pk=application_id)
    if not seen.exists():
        raise NotFound
    application = Application.objects.locked().select_related("point").get(pk=application_id)
    helping = Helping(application=application, helper=_helper(application.point, order.helper_id))
    if not helping.is_of(actor):
        raise OtherDesk
    if order.kind not in HelpKind.values:
        raise HelperUnusable
    if Helping.objects.filter(application=application).exists():
        raise HelpedAlready
    helping.kind = order.kind
    helping.save()
    _record(helping, BEGIN, actor, "")
    return helping


def _record(helping: Helping, verb: str, actor: User, note: str) -> None:
    data = {"helper": str(helping.helper), "kind": str(helping.kind)}
    note = note.strip()
    event = HelpingEvent.append(helping, actor=actor, verb=verb, note=note, data=data)
    if helping.helper_id != actor.pk and verb in {BEGIN, "pass_help"}:
        title = _("you help with application %(number)s")
        _tell(helping, title % {"number": helping}, note, str(event.seq))


def _tell(helping: Helping, title: str, body: str, key: str) -> None:
    notify(
        recipients=[helping.helper],
        title=title,
        body=body,
        link=reverse("admin:intake_helping_change", args=(helping.pk,)),
        subject_kind=SUBJECT_KIND,
        subject_id=str(helping.pk),
        dedupe_key=f"{SUBJECT_KIND}:{helping.pk}:{key}",
        reach=Reach.OFFICE_HOURS,
    )


def tell_helper(case: Case) -> None:
    """Whoever stands by is told where the case stands now."""
    rows = Helping.objects.under_way().for_list()
    helping = rows.filter(application=case.application_id).first()
    if helping is None:
        return
    said = {"item": case.item.name, "state": case.state_label}
    title = _("%(item)s, with which you help: %(state)s") % said
    _tell(helping, title, case.number, f"{case.pk}:{case.row_version}")


def _held(helping_id: int, verb: str, actor: User, note: str) -> Helping:
    """The locked help on which the actor may make the move now.

    Raises:
        NotFound, TransitionRefused, OtherDesk, NothingSaid: as every verb says.
    """
    if not Helping.objects.visible_to(actor).filter(pk=helping_id).exists():
        raise NotFound
    helping: Helping = Helping.objects.locked().for_list().get(pk=helping_id)
    move = HELP_FLOW.by_name(verb)
    HELP_FLOW.check(move, helping, actor)
    if not helping.is_of(actor):
        raise OtherDesk
    if move.note_required and not note.strip():
        raise NothingSaid(fields={"note": [_("say what was done, or why")]})
    if len(note) > NOTE_LENGTH:
        text = _("at most %(most)s characters") % {"most": NOTE_LENGTH}
        raise NothingSaid(fields={"note": [text]})
    return helping


@transaction.atomic
def note_help(*, helping_id: int, actor: User, note: str) -> Helping:
    """What was done for the applicant stands on record.

    Raises:
        NotFound: outside the actor's sight.
        TransitionRefused: the help has ended.
        OtherDesk: another point helps.
        NothingSaid: nothing was written.
    """
    helping = _held(helping_id, "note_help", actor, note)
    _record(helping, "note_help", actor, note)
    return helping


@transaction.atomic
def pass_help(*, helping_id: int, actor: User, helper_id: int, note: str = "") -> Helping:
    """A colleague of the same point stands by from now on, and is told so.

    Raises:
        NotFound, TransitionRefused, OtherDesk: as for noting.
        HelperUnusable: the helper works at another point, or is the same.
    """
    helping = _held(helping_id, "pass_help", actor, note)
    helper = _helper(helping.application.point, helper_id)
    if helper.pk == helping.helper_id:
        raise HelperUnusable(fields={"helper": [_("this is the helper already")]})
    helping.helper = helper
    helping.save(update_fields=["helper"])
    _record(helping, "pass_help", actor, note)
    return helping


@transaction.atomic
def end_help(*, helping_id: int, actor: User, note: str) -> Helping:
    """Nobody stands by any more, with what came of it.

    Raises:
        NotFound, TransitionRefused, OtherDesk, NothingSaid: as for noting.
    """
    helping = _held(helping_id, "end_help", actor, note)
    HELP_FLOW.apply(HELP_FLOW.by_name("end_help"), helping)
    helping.ended_at = time.now()
    helping.save(update_fields=["state", "ended_at"])
    _record(helping, "end_help", actor, note)
    return helping


HELP_VERBS: dict[str, Callable[..., Helping]] = {
    "note_help": note_help,
    "pass_help": pass_help,
    "end_help": end_help,
}


def help_offers(helping: Helping, actor: Any) -> list[Offer]:
    """Moves this person may make now."""
    return HELP_FLOW.available(helping, actor) if helping.is_of(actor) else []
