"""Reviews, special procedures, extensions, decisions, delivery."""

from datetime import date, timedelta

import pytest

from approvals import services
from approvals.choices import Outcome, RequestState
from approvals.errors import ExtensionNotAllowed, ProcedureNotProvided, ReasonMissing
from approvals.models import Decision, Delivery, ExtensionRequest, Review, SpecialProcedure
from approvals.rules import decision_title, extension_fault, stop_for
from common import time
from common.errors import TransitionRefused
from deadlines.choices import ClockState, Ground
from deadlines.errors import PauseRefused
from intake import services as intake
from intake.choices import CaseResult, CaseState
from intake.models import Case
from notifications.models import InboxMessage
from tests.factories.catalogue import published_item
from tests.factories.deadlines import moment
from tests.factories.intake import Office, a_case_at, an_office, reread

pytestmark = pytest.mark.django_db
EIGHT = ["听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审"]


@pytest.fixture
def office() -> Office:
    return an_office()


def licence(office: Office) -> Office:
    office.item = published_item(
        office.department,
        code="XK-1",
        name="经营许可",
        kind="01",
        promised_amount=5,
        special_procedures=["现场勘验"],
    )
    return office


def suspend(office: Office, case: Case, ground: str, until: date) -> Case:
    return services.begin_procedure(
        case_id=case.pk,
        actor=office.reviewer,
        ground=ground,
        told_until=until,
        reason="需要时间",
    )


def test_it_works(office: Office) -> None:
    case = a_case_at(CaseState.REVIEWING, office)
    services.record_opinion(
        case_id=case.pk, actor=office.reviewer, opinion="属实", outcome=Outcome.PASS
    )
    services.decide_case(
        case_id=case.pk, actor=office.head, result=CaseResult.GRANTED, opinion="同意"
    )
    case = reread(case)
    assert (case.state, case.result) == (CaseState.CLOSED, CaseResult.GRANTED)
    assert case.clock.state == ClockState.FINISHED
    assert Review.objects.get().step == 1
    decision = Decision.objects.get()
    assert decision.text == "准予办理残疾人证。"
    assert decision.paper.title == "准予行政确认决定书"
    assert f"〔{time.today().year}〕1号" in decision.number


def test_a_hearing_stops_both_dues_of_a_licence(office: Office) -> None:
    with time.travel(moment("2026-11-24")):
        case = a_case_at(CaseState.REVIEWING, licence(office))
        before = case.clock.statutory_due_on, case.clock.promised_due_on
        suspend(office, case, Ground.HEARING, date(2026, 12, 1))
    with time.travel(moment("2026-12-01")):
        services.end_procedure(case_id=case.pk, actor=office.reviewer, result="听证笔录")
        case = reread(case)
    assert before == (date(2026, 12, 22), date(2026, 12, 1))
    assert (case.clock.statutory_due_on, case.clock.promised_due_on) == (
        date(2026, 12, 29),
        date(2026, 12, 8),
    )
    procedure = SpecialProcedure.objects.get()
    assert procedure.stops_statute
    assert procedure.result == "听证笔录"
    assert case.state == CaseState.REVIEWING


def test_a_site_survey_stops_the_promise_alone(office: Office) -> None:
    with time.travel(moment("2026-11-24")):
        case = a_case_at(CaseState.REVIEWING, licence(office))
        suspend(office, case, Ground.SITE_SURVEY, date(2026, 12, 1))
        clock = reread(case).clock
    assert clock.promise_stopped
    assert not clock.statute_stopped
    assert clock.statutory_due_on == date(2026, 12, 22)


def test_a_procedure_nobody_provides_is_refused(office: Office) -> None:
    case = a_case_at(CaseState.REVIEWING, licence(office))
    with pytest.raises(ProcedureNotProvided):
        suspend(office, case, Ground.TECHNICAL_REVIEW, time.today() + timedelta(days=3))
    with pytest.raises(PauseRefused):
        suspend(office, case, Ground.HEARING, time.today() - timedelta(days=1))
    assert reread(case).state == CaseState.REVIEWING
    assert not SpecialProcedure.objects.exists()


@pytest.mark.parametrize("ground", EIGHT)
def test_the_eight_grounds_stop_a_licence(ground: str) -> None:
    stop = stop_for(ground=ground, licence=True, rule_grounds=[], named=[])
    assert stop is not None
    assert stop.statute
    assert stop_for(ground=ground, licence=False, rule_grounds=[], named=[]) is None


