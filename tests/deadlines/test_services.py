"""Verbs of a clock: what each makes true, and what each refuses."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from common.errors import NotFound
from common.events import chain_faults
from common.time import end_of_day, freeze
from deadlines.choices import ClockState, Debtor, Light, StageKey, Unit, Verb
from deadlines.errors import (
    ActInFuture,
    ClockClosed,
    ExtensionRefused,
    InvalidLimit,
    NothingToAnswer,
    NotPaused,
    PauseRefused,
    PromiseOverStatute,
    StartInFuture,
)
from deadlines.models import CalendarVersion, Clock, ClockEvent, ClockRule, StageFire
from deadlines.rules import Limit
from deadlines.services import (
    SubjectFacts,
    cancel_clock,
    differences,
    extend_clock,
    finish_clock,
    load_shipped_calendar,
    load_shipped_rules,
    pause_clock,
    reassign_clock,
    resume_clock,
    retell_pause,
    settle_unanswered,
    start_clock,
    sweep,
    verify_clocks,
)
from tests.factories.deadlines import STREET, Desk, a_clock, a_desk, moment, workdays

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return a_desk()


def pause(clock: Clock, desk: Desk, at: str, until: str, **more: object) -> Clock:
    given = {"ground": "听证", "legal_basis": "行政许可法第45条"} | more
    with freeze(moment(at)):
        return pause_clock(
            clock_id=clock.pk, actor=desk.handler, told_until=date.fromisoformat(until), **given
        )


def resume(clock: Clock, desk: Desk, at: str, **more: object) -> Clock:
    with freeze(moment(at)):
        return resume_clock(clock_id=clock.pk, actor=desk.handler, **more)


def finish(clock: Clock, desk: Desk, at: str) -> Clock:
    with freeze(moment(at)):
        return finish_clock(clock_id=clock.pk, actor=desk.handler)


def stages(clock: Clock) -> list[str]:
    fresh = Clock.objects.get(pk=clock.pk)
    return list(StageFire.objects.of_epoch(fresh).values_list("stage", flat=True))


def test_it_works(desk: Desk) -> None:
    clock = a_clock(desk)
    assert (clock.promised_due_on, clock.statutory_due_on) == (
        date(2021, 12, 10),
        date(2021, 12, 31),
    )
    assert clock.due_at == end_of_day(date(2021, 12, 10))
    assert clock.next_stage_at == moment("2021-12-08", "17:30")
    assert clock.verified
    assert clock.rule.code == "APP-07"
    event = clock.events.get()
    assert (event.verb, event.legal_basis[:4]) == (Verb.START, "行政许可")
    assert list(verify_clocks()) == []


def test_a_fresh_database_has_calendar_and_rules() -> None:
    assert CalendarVersion.objects.newest().official_until == date(2026, 12, 31)
    assert ClockRule.objects.count() == 62
    assert load_shipped_rules() == 0
    assert load_shipped_calendar() == CalendarVersion.objects.get()


def test_a_changed_rule_becomes_a_new_version() -> None:
    ClockRule.objects.filter(code="APP-07").update(amount=30)
    assert load_shipped_rules() == 1
    assert ClockRule.objects.current("APP-07", date(2026, 1, 1)).version == 2


def test_the_rule_in_force_on_the_start_day_governs() -> None:
    rules = ClockRule.objects
    assert rules.current("APP-02", date(2021, 11, 30)) is None
    assert rules.current("APP-02", date(2021, 12, 1)).limit() == Limit(0, Unit.SAME_DAY)
    assert rules.current("APP-16", date(2022, 1, 1)).promised_limit() == workdays(0)
    assert not rules.current("PEN-02", date(2022, 1, 1)).is_verified
    assert rules.current("APP-07", date(2022, 1, 1)).grounds[0] == "听证"


@pytest.mark.parametrize(
    ("promised", "statutory", "error"),
    [(None, None, InvalidLimit), (21, 20, PromiseOverStatute)],
)
def test_bad_terms_are_refused(
    desk: Desk, promised: int | None, statutory: int | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        a_clock(desk, promised=promised, statutory=statutory)
    assert Clock.objects.count() == 0


def test_a_promise_in_another_unit_is_capped_where_a_holiday_makes_it_the_longer(
    desk: Desk,
) -> None:
    """法律援助法43: seven days; three working days end later when the Spring Festival lies between."""
    facts = SubjectFacts("case", "x", "1", STREET, desk.department)
    with freeze(moment("2022-01-29")):
        clock = start_clock(
            actor=desk.handler,
            subject=facts,
            statutory=Limit(7, Unit.CALENDAR_DAY),
            promised=workdays(3),
        )
    assert clock.promised_due_on == clock.statutory_due_on == date(2022, 2, 5)


def test_no_clock_starts_in_the_future(desk: Desk) -> None:
    facts = SubjectFacts("case", "x", "1", STREET, desk.department)
    with freeze(moment("2021-12-03")), pytest.raises(StartInFuture):
        start_clock(
            actor=desk.handler,
            subject=facts,
            statutory=workdays(5),
            promised=None,
            started_at=moment("2021-12-04"),
        )


def test_a_named_day_before_the_start_is_refused(desk: Desk) -> None:
    facts = SubjectFacts("order", "x", "1", STREET, desk.department, debtor=Debtor.PARTY)
    with freeze(moment("2021-12-03")), pytest.raises(InvalidLimit):
        start_clock(
            actor=desk.handler,
            subject=facts,
            statutory=Limit(0, Unit.NAMED_DATE, date(2021, 12, 2)),
            promised=None,
        )


def test_a_pause_moves_both_dues_and_ends_with_the_result(desk: Desk) -> None:
    clock = a_clock(desk, promised=10)
    paused = pause(clock, desk, "2021-12-11", "2021-12-31")
    assert (paused.state, paused.told_until) == (ClockState.PAUSED, date(2021, 12, 31))
    assert paused.promise_stopped
    assert paused.statute_stopped
    running = resume(clock, desk, "2021-12-19")
    assert running.promised_due_on == date(2021, 12, 24)
    assert (running.state, running.told_until) == (ClockState.RUNNING, None)
    assert differences(running) == []


def test_no_more_days_than_were_told_are_taken_out(desk: Desk) -> None:
    clock = a_clock(desk, promised=None, statutory=10)
    pause(clock, desk, "2021-12-11", "2021-12-15")
    assert resume(clock, desk, "2021-12-19").statutory_due_on == date(2021, 12, 22)


def test_a_later_end_told_in_time_counts(desk: Desk) -> None:
    clock = a_clock(desk, promised=None, statutory=10)
    pause(clock, desk, "2021-12-11", "2021-12-15")
    with freeze(moment("2021-12-15")):
        retell_pause(clock_id=clock.pk, actor=desk.handler, told_until=date(2021, 12, 19))
    assert resume(clock, desk, "2021-12-19").statutory_due_on == date(2021, 12, 24)


def test_a_later_end_told_too_late_is_refused(desk: Desk) -> None:
    clock = a_clock(desk, promised=None, statutory=10)
    pause(clock, desk, "2021-12-11", "2021-12-15")
    with freeze(moment("2021-12-16")), pytest.raises(PauseRefused):
        retell_pause(clock_id=clock.pk, actor=desk.handler, told_until=date(2021, 12, 19))


def test_two_pauses_at_once_are_united(desk: Desk) -> None:
    clock = a_clock(desk, promised=None, statutory=10)
    pause(clock, desk, "2021-12-06", "2021-12-10")
    pause(clock, desk, "2021-12-08", "2021-12-14", ground="检测")
    assert resume(clock, desk, "2021-12-10", pause=0).state == ClockState.PAUSED
    done = resume(clock, desk, "2021-12-14")
    assert (done.state, done.statutory_due_on) == (ClockState.RUNNING, date(2021, 12, 27))


def test_a_ground_that_a_rule_lists_in_a_row_stops_it(desk: Desk) -> None:
    clock = a_clock(desk, rule="PEN-01", promised=None, statutory=20)
    paused = pause(clock, desk, "2021-12-08", "2021-12-14", ground="鉴定")
    assert paused.state == ClockState.PAUSED
    with pytest.raises(PauseRefused):
        pause(
            a_clock(desk, rule="PEN-01", promised=None),
            desk,
            "2021-12-08",
            "2021-12-14",
            ground="拍卖",
        )


def test_a_site_survey_leaves_the_statute_running(desk: Desk) -> None:
    clock = a_clock(desk, promised=15)
    paused = pause(clock, desk, "2021-12-08", "2021-12-17", ground="现场勘验", stops_statute=False)
    assert (paused.promised_due_on, paused.statutory_due_on) == (date(2021, 12, 31),) * 2
    assert not paused.statute_stopped
    assert paused.plan[StageKey.RED_STATUTE] == end_of_day(date(2021, 12, 31)).isoformat()


@pytest.mark.parametrize(
    ("at", "until", "more"),
    [
        ("2021-12-06", "2021-12-05", {}),
        ("2021-12-31", "2022-01-10", {}),
        ("2021-12-06", "2021-12-10", {"ground": "现场勘验"}),
        ("2021-12-06", "2021-12-10", {"ground": "领导出差"}),
    ],
)
def test_bad_pauses_are_refused(desk: Desk, at: str, until: str, more: dict[str, str]) -> None:
    clock = a_clock(desk, promised=None)
    with pytest.raises(PauseRefused):
        pause(clock, desk, at, until, **more)
    assert ClockEvent.objects.filter(clock=clock, verb=Verb.PAUSE).count() == 0


def test_only_a_paused_clock_is_resumed(desk: Desk) -> None:
    with pytest.raises(NotPaused):
        resume(a_clock(desk), desk, "2021-12-06")


def extend(clock: Clock, desk: Desk, at: str, amount: int) -> Clock:
    with freeze(moment(at)):
        return extend_clock(clock_id=clock.pk, actor=desk.head, amount=amount, reason="案情复杂")


def test_an_extension_moves_the_statute_once(desk: Desk) -> None:
    clock = a_clock(desk)
    longer = extend(clock, desk, "2021-12-30", 10)
    assert longer.statutory_due_on == date(2022, 1, 17)
    assert longer.promised_due_on == date(2021, 12, 10)
    assert differences(longer) == []
    with pytest.raises(ExtensionRefused):
        extend(clock, desk, "2021-12-31", 1)


@pytest.mark.parametrize(
    ("rule", "at", "amount"),
    [
        ("APP-07", "2021-12-06", 11),
        ("APP-07", "2021-12-06", 0),
        ("APP-07", "2022-01-01", 5),
        ("APP-10", "2021-12-06", 5),
        ("", "2021-12-06", 5),
    ],
)
def test_bad_extensions_are_refused(desk: Desk, rule: str, at: str, amount: int) -> None:
    clock = a_clock(desk, rule=rule)
    with pytest.raises(ExtensionRefused):
        extend(clock, desk, at, amount)


def test_a_finished_clock_keeps_its_dues_and_fires_nothing(desk: Desk) -> None:
    clock = finish(a_clock(desk), desk, "2021-12-09")
    assert (clock.state, clock.next_stage_at, clock.plan) == (ClockState.FINISHED, None, {})
    assert clock.due_on == date(2021, 12, 10)
    assert sweep(at=moment("2022-03-01")).fired == 0
    assert stages(clock) == [StageKey.REMIND]
    for verb in (finish, resume):
        with pytest.raises(ClockClosed):
            verb(clock, desk, "2021-12-10")


def test_finishing_settles_what_a_late_sweep_missed(desk: Desk) -> None:
    clock = finish(a_clock(desk), desk, "2021-12-13")
    assert stages(clock) == [StageKey.REMIND, StageKey.WARN, StageKey.YELLOW]
    assert clock.light == Light.YELLOW
    assert differences(clock) == []


def test_finishing_ends_an_open_pause(desk: Desk) -> None:
    clock = a_clock(desk, promised=None, statutory=10)
    pause(clock, desk, "2021-12-11", "2021-12-31")
    done = finish(clock, desk, "2021-12-19")
    assert (done.statutory_due_on, done.told_until) == (date(2021, 12, 24), None)
    assert differences(done) == []


def test_a_cancelled_clock_says_why(desk: Desk) -> None:
    clock = a_clock(desk)
    with freeze(moment("2021-12-06")):
        cancel_clock(clock_id=clock.pk, actor=desk.handler, reason="申请人撤回")
    event = clock.events.get(verb=Verb.CANCEL)
    assert (event.note, event.actor) == ("申请人撤回", desk.handler)


def test_reassigning_moves_no_due(desk: Desk) -> None:
    clock = a_clock(desk)
    with freeze(moment("2021-12-06")):
        moved = reassign_clock(
            clock_id=clock.pk, actor=desk.head, department=desk.department, handler=desk.stand_in
        )
    assert (moved.handler, moved.epoch, moved.due_on) == (desk.stand_in, 1, clock.due_on)


def test_an_answer_cancels_the_red_for_silence(desk: Desk) -> None:
    clock = a_clock(desk)
    sweep(at=end_of_day(date(2021, 12, 10)))
    clock.refresh_from_db()
    assert clock.next_stage_at == end_of_day(date(2021, 12, 14))
    with freeze(moment("2021-12-13")):
        answered = settle_unanswered(clock_id=clock.pk, actor=desk.handler)
    assert StageKey.RED_UNANSWERED not in answered.plan
    sweep(at=moment("2021-12-20"))
    assert StageKey.RED_UNANSWERED not in stages(clock)
    assert list(verify_clocks()) == []
    with pytest.raises(NothingToAnswer):
        settle_unanswered(clock_id=clock.pk, actor=desk.handler)


def test_an_answer_too_late_does_not_undo_the_red(desk: Desk) -> None:
    clock = a_clock(desk)
    sweep(at=end_of_day(date(2021, 12, 10)))
    with freeze(moment("2021-12-15")):
        settle_unanswered(clock_id=clock.pk, actor=desk.handler)
    assert stages(clock)[-1] == StageKey.RED_UNANSWERED


def test_a_moved_deadline_opens_an_epoch_and_may_fire_again(desk: Desk) -> None:
    clock = a_clock(desk, promised=None, statutory=10)
    sweep(at=moment("2021-12-10", "18:00"))
    assert stages(clock) == [StageKey.REMIND]
    pause(clock, desk, "2021-12-13", "2021-12-20")
    back = resume(clock, desk, "2021-12-17")
    assert back.epoch == 3
    kept = StageFire.objects.of_epoch(back).get()
    assert (kept.stage, kept.inherited) == (StageKey.REMIND, True)
    sweep(at=moment("2021-12-22", "18:00"))
    assert stages(back) == [StageKey.REMIND, StageKey.WARN]
    assert list(verify_clocks()) == []


def test_a_yellow_written_before_an_extension_stays_written(desk: Desk) -> None:
    clock = a_clock(desk)
    sweep(at=end_of_day(date(2021, 12, 10)))
    longer = extend(clock, desk, "2021-12-13", 10)
    assert StageFire.objects.of_epoch(longer).get(stage=StageKey.YELLOW).inherited
    sweep(at=end_of_day(date(2021, 12, 14)))
    assert stages(longer)[-1] == StageKey.RED_UNANSWERED


def test_nothing_is_recorded_for_the_future(desk: Desk) -> None:
    clock = a_clock(desk)
    with freeze(moment("2021-12-06")), pytest.raises(ActInFuture):
        finish_clock(clock_id=clock.pk, actor=desk.handler, at=moment("2021-12-07"))
    clock.refresh_from_db()
    assert clock.state == ClockState.RUNNING


def test_a_rule_may_carry_its_own_thresholds(desk: Desk) -> None:
    ClockRule.objects.filter(code="APP-07").update(
        thresholds={"closing": "18:00", "yellow_answer_workdays": 1}
    )
    clock = a_clock(desk)
    assert clock.next_stage_at == moment("2021-12-08", "18:00")
    sweep(at=end_of_day(date(2021, 12, 10)))
    clock.refresh_from_db()
    assert clock.next_stage_at == end_of_day(date(2021, 12, 13))


def test_a_late_receipt_counts_from_the_next_working_day_where_the_rule_says_so(
    desk: Desk,
) -> None:
    ClockRule.objects.filter(code="APP-07").update(late_receipt="next_workday")
    clock = a_clock(desk, start="2021-12-04")
    assert clock.promised_due_on == date(2021, 12, 13)


def test_an_unknown_clock_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        finish_clock(clock_id=999, actor=desk.handler)


def test_a_falsified_due_is_found(desk: Desk) -> None:
    clock = a_clock(desk)
    Clock.objects.filter(pk=clock.pk).update(promised_due_on=date(2021, 12, 17))
    [(found, faults)] = list(verify_clocks())
    assert found == clock
    assert faults == ["promised_due_on: stored 2021-12-17, computed 2021-12-10"]


def test_the_chain_holds(desk: Desk) -> None:
    clock = a_clock(desk)
    sweep(at=moment("2021-12-20"))
    finish(clock, desk, "2021-12-21")
    assert chain_faults(ClockEvent.objects.for_subject(clock.pk)) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockEvent.objects.filter(clock=clock).update(note="x")


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": ClockState.FINISHED},
        {"finished_at": moment("2021-12-06")},
        {"told_until": date(2021, 12, 6)},
        {"promised_due_at": None, "statutory_due_at": None},
        {"statutory_due_at": moment("2021-12-04")},
        {"state": ClockState.CANCELLED, "finished_at": moment("2021-12-06")},
    ],
)
def test_what_must_never_be_the_database_refuses(desk: Desk, wrong: dict[str, object]) -> None:
    clock = a_clock(desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.filter(pk=clock.pk).update(**wrong)


def test_ten_days_in_a_paused_clock_cost_no_card(desk: Desk) -> None:
    clock = a_clock(desk, promised=5, statutory=5, rule="APP-07")
    pause(clock, desk, "2021-12-06", "2021-12-10")
    sweep(at=moment("2021-12-10") + timedelta(days=10))
    assert stages(clock) == [StageKey.OVERRUN]
