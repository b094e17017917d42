"""A licence whose renewal nobody decides in time is renewed by law (行政许可法 50)."""

from datetime import date
from typing import Any

import pytest

from approvals import services
from approvals.models import Decision, SpecialProcedure
from common.errors import TransitionRefused
from common.time import end_of_day, freeze
from deadlines.choices import Effect, Ground
from deadlines.models import Clock
from deadlines.services import sweep, verify_clocks
from intake import services as intake
from intake.choices import CaseResult, CaseState, ClockPurpose
from intake.models import Case, CaseEvent
from intake.services import ItemOrder
from tests.factories.catalogue import FORM, published_item
from tests.factories.deadlines import moment
from tests.factories.intake import Office, an_application, an_office, reread, the_case

pytestmark = pytest.mark.django_db
LAST_DAY = {
    "key": "licence_ends_on",
    "label": "原许可证有效期至",
    "type": "date",
    "required": True,
    "help": "",
    "options": [],
}
ENDS = date(2026, 12, 31)
EXPIRED = end_of_day(ENDS)


@pytest.fixture
def office() -> Office:
    with freeze(moment("2026-11-20")):
        office = an_office()
        office.item = published_item(
            office.department,
            code="XK-9",
            name="食品经营许可（延续）",
            kind="01",
            promised_amount=15,
            form_definition=[*FORM, LAST_DAY],
        )
    return office


def renewing(office: Office, *, asked_on: str = "2026-11-25", ends: str = "2026-12-31") -> Case:
    answers = {"disability_kind": "肢体", "licence_ends_on": ends}
    with freeze(moment(asked_on)):
        made = an_application(office, orders=[ItemOrder(office.item.current_id, answers)])
        case = the_case(made)
        return intake.begin_review(case_id=case.pk, actor=office.reviewer)


def swept(at: Any) -> None:
    with freeze(at):
        sweep()


def test_silence_renews(office: Office) -> None:
    case = renewing(office)
    swept(moment("2026-12-31", "23:59"))
    assert reread(case).state == CaseState.REVIEWING
    swept(moment("2027-01-04"))
    case = reread(case)
    assert (case.state, case.result) == (CaseState.CLOSED, CaseResult.GRANTED)
    assert (case.deemed, case.decided_at) == (Effect.DEEMED_RENEWED, EXPIRED)
    assert case.deemed_words == "至2026年12月31日届满未作决定，已视为准予延续"
    decision = Decision.objects.get(case=case)
    assert decision.decided_at == EXPIRED
    assert "视为准予延续" in decision.text
    delivery = case.clocks.get(purpose=ClockPurpose.DELIVERY).clock
    assert delivery.started_at == EXPIRED
    assert not Clock.objects.open().filter(case_link__case=case).exclude(pk=delivery.pk)
    assert CaseEvent.objects.filter(case=case, verb="deem_renewed").count() == 1
    assert list(verify_clocks()) == []
    swept(moment("2027-01-05"))
    assert Decision.objects.count() == 1


def test_a_decision_in_time_prevents_it(office: Office) -> None:
    case = renewing(office)
    with freeze(moment("2026-12-10")):
        services.decide_case(
            case_id=case.pk, actor=office.reviewer, result=CaseResult.REFUSED, opinion="不符合条件"
        )
    swept(moment("2027-01-04"))
    assert reread(case).result == CaseResult.REFUSED


def test_a_refusal_after_the_licence_ended_comes_too_late(office: Office) -> None:
    case = renewing(office)
    with freeze(EXPIRED), pytest.raises(TransitionRefused) as refused:
        services.decide_case(
            case_id=case.pk, actor=office.reviewer, result=CaseResult.REFUSED, opinion="不符合条件"
        )
    assert "已视为准予延续" in refused.value.reasons[0]


@pytest.mark.parametrize(("asked_on", "renews"), [("2026-12-01", True), ("2026-12-02", False)])
def test_only_whoever_asked_thirty_days_before(
    office: Office, asked_on: str, *, renews: bool
) -> None:
    case = renewing(office, asked_on=asked_on)
    assert case.clocks.filter(purpose=ClockPurpose.RENEWAL).exists() is renews


def test_an_unreadable_last_day_starts_nothing(office: Office) -> None:
    case = renewing(office, ends="2027-01-31")
    assert case.clocks.filter(purpose=ClockPurpose.RENEWAL).exists()
    with freeze(moment("2026-11-25")):
        assert reread(case).licence_ends_on == date(2027, 1, 31)


def test_it_ends_a_hearing_too(office: Office) -> None:
    case = renewing(office)
    with freeze(moment("2026-12-10")):
        services.begin_procedure(
            case_id=case.pk,
            actor=office.reviewer,
            ground=Ground.HEARING,
            told_until=date(2027, 1, 8),
            reason="听证",
        )
    swept(moment("2027-01-04"))
    assert reread(case).state == CaseState.CLOSED
    assert not SpecialProcedure.objects.filter(ended_at__isnull=True)


def test_a_renewal_by_law_is_not_annulled(office: Office) -> None:
    case = renewing(office)
    swept(moment("2027-01-04"))
    with freeze(moment("2027-01-05")), pytest.raises(TransitionRefused):
        intake.annul_effect(case_id=case.pk, actor=office.head, note="x")
