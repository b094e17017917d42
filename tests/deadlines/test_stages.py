"""The ladder: the design's own example first."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from common.time import end_of_day
from deadlines.choices import Debtor, Light, StageKey, Unit
from deadlines.rules import Limit, Terms, project
from deadlines.rules.history import Course, ToldPause
from deadlines.rules.stages import Fired, in_order, light_of, pending, survives
from tests.deadlines.test_calendar import shipped
from tests.factories.deadlines import moment, workdays

THRESHOLDS = Terms(moment("2021-12-03")).thresholds


FIVE, TWENTY = workdays(5), workdays(20)
START = moment("2021-12-03")


def course(
    *,
    promised: Limit | None = FIVE,
    statutory: Limit | None = TWENTY,
    start: datetime = START,
    debtor: str = Debtor.UNIT,
    verified: bool = True,
) -> Course:
    return Course(Terms(start, statutory, promised, debtor=debtor, verified=verified))


def ladder(made: Course) -> dict[str, datetime]:
    return project(made, shipped()).plan


def ends(day: str) -> datetime:
    return end_of_day(date.fromisoformat(day))


def test_it_works() -> None:
    assert ladder(course()) == {
        StageKey.REMIND: moment("2021-12-08", "17:30"),
        StageKey.WARN: moment("2021-12-09", "17:30"),
        StageKey.YELLOW: ends("2021-12-10"),
        StageKey.WARN_STATUTE: moment("2021-12-30", "17:30"),
        StageKey.RED_STATUTE: ends("2021-12-31"),
    }


def test_an_unanswered_yellow_turns_red_two_working_days_after_its_writing() -> None:
    projection = project(course(), shipped())
    yellow = Fired(StageKey.YELLOW, ends("2021-12-10"))
    plan = pending(projection, [yellow], THRESHOLDS, shipped())
    assert plan[StageKey.RED_UNANSWERED] == ends("2021-12-14")
    assert StageKey.YELLOW not in plan


def test_a_late_yellow_leaves_its_whole_time_to_answer() -> None:
    yellow = Fired(StageKey.YELLOW, moment("2021-12-20", "10:00"))
    plan = pending(project(course(), shipped()), [yellow], THRESHOLDS, shipped())
    assert plan[StageKey.RED_UNANSWERED] == ends("2021-12-22")


def test_an_answer_cancels_the_conditional_red() -> None:
    yellow = Fired(StageKey.YELLOW, ends("2021-12-10"), answered=True)
    plan = pending(project(course(), shipped()), [yellow], THRESHOLDS, shipped())
    assert StageKey.RED_UNANSWERED not in plan
    assert StageKey.RED_STATUTE in plan


def test_an_unanswered_red_is_escalated_after_one_working_day() -> None:
    red = Fired(StageKey.RED_UNANSWERED, ends("2021-12-14"))
    plan = pending(project(course(), shipped()), [red], THRESHOLDS, shipped())
    assert plan[StageKey.ESCALATE] == ends("2021-12-16")
    answered = replace(red, answered=True)
    plan = pending(project(course(), shipped()), [answered], THRESHOLDS, shipped())
    assert StageKey.ESCALATE not in plan


def test_without_statute_red_comes_only_from_silence() -> None:
    assert StageKey.RED_STATUTE not in ladder(course(statutory=None))
    assert StageKey.YELLOW in ladder(course(statutory=None))


def test_where_promise_and_statute_are_one_there_is_only_red() -> None:
    plan = ladder(course(promised=workdays(20)))
    assert StageKey.YELLOW not in plan
    assert StageKey.WARN_STATUTE not in plan
    assert plan[StageKey.RED_STATUTE] == ends("2021-12-31")


def test_a_rule_that_is_not_verified_only_reminds() -> None:
    plan = ladder(course(verified=False))
    assert set(plan) == {StageKey.REMIND, StageKey.WARN, StageKey.WARN_STATUTE}


def test_only_a_unit_is_given_cards() -> None:
    named = Limit(0, Unit.NAMED_DATE, date(2021, 12, 15))
    plan = ladder(course(promised=None, statutory=named, debtor=Debtor.PARTY))
    assert plan == {
        StageKey.REMIND: moment("2021-12-09", "17:30"),
        StageKey.WARN: moment("2021-12-14", "17:30"),
        StageKey.EXPIRED: ends("2021-12-15"),
    }


def test_hours_warn_at_eighty_percent() -> None:
    plan = ladder(course(promised=None, statutory=Limit(24, Unit.HOUR)))
    assert plan[StageKey.REMIND] == moment("2021-12-03", "21:00")
    assert plan[StageKey.WARN] == moment("2021-12-03", "09:00") + timedelta(hours=19.2)
    assert plan[StageKey.RED_STATUTE] == moment("2021-12-04", "09:00")


def test_the_same_day_is_reminded_at_closing_time() -> None:
    same_day = Limit(0, Unit.SAME_DAY)
    plan = ladder(course(promised=None, statutory=same_day))
    assert plan == {
        StageKey.REMIND: moment("2021-12-03", "17:30"),
        StageKey.RED_STATUTE: ends("2021-12-03"),
    }
    late = course(promised=None, statutory=same_day, start=moment("2021-12-03", "18:00"))
    assert set(ladder(late)) == {StageKey.RED_STATUTE}


def paused(*, statute: bool, promise: bool, start: str = "2021-12-06") -> Course:
    told = ToldPause(
        started_on=date.fromisoformat(start),
        told_until=date(2021, 12, 17),
        stops_statute=statute,
        stops_promise=promise,
    )
    return replace(course(promised=workdays(10)), told_pauses=(told,))


def test_while_a_pause_is_open_only_its_overrun_can_fire() -> None:
    assert ladder(paused(statute=True, promise=True)) == {StageKey.OVERRUN: ends("2021-12-17")}


def test_a_pause_of_the_promise_leaves_the_statute_its_stages() -> None:
    plan = ladder(paused(statute=False, promise=True))
    assert set(plan) == {StageKey.WARN_STATUTE, StageKey.RED_STATUTE, StageKey.OVERRUN}


def test_a_pause_after_the_promise_leaves_the_yellow() -> None:
    plan = ladder(paused(statute=True, promise=True, start="2021-12-17"))
    assert plan[StageKey.YELLOW] == ends("2021-12-17")
    assert StageKey.RED_STATUTE not in plan


def test_rungs_of_one_instant_keep_the_order_of_the_ladder() -> None:
    plan = ladder(course(promised=workdays(2)))
    assert [stage for stage, _at in in_order(plan)][:3] == ["remind", "warn", "yellow"]


def test_what_survives_a_change() -> None:
    projection = project(course(), shipped())
    then = moment("2021-12-13")
    assert survives(StageKey.YELLOW, projection, set(), then)
    assert not survives(StageKey.YELLOW, projection, set(), moment("2021-12-10"))
    assert survives(StageKey.RED_UNANSWERED, projection, {"yellow"}, then)
    assert not survives(StageKey.RED_UNANSWERED, projection, set(), then)
    assert survives(StageKey.ESCALATE, projection, {"red_unanswered"}, then)


def test_the_worst_rung_gives_the_light() -> None:
    assert light_of([]) == Light.GREEN
    assert light_of(["remind"]) == Light.GREEN
    assert light_of(["remind", "warn"]) == Light.AMBER
    assert light_of(["yellow", "warn_statute"]) == Light.YELLOW
    assert light_of(["yellow", "red_unanswered", "escalate"]) == Light.RED


@given(
    st.datetimes(datetime(2018, 2, 1), datetime(2026, 5, 1)),  # noqa: DTZ001
    st.integers(1, 30),
    st.integers(0, 30),
)
def test_every_rung_lies_between_start_and_statute(start: datetime, act: int, more: int) -> None:
    begun = start.replace(tzinfo=moment("2021-01-01").tzinfo)
    made = course(promised=workdays(act), statutory=workdays(act + more), start=begun)
    projection = project(made, shipped())
    assert all(begun < at <= projection.dues.last.at for at in projection.ladder.values())
    cards = [at for stage, at in in_order(projection.ladder) if stage in ("yellow", "red_statute")]
    assert cards == sorted(cards)
