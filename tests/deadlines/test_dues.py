"""Dues: every worked example of the design, and the closed form against a loop over days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.time import at_local, end_of_day
from deadlines.choices import Debtor, LateReceipt, Unit
from deadlines.errors import InvalidLimit
from deadlines.rules import Extension, Limit, Pause, compute, counted_from, last_day_before
from deadlines.rules.history import CLOSING
from tests.deadlines.test_calendar import shipped
from tests.factories.deadlines import moment, workdays

START = date(2021, 12, 3)
BOTH = {"stops_statute": True, "stops_promise": True}
PROMISE = {"stops_statute": False, "stops_promise": True}


def day(text: str) -> date:
    return date.fromisoformat(f"2021-{text}" if len(text) == 5 else text)


def pause(first: str, last: str, **stops: bool) -> Pause:
    return Pause(day(first), day(last), **(stops or BOTH))


def test_it_works() -> None:
    dues = compute(START, workdays(20), workdays(5), calendar=shipped())
    assert (dues.promised_on, dues.statutory_on) == (day("12-10"), day("12-31"))
    assert dues.promised_at == end_of_day(day("12-10"))
    assert not dues.provisional


@pytest.mark.parametrize(
    ("amount", "first", "last", "due"),
    [(10, "12-11", "12-19", "12-24"), (5, "12-03", "12-08", "12-15")],
)
def test_a_pause_takes_its_days_out(amount: int, first: str, last: str, due: str) -> None:
    dues = compute(START, workdays(amount), None, [pause(first, last)], calendar=shipped())
    assert dues.statutory_on == day(due)


def test_a_pause_after_a_due_does_not_move_it() -> None:
    dues = compute(START, workdays(20), workdays(5), [pause("12-15", "12-22")], calendar=shipped())
    assert (dues.promised_on, dues.statutory_on) == (day("12-10"), day("2022-01-10"))


def test_a_pause_on_the_due_day_does_not_move_it() -> None:
    dues = compute(START, workdays(5), None, [pause("12-10", "12-22")], calendar=shipped())
    assert dues.statutory_on == day("12-10")


def test_a_site_survey_moves_the_promise_up_to_the_statute_only() -> None:
    survey = pause("12-08", "12-17", **PROMISE)
    dues = compute(START, workdays(20), workdays(15), [survey], calendar=shipped())
    assert (dues.promised_on, dues.statutory_on) == (day("12-31"), day("12-31"))
    assert dues.same


def test_overlapping_pauses_are_united() -> None:
    apart = [pause("12-06", "12-10"), pause("12-08", "12-14")]
    one = [pause("12-06", "12-14")]
    assert compute(START, workdays(10), None, apart, calendar=shipped()) == compute(
        START, workdays(10), None, one, calendar=shipped()
    )


def test_an_extension_moves_the_statute_and_the_promise_only_if_it_says_so() -> None:
    plain = compute(START, workdays(20), workdays(5), (), [Extension(10)], calendar=shipped())
    assert (plain.promised_on, plain.statutory_on) == (day("12-10"), day("2022-01-17"))
    moved = compute(
        START,
        workdays(20),
        workdays(5),
        (),
        [Extension(10, moves_promise=True)],
        calendar=shipped(),
    )
    assert moved.promised_on == day("12-24")


def test_a_pause_between_the_old_and_the_extended_due_counts() -> None:
    late = pause("2022-01-04", "2022-01-07")
    dues = compute(START, workdays(20), None, [late], [Extension(10)], calendar=shipped())
    assert dues.statutory_on == day("2022-01-20")


@pytest.mark.parametrize(
    ("limit", "end_roll", "due"),
    [
        (Limit(15, Unit.CALENDAR_DAY), False, "12-18"),
        (Limit(15, Unit.CALENDAR_DAY), True, "12-20"),
        (Limit(1, Unit.MONTH), False, "2022-01-03"),
        (Limit(1, Unit.MONTH), True, "2022-01-04"),
        (Limit(0, Unit.SAME_DAY), False, "12-03"),
        (Limit(0, Unit.WORKDAY), False, "12-03"),
        (Limit(0, Unit.NAMED_DATE, day("12-18")), False, "12-18"),
        (Limit(0, Unit.NAMED_DATE, day("12-18")), True, "12-20"),
    ],
)
def test_units(limit: Limit, end_roll: bool, due: str) -> None:
    dues = compute(START, limit, None, calendar=shipped(), end_roll=end_roll)
    assert dues.statutory_on == day(due)


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        ("2022-01-31", 1, "2022-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2021-12-15", 24, "2023-12-15"),
    ],
)
def test_months_end_on_the_corresponding_day(start: str, months: int, due: str) -> None:
    dues = compute(day(start), Limit(months, Unit.MONTH), None, calendar=shipped())
    assert dues.statutory_on == day(due)


def test_hours_run_day_and_night_and_do_not_roll() -> None:
    start = moment("2021-12-03", "16:20")
    dues = compute(start, Limit(24, Unit.HOUR), None, calendar=shipped(), end_roll=True)
    assert dues.statutory_at == moment("2021-12-04", "16:20")
    assert dues.statutory_on == day("12-04")


def test_a_pause_takes_whole_days_out_of_hours() -> None:
    start = moment("2021-12-03", "16:20")
    dues = compute(start, Limit(24, Unit.HOUR), None, [pause("12-03", "12-06")], calendar=shipped())
    assert dues.statutory_at == moment("2021-12-07", "16:20")
    still = compute(
        start, Limit(24, Unit.HOUR), None, [pause("12-04", "12-06")], calendar=shipped()
    )
    assert still.statutory_at == moment("2021-12-04", "16:20")


def test_a_roll_happens_once_after_pauses() -> None:
    limit = Limit(15, Unit.CALENDAR_DAY)
    dues = compute(START, limit, None, [pause("12-06", "12-07")], calendar=shipped(), end_roll=True)
    assert dues.statutory_on == day("12-20")
    gap = compute(START, limit, None, [pause("12-19", "12-22")], calendar=shipped(), end_roll=True)
    assert gap.statutory_on == day("12-23")


@pytest.mark.parametrize(
    ("event", "limit", "debtor", "last"),
    [
        ("2021-12-20", Limit(7, Unit.WORKDAY), Debtor.UNIT, "12-08"),
        ("2022-02-28", Limit(30, Unit.CALENDAR_DAY), Debtor.APPLICANT, "2022-01-29"),
        ("2022-02-28", Limit(30, Unit.CALENDAR_DAY), Debtor.UNIT, "2022-01-28"),
        ("2021-12-14", Limit(1, Unit.WORKDAY), Debtor.APPLICANT, "12-13"),
        ("2021-12-14", Limit(2, Unit.WORKDAY), Debtor.APPLICANT, "12-10"),
        ("2021-12-13", Limit(1, Unit.WORKDAY), Debtor.APPLICANT, "12-10"),
        ("2021-12-13", Limit(2, Unit.WORKDAY), Debtor.APPLICANT, "12-09"),
        ("2021-12-14", Limit(1, Unit.WORKDAY), Debtor.UNIT, "12-12"),
        ("2021-12-14", Limit(2, Unit.WORKDAY), Debtor.UNIT, "12-09"),
        ("2021-12-14", Limit(0, Unit.WORKDAY), Debtor.APPLICANT, "12-14"),
    ],
)
def test_backward_limits(event: str, limit: Limit, debtor: str, last: str) -> None:
    assert last_day_before(day(event), limit, debtor, shipped()) == day(last)


def test_a_due_beyond_the_notices_is_provisional() -> None:
    assert compute(date(2026, 12, 20), workdays(20), None, calendar=shipped()).provisional
    assert not compute(date(2026, 11, 24), workdays(20), None, calendar=shipped()).provisional
    plain = Limit(60, Unit.CALENDAR_DAY)
    assert not compute(date(2026, 12, 20), plain, None, calendar=shipped()).provisional
    assert compute(date(2026, 12, 20), plain, None, calendar=shipped(), end_roll=True).provisional


@pytest.mark.parametrize(
    ("clock", "first"), [("17:30", "2021-12-03"), ("17:31", "2021-12-06"), ("09:00", "2021-12-03")]
)
def test_a_late_receipt_waits_only_where_the_rule_says_so(clock: str, first: str) -> None:
    received = moment("2021-12-03", clock)
    rule = counted_from(received, LateReceipt.NEXT_WORKDAY, CLOSING, shipped())
    assert rule.astimezone(received.tzinfo) >= received or rule == received
    assert compute(
        rule, workdays(1), None, calendar=shipped()
    ).statutory_on == shipped().add_workdays(day(first), 1)
    assert counted_from(received, "", CLOSING, shipped()) == received


@pytest.mark.parametrize("bad", [(-1, Unit.WORKDAY), (0, Unit.NAMED_DATE)])
def test_bad_limits_are_refused(bad: tuple[int, Unit]) -> None:
    with pytest.raises(InvalidLimit):
        Limit(*bad)


def test_no_limit_at_all_is_refused() -> None:
    with pytest.raises(InvalidLimit):
        compute(START, None, None, calendar=shipped())


def test_hours_need_a_time_of_day() -> None:
    with pytest.raises(InvalidLimit):
        compute(START, Limit(2, Unit.HOUR), None, calendar=shipped())


starts = st.dates(date(2018, 1, 10), date(2026, 6, 1))
gaps = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 25)), max_size=4)


def taken_days(pauses: list[Pause]) -> set[date]:
    return {
        p.start + timedelta(days=shift)
        for p in pauses
        for shift in range(1, (p.end - p.start).days + 1)
    }


def looped(start: date, amount: int, pauses: list[Pause], *, workdays_only: bool) -> date:
    taken, current = taken_days(pauses), start
    while amount:
        current += timedelta(days=1)
        if current not in taken and (not workdays_only or shipped().is_workday(current)):
            amount -= 1
    return current


def pauses_of(start: date, parts: list[tuple[int, int]]) -> list[Pause]:
    return [
        Pause(start + timedelta(days=after), start + timedelta(days=after + length))
        for after, length in parts
    ]


@given(starts, st.integers(0, 60), gaps, st.integers(0, 15))
def test_paused_workdays_equal_a_loop(
    start: date, amount: int, parts: list[tuple[int, int]], more: int
) -> None:
    pauses = pauses_of(start, parts)
    dues = compute(start, workdays(amount), None, pauses, [Extension(more)], calendar=shipped())
    assert dues.statutory_on == looped(start, amount + more, pauses, workdays_only=True)


@given(starts, st.integers(0, 60), gaps)
def test_paused_calendar_days_equal_a_loop(
    start: date, amount: int, parts: list[tuple[int, int]]
) -> None:
    pauses, limit = pauses_of(start, parts), Limit(amount, Unit.CALENDAR_DAY)
    due = compute(start, limit, None, pauses, calendar=shipped()).statutory_on
    assert due == looped(start, amount, pauses, workdays_only=False)
    rolled = compute(start, limit, None, pauses, calendar=shipped(), end_roll=True).statutory_on
    free = due
    while not shipped().is_workday(free) or (free in taken_days(pauses) and free != due):
        free += timedelta(days=1)
    assert rolled == free


@given(starts, st.integers(0, 200), gaps)
def test_paused_hours_equal_a_loop(start: date, amount: int, parts: list[tuple[int, int]]) -> None:
    pauses, left = pauses_of(start, parts), amount
    at, taken = at_local(start) + timedelta(hours=10), taken_days(pauses)
    due, current = compute(at, Limit(amount, Unit.HOUR), None, pauses, calendar=shipped()), at
    while left:
        current += timedelta(hours=1)
        local_day = (current - timedelta(minutes=1)).astimezone(moment("2021-01-01").tzinfo)
        left -= (local_day + timedelta(hours=8)).date() not in taken
    assert due.statutory_at == current


@given(starts, st.integers(0, 40), st.integers(0, 40), gaps)
def test_the_promise_never_ends_after_the_statute(
    start: date, law: int, act: int, parts: list[tuple[int, int]]
) -> None:
    pauses = [Pause(p.start, p.end, stops_statute=False) for p in pauses_of(start, parts)]
    dues = compute(start, workdays(law), workdays(act), pauses, calendar=shipped())
    assert dues.promised_at <= dues.statutory_at
