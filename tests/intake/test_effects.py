"""Silence and lateness have the effects the law gives them: once, by themselves, back-dated."""

import os
import signal
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.dispatch import Signal
from django.test import Client
from django.urls import reverse

from common.errors import StaleObject, TransitionRefused
from common.time import end_of_day, freeze
from deadlines.choices import ClockState, Debtor, Effect, StageKey, Verb
from deadlines.errors import EffectDue
from deadlines.models import Clock, ClockEvent, ClockRule, StageFire
from deadlines.services import (
    continue_reprojection,
    finish_clock,
    load_notice,
    sweep,
    verify_clocks,
)
from deadlines.signals import clock_started, stage_fired
from documents.models import IssuedNumber
from intake import services as intake
from intake.choices import CaseResult, CaseState, Channel, ClockPurpose, MaterialStatus, NoticeKind
from intake.models import Case, CaseEvent
from intake.rules.recounts import recount_words
from intake.services import Demand, MaterialInput, clocks
from notifications.models import InboxMessage
from organisations.services import system_user
from tests.factories.catalogue import published_item
from tests.factories.deadlines import moment, notice_2027
from tests.factories.intake import (
    Office,
    again,
    all_materials,
    an_application,
    an_office,
    reread,
    the_case,
    token_of,
)
from tests.forked import signal_that_ended

pytestmark = pytest.mark.django_db
# Wednesday; the day ends at midnight, five working days on the Wednesday after.
RECEIVED = moment("2026-11-25", "10:00")
MIDNIGHT = end_of_day(date(2026, 11, 25))
LATER = moment("2026-12-07", "08:00")
DEMANDS = [Demand("居民身份证", "未提交", "请提交")]


@pytest.fixture
def office() -> Office:
    with freeze(moment("2026-11-20")):
        return an_office()


def received(office: Office, **changes: Any) -> Case:
    """Handed in at the window at ten; nothing told yet."""
    with freeze(RECEIVED):
        return the_case(an_application(office, settle=False, **changes))


def correcting(office: Office) -> Case:
    """The notice names Wednesday, 2 December."""
    with freeze(RECEIVED):
        case = the_case(an_application(office, settle=False, materials=[]))
        return intake.request_correction(
            case_id=case.pk, actor=office.clerk, demands=DEMANDS, due_on=date(2026, 12, 2)
        )


def deferring(office: Office) -> Case:
    """Accepted, while the photographs follow by Wednesday, 2 December."""
    given = [one for one in all_materials(office.item) if one.name != "两寸照片"]
    photo = MaterialInput("两寸照片", status=MaterialStatus.DEFERRED, due_on=date(2026, 12, 2))
    with freeze(RECEIVED):
        return the_case(an_application(office, materials=[*given, photo]))


def online_licence(office: Office) -> Case:
    office.item = published_item(
        office.department, code="XK-1", name="经营许可", kind="01", promised_amount=5
    )
    with freeze(RECEIVED):
        return the_case(
            an_application(office, actor=office.client, window=None, channel=Channel.API)
        )


def swept(at: datetime) -> Any:
    with freeze(at):
        return sweep()


def last_event(case: Case) -> CaseEvent:
    return CaseEvent.objects.filter(case=case).order_by("-seq")[0]


def effects(case: Case) -> int:
    verbs = ("deem_accepted", "deem_withdrawn", "deem_renewed")
    return CaseEvent.objects.filter(case=case, verb__in=verbs).count()


