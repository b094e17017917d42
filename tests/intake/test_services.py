"""What each verb of intake changes, tells, prints, and refuses."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from common import time
from common.errors import InvalidInput, StaleObject, TransitionRefused
from common.events import chain_faults
from deadlines.choices import ClockState, Debtor
from documents.models import Paper
from intake import services
from intake.choices import (
    CaseResult,
    CaseState,
    Channel,
    ClockPurpose,
    Desk,
    MaterialStatus,
    RefusalGround,
)
from intake.errors import (
    DepartmentUnchanged,
    DueDateUnusable,
    FileNotYours,
    InvalidApplicant,
    ItemNotAcceptedHere,
    MaterialUnknown,
    NameDiffers,
    NoItemChosen,
    NothingToCorrect,
    OtherDesk,
    SubmittedAlready,
)
from intake.models import Applicant, Application, Case, CaseEvent
from intake.services import Demand, ItemOrder, MaterialInput
from intake.services.opening import deciding_unit
from intake.signals import second_notice_told
from notifications.models import InboxMessage
from tests.factories.catalogue import make_department, published_item
from tests.factories.deadlines import moment
from tests.factories.documents import make_attachment
from tests.factories.intake import (
    Office,
    a_case_at,
    again,
    an_applicant,
    an_application,
    an_office,
    reread,
    the_case,
    valid_credit_code,
)

pytestmark = pytest.mark.django_db
DEMANDS = [Demand("居民身份证", "未提交", "请提交")]


@pytest.fixture
def office() -> Office:
    return an_office()


def soon(days: int = 7) -> date:
    return time.today() + timedelta(days=days)


@pytest.mark.parametrize("state", CaseState.values)
def test_it_works_to_every_state_with_a_sound_chain(office: Office, state: str) -> None:
    case = a_case_at(state, office)
    assert case.state == state
    events = list(CaseEvent.objects.for_subject(case.pk))
    assert chain_faults(events) == []
    assert all(event.label for event in events)
    over = state in {"archived", "delivered", "returned", "refused_acceptance", "withdrawn"}
    live = case.clocks.filter(clock__state__in=(ClockState.RUNNING, ClockState.PAUSED))
    assert live.exists() is (
        not over and state not in {"draft", "closed", "awaiting_delivery", "terminated"}
    )


def test_receipt_number_check_characters_and_paper_at_once(office: Office) -> None:
    with time.travel(moment("2026-11-24", "14:05")):
        first = an_application(office)
        second = an_application(office)
    assert first.number == "BG410503004-20261124-0001"
    assert second.number == "BG410503004-20261124-0002"
    assert first.check_code != second.check_code
    data = first.receipt.reveal_json("data")
    assert data["received_at_text"] == "2026年11月24日 14时05分"
    assert data["items"][0]["promised_due"] == "2026年12月15日"
    assert data["progress_code"] == first.check_code


def test_personal_data_are_sealed_and_found_by_blind_index(office: Office) -> None:
    application = an_application(office)
    person = application.applicant
    raw = Applicant.objects.filter(pk=person.pk).values()[0]
    number = person.reveal("id_number")
    assert number not in str(raw)
    assert "张小明" not in str(raw)
    assert Applicant.objects.with_id("31", number.lower()).get() == person
    assert application.answers_to(office.item.current_id) == {"disability_kind": "肢体"}


def test_an_erased_person_leaves_no_name_and_a_sound_chain(office: Office) -> None:
    case = the_case(an_application(office))
    person = case.application.applicant
    assert person.reveal("name") == "张小明"
    person.data_key.erase()
    assert Applicant.objects.get(pk=person.pk).reveal("name") == ""
    assert reread(case).application.answers_to(case.version_id) == {}
    events = list(CaseEvent.objects.for_subject(case.pk))
    assert events
    assert chain_faults(events) == []


def test_an_applicant_is_one_row_by_identity_paper(office: Office) -> None:
    who = an_applicant()
    first = an_application(office, applicant=who)
    second = an_application(office, applicant=replace(who, mobile="13900001111"))
    assert first.applicant == second.applicant
    assert Applicant.objects.get().reveal("mobile") == "13900001111"
    with pytest.raises(NameDiffers):
        an_application(office, applicant=replace(who, name="李四"))
    an_application(office, applicant=replace(who, name="李四", confirm_name=True))
    assert Applicant.objects.get().reveal("name") == "李四"


def test_an_organisation_applies_by_credit_code(office: Office) -> None:
    firm = an_applicant(
        kind="organisation", id_type="51", id_number=valid_credit_code(), name="安阳某某有限公司"
    )
    case = the_case(an_application(office, applicant=firm))
    assert case.application.applicant.masked_name == "安阳某某有限公司"
    with pytest.raises(InvalidApplicant) as fault:
        an_application(office, applicant=replace(firm, id_number="91110000600037341M"))
    assert "id_number" in fault.value.fields


def test_only_items_in_force_and_accepted_here_open_cases(office: Office) -> None:
    community = published_item(
        office.department, code="C-1", name="社区事项", accept_levels=["community"]
    )
    guide = published_item(office.department, code="Q-1", name="查询事项")
    guide.nature = "query"
    guide.save()
    for item in (community, guide):
        with pytest.raises(ItemNotAcceptedHere):
            an_application(office, items=[item], materials=[])
    version = office.item.current_id
    office.item.current = None
    office.item.save()
    with pytest.raises(ItemNotAcceptedHere):
        an_application(office, orders=[ItemOrder(version)])
    with pytest.raises(NoItemChosen):
        an_application(office, orders=[])
    assert not Application.objects.exists()


def test_no_material_outside_the_guide_and_no_file_of_another(office: Office) -> None:
    with pytest.raises(MaterialUnknown):
        an_application(office, materials=[MaterialInput("其他材料")])
    scan = make_attachment(actor=office.other_clerk)
    with pytest.raises(FileNotYours):
        an_application(office, materials=[MaterialInput("居民身份证", attachment_ids=(scan.pk,))])


def test_acceptance_duty_same_day_at_the_window_one_working_day_online(office: Office) -> None:
    with time.travel(moment("2026-11-27", "16:00")):  # a Friday
        window = a_case_at(CaseState.RECEIVED, office)
        online = a_case_at(CaseState.SUBMITTED, office)
    assert window.clock.due_on == date(2026, 11, 27)
    assert online.clock.due_on == date(2026, 11, 30)
    assert (window.clock.rule.code, online.clock.rule.code) == ("APP-02", "APP-03")
    assert window.clock.department == office.point.unit


def test_acceptance_finishes_its_clock_and_the_department_owes_the_decision(
    office: Office,
) -> None:
    case = a_case_at(CaseState.ACCEPTED, office)
    purposes = {link.purpose: link.clock for link in case.clocks.select_related("clock")}
    assert purposes[ClockPurpose.ACCEPTANCE].state == ClockState.FINISHED
    assert case.clock == purposes[ClockPurpose.HANDLING]
    assert case.clock.department == office.department
    assert case.clock.debtor == Debtor.UNIT
    assert (case.desk, case.handler) == (Desk.DEPARTMENT, None)


def test_an_incomplete_case_is_not_accepted_and_says_what_is_missing(office: Office) -> None:
    case = the_case(an_application(office, materials=[], settle=False))
    with pytest.raises(TransitionRefused) as fault:
        services.accept_case(case_id=case.pk, actor=office.clerk)
    assert "居民身份证" in fault.value.reasons[0]
    assert reread(case).state == CaseState.RECEIVED


def test_one_notice_and_only_the_head_may_tell_a_second_one(office: Office) -> None:
    told = []
    second_notice_told.connect(
        lambda reason, **_kw: told.append(reason), weak=False, dispatch_uid="t"
    )
    case = a_case_at(CaseState.CORRECTING, office)
    assert case.clock.debtor == Debtor.APPLICANT
    assert case.clock.due_on >= soon()
    services.hand_in_correction(
        case_id=case.pk, actor=office.clerk, materials=[MaterialInput("残疾人证申请表")]
    )
    case = reread(case)
    assert case.state == CaseState.RECEIVED
    assert case.clock.due_on == time.today()
    with pytest.raises(TransitionRefused):
        services.request_correction(
            case_id=case.pk, actor=office.clerk, demands=DEMANDS, due_on=soon()
        )
    with pytest.raises(TransitionRefused):
        services.repeat_correction(
            case_id=case.pk, actor=office.clerk, demands=DEMANDS, due_on=soon(), note="x"
        )
    services.repeat_correction(
        case_id=case.pk, actor=office.head, demands=DEMANDS, due_on=soon(), note="首次告知有遗漏"
    )
    second_notice_told.disconnect(dispatch_uid="t")
    assert told == ["首次告知有遗漏"]
    assert reread(case).correction_count == 2
    assert case.notices.count() == 2


def test_a_notice_asks_for_something_by_a_day_that_lies_ahead(office: Office) -> None:
    case = the_case(an_application(office, materials=[], settle=False))
    with pytest.raises(NothingToCorrect):
        services.request_correction(case_id=case.pk, actor=office.clerk, demands=[], due_on=soon())
    with pytest.raises(DueDateUnusable):
        services.request_correction(
            case_id=case.pk, actor=office.clerk, demands=DEMANDS, due_on=time.today()
        )
    assert reread(case).state == CaseState.RECEIVED
    assert not case.notices.exists()


def test_deferred_materials_come_before_the_promise_and_end_their_clock(office: Office) -> None:
    given = [
        MaterialInput("残疾人证申请表"),
        MaterialInput("居民身份证"),
        MaterialInput("两寸照片", status=MaterialStatus.DEFERRED, due_on=soon(5)),
    ]
    case = the_case(an_application(office, materials=given))
    deferral = case.clocks.get(purpose=ClockPurpose.DEFERRAL).clock
    assert deferral.debtor == Debtor.APPLICANT
    services.add_materials(
        case_id=case.pk, actor=office.clerk, materials=[MaterialInput("两寸照片")]
    )
    deferral.refresh_from_db()
    assert deferral.state == ClockState.FINISHED
    late = [*given[:2], replace(given[2], due_on=soon(90))]
    with pytest.raises(DueDateUnusable):
        an_application(office, materials=late)


def test_refusal_names_ground_organ_and_remedies(office: Office) -> None:
    case = a_case_at(CaseState.RECEIVED, office)
    with pytest.raises(InvalidInput):
        services.refuse_acceptance(
            case_id=case.pk,
            actor=office.clerk,
            ground=RefusalGround.NOT_COMPETENT,
            reason="户籍在文峰区",
        )
    services.refuse_acceptance(
        case_id=case.pk,
        actor=office.clerk,
        ground=RefusalGround.NOT_COMPETENT,
        reason="户籍在文峰区",
        proper_organ="安阳市文峰区残疾人联合会",
    )
    case = reread(case)
    assert (case.state, case.result) == (CaseState.REFUSED_ACCEPTANCE, CaseResult.NOT_ACCEPTED)
    data = case.notices.get().paper.reveal_json("data")
    assert data["proper_organ"] == "安阳市文峰区残疾人联合会"
    assert data["court"] == "安阳市北关区人民法院"
    assert data["basis"] == "《安阳市政务服务条例》第三十六条"


def test_hand_over_moves_the_clock_and_never_restarts_it(office: Office) -> None:
    case = a_case_at(CaseState.ACCEPTED, office)
    before = case.clock.due_at
    with pytest.raises(DepartmentUnchanged):
        services.reassign_case(
            case_id=case.pk, actor=office.clerk, department=office.department, note="x"
        )
    services.reassign_case(
        case_id=case.pk, actor=office.clerk, department=office.other_department, note="职责划转"
    )
    case = reread(case)
    assert case.department == case.clock.department == office.other_department
    assert case.clock.due_at == before
    assert not Case.objects.visible_to(office.reviewer).exists()
    assert Case.objects.visible_to(office.other_reviewer).get() == case


def test_a_closed_case_has_no_running_clock(office: Office) -> None:
    case = a_case_at(CaseState.SUSPENDED, office)
    services.withdraw_case(case_id=case.pk, actor=office.clerk, note="不办了")
    states = set(case.clocks.values_list("clock__state", flat=True))
    assert not states & {ClockState.RUNNING, ClockState.PAUSED}
    assert reread(case).result == CaseResult.WITHDRAWN


def test_a_colleague_was_faster(office: Office) -> None:
    case = a_case_at(CaseState.RECEIVED, office)
    services.add_materials(case_id=case.pk, actor=office.clerk, materials=[])
    with pytest.raises(StaleObject):
        services.accept_case(case_id=case.pk, actor=office.clerk, expected_version=case.row_version)
    assert reread(case).state == CaseState.RECEIVED


def test_another_street_and_another_department_are_refused(office: Office) -> None:
    case = a_case_at(CaseState.RECEIVED, office)
    with pytest.raises(OtherDesk):
        services.accept_case(case_id=case.pk, actor=office.other_clerk)
    services.accept_case(case_id=case.pk, actor=office.clerk)
    with pytest.raises(OtherDesk):
        services.begin_review(case_id=case.pk, actor=office.other_reviewer)


def test_who_decides_follows_the_level(office: Office) -> None:
    unit = make_department("区卫健委")
    district = published_item(unit, code="D-1", name="区级").current
    street = published_item(unit, code="S-1", name="街道", decide_level="street").current
    assert deciding_unit(district, office.point) == unit
    assert deciding_unit(street, office.point) == office.point.unit


def test_a_licence_owes_delivery_within_ten_working_days(office: Office) -> None:
    licence = published_item(office.department, code="L-1", name="许可事项", kind="01")
    office.item = licence
    refused = a_case_at(CaseState.REFUSED_ACCEPTANCE, office)
    assert "第三十二条" in refused.notices.get().paper.reveal_json("data")["basis"]
    case = a_case_at(CaseState.CLOSED, office)
    assert case.clocks.filter(purpose=ClockPurpose.DELIVERY).exists()
    assert case.clock.rule.code == "APP-10"
    case = a_case_at(CaseState.DELIVERED, office)
    assert case.clock.state == ClockState.FINISHED


def test_the_same_token_is_one_application(office: Office) -> None:
    who = an_applicant()
    first = an_application(office, applicant=who, submission_token="t-1")
    assert an_application(office, applicant=who, submission_token="t-1") == first
    assert Application.objects.count() == 1


def test_a_used_token_never_swallows_another_application(office: Office) -> None:
    who, second = an_applicant(), published_item(office.department, code="T-2", name="第二项")
    first = an_application(office, applicant=who, submission_token="t-1")
    for other in ({"applicant": an_applicant()}, {"applicant": who, "items": [second]}):
        with pytest.raises(SubmittedAlready) as fault:
            an_application(office, submission_token="t-1", **other)
        assert fault.value.details == {"application": first.number}
    with pytest.raises(SubmittedAlready):
        an_application(office, applicant=who, submission_token="t-1", actor=office.other_clerk)
    assert Application.objects.get() == first


def test_a_receipt_belongs_to_the_one_department_of_its_cases(office: Office) -> None:
    second = published_item(office.department, code="R-2", name="同科室事项")
    foreign = published_item(office.other_department, code="R-3", name="别科室事项")
    together = an_application(office, items=[office.item, second])
    apart = an_application(office, items=[office.item, foreign])
    assert together.receipt.department == office.department
    assert Paper.objects.visible_to(again(office.reviewer)).filter(pk=together.receipt_id).exists()
    assert apart.receipt.department is None


def test_an_online_application_waits_for_the_window(office: Office) -> None:
    case = a_case_at(CaseState.SUBMITTED, office)
    assert case.application.channel == Channel.API
    assert case.handler is None
    assert InboxMessage.objects.filter(recipient=office.clerk).exists()
    assert Case.objects.on_desk_of(again(office.clerk)).get() == case
    assert not Case.objects.on_desk_of(again(office.other_clerk)).exists()
    services.receive_case(case_id=case.pk, actor=office.clerk)
    clock = reread(case).clock
    assert clock.rule.code == "APP-03"
    services.accept_case(case_id=case.pk, actor=office.clerk)
    assert reread(case).state == CaseState.ACCEPTED


def test_the_result_waits_on_the_desk_where_it_is_handed_out(office: Office) -> None:
    closed = a_case_at(CaseState.CLOSED, office)
    assert Case.objects.on_desk_of(again(office.reviewer)).get() == closed
    ready = services.mark_awaiting_delivery(case_id=closed.pk, actor=office.reviewer)
    assert Case.objects.on_desk_of(again(office.clerk)).get() == ready
    assert not Case.objects.on_desk_of(again(office.reviewer)).exists()