def test_the_head_extends_before_the_limit_ends(office: Office) -> None:
    with time.travel(moment("2026-11-24")):
        case = a_case_at(CaseState.REVIEWING, licence(office))
        services.request_extension(
            case_id=case.pk, actor=office.reviewer, amount=10, reason="案情复杂"
        )
        assert InboxMessage.objects.filter(recipient=office.head).exists()
        with pytest.raises(TransitionRefused):
            services.answer_extension(
                case_id=case.pk, actor=office.reviewer, approve=True, note="x"
            )
        services.answer_extension(case_id=case.pk, actor=office.head, approve=True, note="同意")
    case = reread(case)
    assert case.clock.statutory_due_on == date(2027, 1, 6)
    assert case.clock.promised_due_on == date(2026, 12, 1)
    assert ExtensionRequest.objects.get().state == RequestState.APPROVED
    assert not case.extension_pending


@pytest.mark.parametrize("amount", [11, 60])
def test_an_extension_beyond_the_rule_is_refused_when_asked(office: Office, amount: int) -> None:
    case = a_case_at(CaseState.REVIEWING, licence(office))
    with pytest.raises(ExtensionNotAllowed):
        services.request_extension(
            case_id=case.pk, actor=office.reviewer, amount=amount, reason="x"
        )
    assert not reread(case).extension_pending


def test_where_the_law_gives_no_extension_none_is_asked(office: Office) -> None:
    case = a_case_at(CaseState.REVIEWING, office)
    with pytest.raises(ExtensionNotAllowed):
        services.request_extension(case_id=case.pk, actor=office.reviewer, amount=5, reason="x")
    assert extension_fault(most=10, amount=5, due_at=time.now(), at=time.now()) is not None


def test_a_refused_request_moves_nothing_and_an_open_one_lapses(office: Office) -> None:
    case = a_case_at(CaseState.REVIEWING, licence(office))
    due = case.clock.statutory_due_on
    services.request_extension(case_id=case.pk, actor=office.reviewer, amount=5, reason="x")
    services.answer_extension(case_id=case.pk, actor=office.head, approve=False, note="抓紧办")
    assert reread(case).clock.statutory_due_on == due
    services.request_extension(case_id=case.pk, actor=office.reviewer, amount=5, reason="x")
    services.decide_case(
        case_id=case.pk, actor=office.reviewer, result=CaseResult.GRANTED, opinion="同意"
    )
    states = list(ExtensionRequest.objects.values_list("state", flat=True))
    assert states == [RequestState.REFUSED, RequestState.LAPSED]


def test_a_refusal_without_reasons_is_refused(office: Office) -> None:
    case = a_case_at(CaseState.REVIEWING, office)
    with pytest.raises(ReasonMissing):
        services.decide_case(
            case_id=case.pk, actor=office.reviewer, result=CaseResult.REFUSED, opinion=" "
        )
    assert not Decision.objects.exists()


def test_the_window_decides_at_once_only_what_it_decides_itself(office: Office) -> None:
    own = published_item(
        office.department,
        code="JB-1",
        name="即办事项",
        case_type="1",
        decide_level="street",
        promised_amount=0,
        statutory_amount=None,
        statutory_basis="",
    )
    case = a_case_at(CaseState.ACCEPTED, office)
    with pytest.raises(TransitionRefused):
        services.grant_on_spot(case_id=case.pk, actor=office.clerk, opinion="x")
    office.item = own
    case = a_case_at(CaseState.ACCEPTED, office)
    assert case.department == office.point.unit
    services.grant_on_spot(case_id=case.pk, actor=office.clerk, opinion="当场办结")
    assert reread(case).state == CaseState.AWAITING_DELIVERY
    services.deliver_result(case_id=case.pk, actor=office.clerk, receiver="张小明", method="window")
    assert reread(case).state == CaseState.DELIVERED
    assert Decision.objects.get().on_spot


def test_delivery_seals_the_receiver_and_prints_a_proof(office: Office) -> None:
    case = a_case_at(CaseState.DELIVERED, office)
    delivery = Delivery.objects.get(case=case)
    assert "张小明" not in str(Delivery.objects.filter(pk=delivery.pk).values())
    data = delivery.paper.reveal_json("data")
    assert (data["receiver"], data["relation"]) == ("张小明", "本人")
    assert data["papers"][0]["number"] == case.decision.number
    assert not case.events.filter(note__contains="张小明").exists()


def test_titles_of_decisions() -> None:
    assert decision_title("01", granted=False) == "不予行政许可决定书"
    assert decision_title("05", granted=True) == "准予行政给付决定书"


def test_archive_after_delivery_only(office: Office) -> None:
    case = a_case_at(CaseState.CLOSED, office)
    with pytest.raises(TransitionRefused):
        intake.archive_case(case_id=case.pk, actor=office.reviewer)