def sound(case: Case) -> None:
    """One effect, one claim, clocks as their events say."""
    assert effects(case) == 1
    clocks = Clock.objects.filter(case_link__case=case)
    assert StageFire.objects.filter(clock__in=clocks, stage=StageKey.EFFECT).count() == 1
    assert list(verify_clocks()) == []


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(again(person), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_silence_at_the_window_accepts_from_the_receipt(office: Office) -> None:
    case = received(office, materials=[])
    assert swept(MIDNIGHT - timedelta(seconds=1)).failed == []
    assert reread(case).state == CaseState.RECEIVED
    swept(MIDNIGHT + timedelta(minutes=1))
    case = reread(case)
    assert (case.state, case.accepted_at) == (CaseState.ACCEPTED, RECEIVED)
    assert (case.deemed, case.deemed_at) == (Effect.DEEMED_ACCEPTED, RECEIVED)
    assert case.clock.started_at == RECEIVED
    event = last_event(case)
    assert event.verb == "deem_accepted"
    assert event.legal_basis == "安阳市政务服务条例第36条"
    assert event.at == MIDNIGHT + timedelta(minutes=1)
    assert event.data["effective_at"] == RECEIVED.isoformat()
    assert event.data["expired_at"] == MIDNIGHT.isoformat()
    assert event.data["recorded_at"] == event.at.isoformat()
    assert event.actor == system_user("sweep")
    sound(case)


def test_the_notice_says_that_the_law_accepted(office: Office) -> None:
    case = received(office, materials=[])
    swept(LATER)
    notice = case.notices.get()
    assert notice.kind == NoticeKind.ACCEPTANCE
    assert notice.paper.title == "受理通知书（视为受理）"
    data = notice.paper.reveal_json("data")
    assert data["accepted_on"] == "2026年11月25日"
    assert data["basis"] == "《安阳市政务服务条例》第三十六条"
    assert "居民身份证" in data["lacking"]


def test_the_lapsed_duty_is_a_late_one_with_its_card(office: Office) -> None:
    case = received(office)
    swept(LATER)
    lapsed = case.clocks.get(purpose=ClockPurpose.ACCEPTANCE).clock
    assert (lapsed.state, lapsed.finished_at) == (ClockState.LAPSED, MIDNIGHT)
    assert lapsed in Clock.objects.finished_late()
    stages = StageFire.objects.filter(clock=lapsed).values_list("stage", flat=True)
    assert list(stages)[-2:] == [StageKey.RED_STATUTE, StageKey.EFFECT]
    effect = ClockEvent.objects.get(clock=lapsed, verb=Verb.EFFECT)
    assert effect.data == {"effect": "deemed_accepted", "expired_at": MIDNIGHT.isoformat()}
    heads = InboxMessage.objects.visible_to(office.head).values_list("title", flat=True)
    assert [title for title in heads if "残疾人证" in title]


def test_an_accepted_case_feels_nothing(office: Office) -> None:
    with freeze(RECEIVED):
        case = the_case(an_application(office))
    swept(LATER)
    assert effects(case) == 0
    assert reread(case).deemed == ""


def test_a_licence_online_is_accepted_after_five_working_days(office: Office) -> None:
    case = online_licence(office)
    swept(moment("2026-12-02", "23:59"))
    assert reread(case).state == CaseState.SUBMITTED
    swept(end_of_day(date(2026, 12, 2)))
    case = reread(case)
    assert (case.state, case.accepted_at) == (CaseState.ACCEPTED, RECEIVED)
    assert last_event(case).legal_basis == "行政许可法第32条第1款第4项"
    assert not Clock.objects.open().filter(case_link__purpose=ClockPurpose.ACCEPTANCE)
    sound(case)


def test_online_other_items_only_bring_a_card(office: Office) -> None:
    with freeze(RECEIVED):
        made = an_application(office, actor=office.client, window=None, channel=Channel.API)
    swept(LATER)
    case = reread(the_case(made))
    assert (case.state, case.deemed) == (CaseState.SUBMITTED, "")
    assert StageFire.objects.filter(stage=StageKey.RED_STATUTE).count() == 1


def test_corrections_that_do_not_come_withdraw_the_application(office: Office) -> None:
    case, expired = correcting(office), end_of_day(date(2026, 12, 2))
    swept(expired - timedelta(minutes=1))
    assert reread(case).state == CaseState.CORRECTING
    swept(LATER)
    case = reread(case)
    assert (case.state, case.result) == (CaseState.WITHDRAWN, CaseResult.WITHDRAWN)
    assert (case.deemed, case.closed_at, case.deemed_at) == (
        Effect.DEEMED_WITHDRAWN,
        expired,
        expired,
    )
    assert not Clock.objects.open().filter(case_link__case=case)
    assert case.deemed_words == "期限于2026年12月2日届满，已视为撤回申请"
    sound(case)


def test_a_named_day_on_a_day_off_ends_on_the_next_working_day(office: Office) -> None:
    with freeze(RECEIVED):
        case = the_case(an_application(office, settle=False, materials=[]))
        intake.request_correction(
            case_id=case.pk, actor=office.clerk, demands=DEMANDS, due_on=date(2026, 12, 5)
        )
    swept(moment("2026-12-07", "23:00"))
    assert reread(case).state == CaseState.CORRECTING
    swept(end_of_day(date(2026, 12, 7)))
    assert reread(case).state == CaseState.WITHDRAWN


def test_a_partial_hand_in_holds_the_effect_and_is_a_fresh_receipt(office: Office) -> None:
    case = correcting(office)
    with freeze(moment("2026-12-02", "16:00")):
        intake.hand_in_correction(
            case_id=case.pk, actor=office.clerk, materials=[MaterialInput("居民身份证")]
        )
    swept(moment("2026-12-03", "08:00"))
    case = reread(case)
    assert (case.state, case.accepted_at) == (CaseState.ACCEPTED, moment("2026-12-02", "16:00"))


def test_what_follows_too_late_withdraws_an_accepted_case(office: Office) -> None:
    case = deferring(office)
    with freeze(moment("2026-11-26")):
        intake.begin_review(case_id=case.pk, actor=office.reviewer)
    swept(LATER)
    case = reread(case)
    assert (case.state, case.deemed) == (CaseState.WITHDRAWN, Effect.DEEMED_WITHDRAWN)
    assert last_event(case).legal_basis == "安阳市政务服务条例第24条"
    handling = case.clocks.get(purpose=ClockPurpose.HANDLING).clock
    assert (handling.state, handling.finished_at) == (
        ClockState.CANCELLED,
        end_of_day(date(2026, 12, 2)),
    )
    sound(case)


def test_ten_days_of_downtime_give_no_card_for_after_the_end(office: Office) -> None:
    case = deferring(office)
    swept(moment("2026-12-30", "08:00"))
    handling = case.clocks.get(purpose=ClockPurpose.HANDLING).clock
    late = StageFire.objects.filter(clock=handling, planned_for__gt=end_of_day(date(2026, 12, 2)))
    assert not late.exists()
    sound(reread(case))


def test_an_unverified_rule_only_reminds(office: Office) -> None:
    ClockRule.objects.filter(code="APP-02").update(confidence="check")
    case = received(office)
    swept(LATER)
    assert effects(case) == 0
    assert not StageFire.objects.filter(stage__in=(StageKey.EFFECT, StageKey.RED_STATUTE)).exists()


def test_before_the_citys_law_a_licence_has_its_five_days_at_the_window(office: Office) -> None:
    ClockRule.objects.filter(code="APP-02").update(effective_from=date(2027, 1, 1))
    office.item = published_item(
        office.department, code="XK-2", name="经营许可", kind="01", promised_amount=5
    )
    case = received(office)
    swept(moment("2026-11-27"))
    assert reread(case).state == CaseState.RECEIVED
    swept(end_of_day(date(2026, 12, 2)))
    assert reread(case).accepted_at == RECEIVED


def test_twice_is_once(office: Office) -> None:
    case = received(office)
    swept(LATER)
    assert swept(LATER).fires == []
    swept(LATER + timedelta(days=1))
    sound(reread(case))


# A clerk's late act, before any sweep came.


def test_a_late_clerk_finds_the_case_accepted_by_law(office: Office) -> None:
    case = received(office)
    address = reverse("admin:intake_case_do", args=(case.pk, "refuse_acceptance"))
    data = {"ground": "not_needed", "reason": "不需要许可", "row_version": case.row_version}
    with freeze(MIDNIGHT + timedelta(minutes=5)):
        page = browser(office.clerk).post(address, data)
    assert page.status_code == 409
    assert "已于2026年11月25日视为受理" in page.content.decode()
    case = reread(case)
    assert (case.state, case.accepted_at) == (CaseState.ACCEPTED, RECEIVED)
    assert last_event(case).actor == system_user("sweep")
    sound(case)
    swept(LATER)
    sound(case)


def test_a_late_hand_in_is_refused_by_api_too(office: Office) -> None:
    with freeze(RECEIVED):
        made = an_application(office, actor=office.client, window=None, channel=Channel.API)
    case = the_case(made)
    clock = case.clocks.get(purpose=ClockPurpose.ACCEPTANCE).clock
    with freeze(RECEIVED):
        finish_clock(clock_id=clock.pk, actor=office.client)
        clocks.start_acceptance(case, actor=office.client, online=False, at=RECEIVED)
        token = token_of(office.client)
    address = reverse("intake-case-verb", args=(case.number, "withdraw_case"))
    with freeze(LATER):
        answer = Client().post(
            address,
            {"note": "不办了", "wished": True, "row_version": case.row_version},
            content_type="application/json",
            headers={"authorization": f"Token {token}"},
        )
    assert answer.status_code == 409, answer.content
    assert answer.json()["code"] == "stale"
    assert reread(case).state == CaseState.ACCEPTED
    sound(reread(case))


def test_a_service_called_late_refuses_and_the_sweep_still_finds_the_effect(
    office: Office,
) -> None:
    case = correcting(office)
    with freeze(LATER), pytest.raises(TransitionRefused) as refused:
        intake.hand_in_correction(case_id=case.pk, actor=office.clerk, materials=[])
    assert "已视为撤回申请" in refused.value.reasons[0]
    swept(LATER)
    assert reread(case).state == CaseState.WITHDRAWN
    sound(reread(case))


def test_an_act_that_is_still_possible_meets_the_changed_case(office: Office) -> None:
    case = received(office)
    with freeze(LATER):
        with pytest.raises(StaleObject):
            intake.reassign_case(
                case_id=case.pk,
                actor=office.clerk,
                department=office.other_department,
                note="归口",
                expected_version=case.row_version,
            )
        intake.reassign_case(
            case_id=case.pk,
            actor=office.clerk,
            department=office.other_department,
            note="归口",
        )
    assert reread(case).state == CaseState.ACCEPTED
    sound(reread(case))


def test_an_act_before_the_end_prevents_the_effect(office: Office) -> None:
    case = received(office)
    with freeze(MIDNIGHT - timedelta(seconds=1)):
        intake.accept_case(case_id=case.pk, actor=office.clerk)
    swept(LATER)
    case = reread(case)
    assert (case.deemed, effects(case)) == ("", 0)


def test_a_clock_cannot_be_finished_past_an_effect(office: Office) -> None:
    case = received(office)
    with freeze(LATER), pytest.raises(EffectDue):
        finish_clock(clock_id=case.clock_id, actor=office.clerk)


# The head takes it back.


def annul(case: Case, office: Office) -> Case:
    with freeze(LATER):
        return intake.annul_effect(
            case_id=case.pk, actor=office.head, note="已当场书面告知，回证在卷，录入遗漏。"
        )


def test_an_acceptance_by_law_is_annulled(office: Office) -> None:
    case = received(office)
    swept(moment("2026-11-30"))
    with freeze(moment("2026-12-01")):
        intake.begin_review(case_id=case.pk, actor=office.reviewer)
    annul(case, office)
    case = reread(case)
    assert (case.state, case.deemed, case.accepted_at) == (CaseState.RECEIVED, "", None)
    assert case.handler == office.clerk
    assert case.clock.state == ClockState.RUNNING
    assert case.clock.started_at == RECEIVED
    assert not Clock.objects.open().filter(case_link__purpose=ClockPurpose.HANDLING)
    assert last_event(case).note == "已当场书面告知，回证在卷，录入遗漏。"
    [void] = IssuedNumber.objects.filter(series__key="intake.acceptance")
    assert void.void_reason == "已当场书面告知，回证在卷，录入遗漏。"
    assert void.paper == case.notices.get().paper
    swept(LATER + timedelta(days=3))
    case = reread(case)
    assert case.state == CaseState.RECEIVED
    sound(case)
    with freeze(LATER + timedelta(days=4)):
        intake.accept_case(case_id=case.pk, actor=office.clerk)
    assert list(verify_clocks()) == []


def test_a_withdrawal_by_law_is_annulled_and_the_review_goes_on(office: Office) -> None:
    case = deferring(office)
    with freeze(moment("2026-11-26")):
        intake.begin_review(case_id=case.pk, actor=office.reviewer)
    due = reread(case).clock.due_on
    swept(moment("2026-12-04"))
    annul(case, office)
    case = reread(case)
    assert (case.state, case.result, case.closed_at) == (
        CaseState.REVIEWING,
        CaseResult.NONE,
        None,
    )
    assert (case.clock.state, case.clock.due_on) == (ClockState.RUNNING, due)
    assert case.clocks.get(purpose=ClockPurpose.HANDLING).clock == case.clock
    swept(LATER + timedelta(days=2))
    assert reread(case).state == CaseState.REVIEWING
    sound(reread(case))


def test_corrections_whose_receipt_was_forgotten_can_be_recorded(office: Office) -> None:
    case = correcting(office)
    swept(moment("2026-12-04"))
    annul(case, office)
    assert reread(case).state == CaseState.CORRECTING
    with freeze(LATER):
        intake.hand_in_correction(
            case_id=case.pk, actor=office.clerk, materials=[MaterialInput("居民身份证")]
        )
    assert reread(case).state == CaseState.RECEIVED
    assert list(verify_clocks()) == []


def test_only_the_head_annuls_and_only_with_a_reason(office: Office) -> None:
    case = received(office)
    swept(moment("2026-11-30"))
    address = reverse("admin:intake_case_do", args=(case.pk, "annul_effect"))
    with freeze(LATER):
        assert "annul" not in browser(office.reviewer).get(address).content.decode()
        with pytest.raises(TransitionRefused):
            intake.annul_effect(case_id=case.pk, actor=office.reviewer, note="x")
        version = reread(case).row_version
        head = browser(office.head)
        assert head.post(address, {"note": "", "row_version": version}).status_code == 422
        done = head.post(address, {"note": "回证在卷", "row_version": version})
    assert done.status_code == 302
    assert reread(case).state == CaseState.RECEIVED


def test_a_case_withdrawn_by_wish_is_not_annulled(office: Office) -> None:
    case = received(office)
    swept(moment("2026-11-30"))
    with freeze(LATER):
        intake.withdraw_case(case_id=case.pk, actor=office.clerk, note="不办了")
        with pytest.raises(TransitionRefused):
            intake.annul_effect(case_id=case.pk, actor=office.head, note="x")


# What people read.


def test_the_citizen_reads_it_in_plain_words(office: Office) -> None:
    case = received(office)
    swept(moment("2026-11-30"))
    application = case.application
    assert "已于2026年11月25日视为受理" in progress_page(case)
    answer = Client().get(
        reverse("intake-progress"),
        {"receipt": application.number, "check": application.check_code},
    )
    assert answer.json()["cases"][0]["deemed"] == "已于2026年11月25日视为受理"


def test_the_case_page_shows_both_moments(office: Office) -> None:
    case = received(office)
    swept(moment("2026-11-30", "08:30"))
    page = browser(office.clerk).get(reverse("admin:intake_case_change", args=(case.pk,)))
    text = page.content.decode()
    assert "已于2026年11月25日视为受理" in text
    assert "2026-11-30 08:30" in text


def test_a_rehearsal_names_the_effects_and_changes_nothing(office: Office) -> None:
    case, out = received(office), StringIO()
    with freeze(RECEIVED):
        call_command("sweep", at="2026-11-26T00:05", stdout=out)
    assert "视为受理" in out.getvalue()
    assert reread(case).state == CaseState.RECEIVED
    assert CaseEvent.objects.filter(verb="deem_accepted").count() == 0


def test_verify_finds_an_effect_that_only_the_claim_knows(office: Office) -> None:
    case = received(office)
    assert list(verify_clocks()) == []
    StageFire.objects.create(
        clock=case.clock,
        epoch=case.clock.epoch,
        stage=StageKey.EFFECT,
        planned_for=MIDNIGHT,
        fired_at=MIDNIGHT,
        late_by=timedelta(),
    )
    assert any(
        "1 claimed, 0 happened" in fault for _clock, faults in verify_clocks() for fault in faults
    )


def test_a_printed_day_that_moved_shows_old_new_and_the_one_that_binds(office: Office) -> None:
    with freeze(moment("2026-12-10")):
        case = the_case(an_application(office))
        before = case.clock.due_on
        load_notice(notice=notice_2027(), actor=office.administrator)
        continue_reprojection()
        after = reread(case).clock.due_on
        page = browser(office.clerk).get(reverse("admin:intake_case_change", args=(case.pk,)))
        seen = progress_page(case)
    assert before != after
    text = recount_words(Debtor.UNIT, before, after, after, promise=True)
    assert text in page.content.decode()
    assert text in seen


def progress_page(case: Case) -> str:
    application = case.application
    data = {"receipt": application.number, "check": application.check_code}
    return Client().post(reverse("intake:progress"), data, follow=True).content.decode()


# Whatever goes wrong.


def race(count: int, act: Callable[[], Any]) -> None:
    barrier = threading.Barrier(count)

    def run() -> None:
        try:
            barrier.wait()
            act()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_four_racing_sweepers_carry_out_everything_once() -> None:
    with freeze(moment("2026-11-20")):
        office = an_office()
    system_user("sweep")
    cases = [received(office), correcting(office), deferring(office)]
    race(4, lambda: swept(LATER))
    swept(LATER + timedelta(minutes=2))
    states = [reread(case).state for case in cases]
    assert states == [CaseState.ACCEPTED, CaseState.WITHDRAWN, CaseState.WITHDRAWN]
    for case in cases:
        sound(case)


@pytest.mark.django_db(transaction=True)
def test_a_clerk_and_a_sweep_at_once_are_one_effect() -> None:
    with freeze(moment("2026-11-20")):
        office = an_office()
    system_user("sweep")
    case, refused = received(office), list[str]()

    def clerk() -> None:
        with freeze(LATER):
            try:
                intake.settle_case(case_id=case.pk)
                intake.accept_case(case_id=case.pk, actor=office.clerk)
            except TransitionRefused as fault:
                refused.append(fault.reasons[0])

    acts = iter([clerk, lambda: swept(LATER)])
    lock = threading.Lock()

    def one() -> None:
        with lock:
            act = next(acts)
        act()

    race(2, one)
    swept(LATER + timedelta(minutes=2))
    assert refused == ["已于2026年11月25日视为受理"]
    sound(reread(case))


def sweep_and_die(fact: Signal) -> None:
    """Sweep; SIGKILL when the fact is stated: a card is written, or the effect is half done."""

    def die(**facts: Any) -> None:
        if "fire" not in facts or facts["fire"].stage == StageKey.RED_STATUTE:
            os.kill(os.getpid(), signal.SIGKILL)

    fact.connect(die)
    swept(LATER)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fact", [stage_fired, clock_started])
def test_a_killed_sweep_loses_and_doubles_nothing(fact: Signal) -> None:
    with freeze(moment("2026-11-20")):
        office = an_office()
    case = received(office)
    assert signal_that_ended(lambda: sweep_and_die(fact)) == signal.SIGKILL
    assert reread(case).state == CaseState.RECEIVED
    assert effects(case) == 0
    swept(LATER + timedelta(minutes=1))
    assert reread(case).state == CaseState.ACCEPTED
    sound(case)
    assert case.notices.count() == 1
