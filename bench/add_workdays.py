"""Adding N working days: the house's prefix sums beside a loop and three libraries.

Measures nanoseconds an addition on the calendar this release ships, for N = 1, 5, 20, 60,
250, over 1,500 start days from 2021, best round; and that all give equal days. numpy counts a
whole array at once and is timed for the array and for one day. One JSON line an N:
``{"bench", "workdays", "house_ns", "<other>_ns", ..., "<other>_ratio"}``.
Needs no database: ``make bench-add_workdays``.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from deadlines.rules import WorkCalendar  # noqa: E402
from deadlines.services.calendars import rows_of, shipped_notices  # noqa: E402

FIRST = date(2021, 1, 1)
STARTS = [FIRST + timedelta(days=shift) for shift in range(1500)]
AMOUNTS = (1, 5, 20, 60, 250)
ROUNDS = 5
SLOW_ROUNDS = 1
ONE_DAY = timedelta(days=1)
Adder = Callable[[date, int], date]


def shipped_calendar() -> WorkCalendar:
    """The calendar as the service builds it, straight from the shipped notices."""
    notices = shipped_notices()
    return WorkCalendar(
        {row.day: row.is_workday for row in rows_of(notices)},
        official_from=date(notices[0]["year"], 1, 1),
        official_until=date(notices[-1]["year"], 12, 31),
    )


def day_loop(is_workday: Callable[[date], bool]) -> Adder:
    """What most engines do: walk day by day and ask of each."""

    def add(day: date, amount: int) -> date:
        while amount:
            day += ONE_DAY
            amount -= is_workday(day)
        return day

    return add


def plain_loop(exceptions: dict[date, bool]) -> Adder:
    """The walk with the cheapest question there is: one dictionary."""
    return day_loop(lambda day: exceptions.get(day, day.weekday() < 5))


def by_holidays() -> Adder:
    """The ``holidays`` library, which has such a function."""
    china = holidays.China(years=range(2020, 2028))
    return china.get_nth_working_day


def numpy_days(calendar: WorkCalendar) -> np.busdaycalendar:
    """Numpy knows no make-up workdays: every rest day is told to it as a holiday."""
    days = [FIRST + timedelta(days=shift) for shift in range(2600)]
    rest = [day for day in days if not calendar.is_workday(day)]
    return np.busdaycalendar(weekmask="1111111", holidays=rest)


def by_numpy(calendar: WorkCalendar) -> Adder:
    """One day at a time, as a case needs it."""
    known = numpy_days(calendar)

    def add(day: date, amount: int) -> date:
        end = np.busday_offset(day, amount, roll="backward", busdaycal=known)
        return end.astype(date)  # type: ignore[no-any-return]

    return add


def best_ns(add: Adder, amount: int, rounds: int) -> float:
    """Nanoseconds an addition, in the best round."""
    best = float("inf")
    for _round in range(rounds):
        began = time.perf_counter_ns()
        for day in STARTS:
            add(day, amount)
        best = min(best, (time.perf_counter_ns() - began) / len(STARTS))
    return best


def best_array_ns(calendar: WorkCalendar, amount: int) -> float:
    """Nanoseconds a day when numpy counts all of them in one call."""
    known, starts = numpy_days(calendar), np.array(STARTS, dtype="datetime64[D]")
    best = float("inf")
    for _round in range(ROUNDS):
        began = time.perf_counter_ns()
        np.busday_offset(starts, amount, roll="backward", busdaycal=known)
        best = min(best, (time.perf_counter_ns() - began) / len(STARTS))
    return best


def refuse_different_days(house: Adder, others: dict[str, Adder], amount: int) -> None:
    """Speed of a wrong answer is no speed."""
    for name, add in others.items():
        if any(add(day, amount) != house(day, amount) for day in STARTS[::7]):
            raise SystemExit(f"{name} differs at {amount} working days")


def main() -> None:
    """A line an amount."""
    calendar = shipped_calendar()
    others = {
        "loop": plain_loop({row.day: row.is_workday for row in rows_of(shipped_notices())}),
        "chinesecalendar": day_loop(chinese_calendar.is_workday),
        "holidays": by_holidays(),
        "numpy": by_numpy(calendar),
    }
    for amount in AMOUNTS:
        refuse_different_days(calendar.add_workdays, others, amount)
        house = best_ns(calendar.add_workdays, amount, ROUNDS)
        timed = {name: best_ns(add, amount, SLOW_ROUNDS) for name, add in others.items()}
        timed["numpy_array"] = best_array_ns(calendar, amount)
        line = {"bench": "add_workdays", "workdays": amount, "house_ns": round(house)}
        line |= {f"{name}_ns": round(spent) for name, spent in timed.items()}
        line |= {f"{name}_ratio": round(spent / house, 1) for name, spent in timed.items()}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
