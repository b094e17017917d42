"""Working days: the shipped notices against two libraries, and the closed form against a loop."""

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadlines.choices import DayStatus
from deadlines.errors import CalendarFaulty, DateOutsideCalendar
from deadlines.rules import WorkCalendar
from deadlines.services.calendars import DATA, rows_of, shipped_notices

FIRST, LAST = date(2018, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=shift) for shift in range((LAST - FIRST).days + 1)]
ANY_DAY = st.dates(date(2012, 1, 1), date(2045, 12, 31))


@cache
def shipped() -> WorkCalendar:
    rows = rows_of(shipped_notices())
    return WorkCalendar(
        {row.day: row.is_workday for row in rows}, official_from=FIRST, official_until=LAST
    )


def loop(calendar: WorkCalendar, day: date, amount: int) -> date:
    while amount:
        day += timedelta(days=1)
        amount -= calendar.is_workday(day)
    return day


def test_it_works() -> None:
    assert shipped().add_workdays(date(2021, 12, 3), 20) == date(2021, 12, 31)


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2021-12-03", 20, "2021-12-31"),
        ("2021-12-04", 5, "2021-12-10"),
        ("2022-01-24", 5, "2022-01-29"),
        ("2022-01-24", 20, "2022-02-24"),
        ("2021-09-24", 20, "2021-10-27"),
        ("2026-02-12", 5, "2026-02-26"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2021-12-04", 0, "2021-12-04"),
    ],
)
def test_vectors_of_the_facts(start: str, amount: int, due: str) -> None:
    assert shipped().add_workdays(date.fromisoformat(start), amount) == date.fromisoformat(due)


def test_every_day_equals_chinesecalendar() -> None:
    assert len(DAYS) == 3287
    wrong = [day for day in DAYS if shipped().is_workday(day) != chinese_calendar.is_workday(day)]
    assert wrong == []


def test_every_day_equals_holidays() -> None:
    china = holidays.country_holidays("CN", years=range(2018, 2027))
    wrong = [day for day in DAYS if shipped().is_workday(day) != china.is_working_day(day)]
    assert wrong == []


def test_make_up_days_and_working_days_of_each_year() -> None:
    make_up = [row for row in rows_of(shipped_notices()) if row.is_workday]
    assert len(make_up) == 59
    counts = [
        shipped().workdays_between(date(year - 1, 12, 31), date(year, 12, 31))
        for year in range(2018, 2027)
    ]
    assert counts == [250, 250, 249, 250, 249, 249, 251, 248, 248]


def test_every_year_names_its_source() -> None:
    notices = shipped_notices()
    assert [notice["year"] for notice in notices] == list(range(2018, 2027))
    for notice in notices:
        for paper in notice["notices"]:
            assert paper["number"].startswith("国办发明电〔")
            assert date.fromisoformat(paper["published_on"]).year in (
                notice["year"] - 1,
                notice["year"],
            )


def test_days_beyond_the_notices_follow_the_law_and_are_marked() -> None:
    rows = [row for row in rows_of(shipped_notices()) if row.day > LAST]
    assert {row.status for row in rows} == {DayStatus.PROVISIONAL}
    china = holidays.country_holidays("CN", years=range(2027, 2051), observed=False)
    assert {row.day for row in rows} == set(china)
    assert not shipped().is_official(date(2027, 1, 4))
    assert shipped().is_official(FIRST, LAST)


def test_the_lunar_table_spans_the_calendar() -> None:
    with Path(DATA / "lunar.csv").open(encoding="utf-8") as stream:
        years = [int(row["year"]) for row in csv.DictReader(stream)]
    assert years == list(range(2027, 2051))


def test_a_day_that_is_both_is_refused() -> None:
    notices = shipped_notices()
    notices[-1]["workdays"].append("2026-10-01")
    with pytest.raises(CalendarFaulty):
        rows_of(notices)


@pytest.mark.parametrize("day", [date(2009, 12, 31), date(2051, 1, 1)])
def test_a_count_outside_is_refused(day: date) -> None:
    with pytest.raises(DateOutsideCalendar):
        shipped().seq(day)
    with pytest.raises(DateOutsideCalendar):
        shipped().add_workdays(day, 5)


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(DateOutsideCalendar):
        shipped().add_workdays(date(2026, 1, 5), -1)


@given(ANY_DAY, st.integers(0, 300))
def test_the_closed_form_equals_a_loop(day: date, amount: int) -> None:
    assert shipped().add_workdays(day, amount) == loop(shipped(), day, amount)


@given(ANY_DAY, st.integers(1, 300))
def test_adding_and_measuring_agree(day: date, amount: int) -> None:
    due = shipped().add_workdays(day, amount)
    assert shipped().workdays_between(day, due) == amount
    assert shipped().is_workday(due)


@given(ANY_DAY)
def test_neighbours(day: date) -> None:
    calendar = shipped()
    assert calendar.on_or_after(day) >= day
    assert calendar.is_workday(calendar.on_or_after(day))
    assert calendar.before(day) < day
    assert calendar.workdays_between(calendar.before(day), day) <= 1
