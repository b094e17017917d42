"""Adding N working days: the house's prefix sums against a loop over the days.

Measures nanoseconds an addition on the calendar this release ships (2010 to 2050), for
N = 1, 5, 20, 60, 250, over 2,000 start days, best of five rounds; and that both give equal
days. One JSON line an N: ``{"bench", "workdays", "house_ns", "loop_ns", "ratio"}``.
Needs no database: ``.venv/bin/python bench/add_workdays.py``.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from deadlines.rules import WorkCalendar  # noqa: E402
from deadlines.services.calendars import rows_of, shipped_notices  # noqa: E402

FIRST = date(2021, 1, 1)
STARTS = [FIRST + timedelta(days=shift) for shift in range(2000)]
AMOUNTS = (1, 5, 20, 60, 250)
ROUNDS = 5
LOOP_ROUNDS = 2
ONE_DAY = timedelta(days=1)


def shipped_calendar() -> WorkCalendar:
    """The calendar as the service builds it, straight from the shipped notices."""
    notices = shipped_notices()
    return WorkCalendar(
        {row.day: row.is_workday for row in rows_of(notices)},
        official_from=date(notices[0]["year"], 1, 1),
        official_until=date(notices[-1]["year"], 12, 31),
    )


def day_loop(exceptions: dict[date, bool]) -> Callable[[date, int], date]:
    """What most engines do: walk day by day and count."""

    def add(day: date, amount: int) -> date:
        while amount:
            day += ONE_DAY
            amount -= exceptions.get(day, day.weekday() < 5)
        return day

    return add


def best_ns(add: Callable[[date, int], date], amount: int, rounds: int) -> float:
    """Nanoseconds an addition, in the best round."""
    best = float("inf")
    for _round in range(rounds):
        began = time.perf_counter_ns()
        for day in STARTS:
            add(day, amount)
        best = min(best, (time.perf_counter_ns() - began) / len(STARTS))
    return best


def main() -> None:
    """A line an amount."""
    calendar = shipped_calendar()
    loop = day_loop({row.day: row.is_workday for row in rows_of(shipped_notices())})
    for amount in AMOUNTS:
        if any(calendar.add_workdays(day, amount) != loop(day, amount) for day in STARTS[::7]):
            raise SystemExit(f"prefix sums and loop differ at {amount} working days")
        house = best_ns(calendar.add_workdays, amount, ROUNDS)
        slow = best_ns(loop, amount, LOOP_ROUNDS)
        figures = {
            "house_ns": round(house),
            "loop_ns": round(slow),
            "ratio": round(slow / house, 1),
        }
        line = {"bench": "add_workdays", "workdays": amount, **figures}
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
