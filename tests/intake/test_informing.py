"""An applicant who agreed is told by text message; the timeline says whether it arrived."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals import services as approvals
from common.anchors import all_chain_faults
from common.time import freeze
from deadlines.services import continue_reprojection, load_notice
from intake.choices import CaseState
from intake.errors import InvalidApplicant
from intake.models import Application, Case, CaseEvent
from intake.models.events import NOT_REACHED, TOLD
from intake.rules.informing import Occasion
from intake.services import begin_review, terminate_case
from notifications.choices import Channel
from notifications.models import InboxMessage, OutboxMessage, Subscription
from notifications.rules import MOST_ATTEMPTS
from notifications.services import deliver_due, resend
from tests.factories.catalogue import published_item
from tests.factories.deadlines import moment, notice_2027
from tests.factories.intake import (
    Office,
    a_case_at,
    an_applicant,
    an_application,
    an_office,
    reread,
    the_case,
    token_of,
)
from tests.factories.notifications import Webhook

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.fixture
def gateway(settings: Any) -> Iterator[Webhook]:
    server = Webhook()
    settings.NOTIFICATION_CHANNELS = {Channel.SMS: server.template}
    yield server
    server.close()


@pytest.fixture
def deaf(settings: Any) -> Iterator[Webhook]:
    server = Webhook(*[500] * 99)
    settings.NOTIFICATION_CHANNELS = {Channel.SMS: server.template}
    yield server
    server.close()


def agreed(office: Office) -> Application:
    return an_application(office, applicant=an_applicant(text_messages=True))


def deliver() -> None:
    """A pass in the office hours the messages wait for."""
    waiting = OutboxMessage.objects.waiting().order_by("-next_attempt_at").first()
    assert waiting is not None
    with freeze(waiting.next_attempt_at):
        deliver_due()


def timeline(case: Case) -> list[str]:
    events = CaseEvent.objects.filter(case=case, verb__in=(TOLD, NOT_REACHED)).order_by("seq")
    return list(events.values_list("verb", flat=True))


def test_it_works(office: Office, gateway: Webhook) -> None:
    case = the_case(agreed(office))
    assert timeline(case) == []
    deliver()
    [taken] = gateway.taken
    assert taken["recipient"] == "13837212345"
    assert f"（办件号{case.number}）已受理" in taken["message"]
    assert "张小明" not in str(taken)
    assert timeline(case) == [TOLD]
    event = CaseEvent.objects.get(case=case, verb=TOLD)
    assert event.proof == {"message": str(OutboxMessage.objects.get().uuid), "attempts": 1}
    assert event.actor.username == "system:delivery"
    assert list(all_chain_faults()) == []


def test_who_did_not_agree_has_his_papers(office: Office, gateway: Webhook) -> None:
    case = the_case(an_application(office))
    assert not OutboxMessage.objects.exists()
    assert case.notices.count() == 1


def test_without_a_gateway_nothing_waits(office: Office, settings: Any) -> None:
    settings.NOTIFICATION_CHANNELS = {}
    agreed(office)
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("state", "occasions"),
    [
        (CaseState.CORRECTING, [Occasion.CORRECTION]),
        (CaseState.REFUSED_ACCEPTANCE, [Occasion.NOT_ACCEPTED]),
        (CaseState.SUSPENDED, [Occasion.ACCEPTED, Occasion.SUSPENDED]),
        (CaseState.AWAITING_DELIVERY, [Occasion.ACCEPTED, Occasion.DECIDED, Occasion.READY]),
        (CaseState.TERMINATED, [Occasion.ACCEPTED, Occasion.TERMINATED]),
    ],
)
def test_every_occasion_is_told_once(
    office: Office,
    gateway: Webhook,
    monkeypatch: pytest.MonkeyPatch,
    state: str,
    occasions: list[Occasion],
) -> None:
    monkeypatch.setattr(
        "tests.factories.intake.an_applicant", lambda: an_applicant(text_messages=True)
    )
    a_case_at(state, office)
    bodies = list(OutboxMessage.objects.order_by("pk").values_list("body", flat=True))
    assert len(bodies) == len(occasions)
    for body, occasion in zip(bodies, occasions, strict=True):
        assert occasion.value in body


def test_an_extension_is_told_when_it_is_approved(office: Office, gateway: Webhook) -> None:
    office.item = published_item(office.department, code="XK-9", name="经营许可", kind="01")
    case = the_case(agreed(office))
    begin_review(case_id=case.pk, actor=office.reviewer)
    approvals.request_extension(case_id=case.pk, actor=office.reviewer, amount=5, reason="需要核实")
    assert OutboxMessage.objects.count() == 1
    approvals.answer_extension(case_id=case.pk, actor=office.head, approve=True, note="同意")
    assert Occasion.EXTENDED.value in OutboxMessage.objects.latest("pk").body


def test_a_promise_that_moves_with_the_calendar_is_told_once(
    office: Office, gateway: Webhook
) -> None:
    with freeze(moment("2026-12-10")):
        case, quiet = the_case(agreed(office)), the_case(an_application(office))
        before = case.clock.promised_due_on
        load_notice(notice=notice_2027(), actor=office.administrator)
        continue_reprojection()
        continue_reprojection()
    assert reread(case).clock.promised_due_on < before
    told = OutboxMessage.objects.filter(body__contains=Occasion.COUNTED_ANEW.value)
    assert [message.subject_id for message in told] == [case.number]
    assert reread(quiet).clock.promised_due_on < before


def test_who_is_not_reached_is_handed_the_paper(office: Office, deaf: Webhook) -> None:
    case = the_case(agreed(office))
    for _attempt in range(MOST_ATTEMPTS):
        deliver()
    assert timeline(case) == [NOT_REACHED]
    told = InboxMessage.objects.get(recipient=office.clerk, title__contains="未能通知申请人")
    assert case.number in told.body
    assert told.link == reverse("admin:intake_case_change", args=[case.pk])
    client = Client()
    client.force_login(office.clerk)
    assert "短信通知申请人未成功" in client.get(told.link).content.decode()
    deaf._statuses.clear()
    resend(message_id=OutboxMessage.objects.get().pk, actor=office.administrator)
    deliver()
    assert timeline(case) == [NOT_REACHED, TOLD]
    assert list(all_chain_faults()) == []


def test_an_agreement_taken_back_ends_the_messages(office: Office, gateway: Webhook) -> None:
    case = the_case(agreed(office))
    client = Client()
    client.force_login(office.administrator)
    listed = reverse("admin:notifications_subscription_changelist")
    page = client.get(listed).content.decode()
    assert "13****45" in page
    assert "13837212345" not in page
    chosen = [str(Subscription.objects.get().pk)]
    client.post(listed, {"action": "take_back", "_selected_action": chosen})
    begin_review(case_id=case.pk, actor=office.reviewer)
    terminate_case(case_id=case.pk, actor=office.head, note="申请人去世")
    assert OutboxMessage.objects.count() == 1
    assert Subscription.objects.visible_to(office.clerk).count() == 0


def test_a_landline_can_not_agree(office: Office, gateway: Webhook) -> None:
    who = an_applicant(text_messages=True, mobile="0372-2212345")
    with pytest.raises(InvalidApplicant) as refused:
        an_application(office, applicant=who)
    assert set(refused.value.fields) == {"mobile"}
    assert not Application.objects.exists()


def test_a_client_says_so_over_the_api(office: Office, gateway: Webhook) -> None:
    who = an_applicant()
    body = {
        "point": office.point.code,
        "applicant": {
            "name": who.name,
            "id_type": who.id_type,
            "id_number": who.id_number,
            "mobile": who.mobile,
            "text_messages": True,
        },
        "items": [{"code": office.item.code, "form": {"disability_kind": "肢体"}}],
    }
    answer = Client().post(
        "/api/v1/intake/applications/",
        body,
        content_type="application/json",
        headers={
            "authorization": f"Token {token_of(office.client)}",
            "idempotency-key": "told-1",
        },
    )
    assert answer.status_code == 201, answer.content
    assert Subscription.objects.get().channel == Channel.SMS
