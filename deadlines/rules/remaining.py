"""How much time is left, and how a finished clock compares with its due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from common.time import end_of_day, local_date
from deadlines.choices import Tone, Unit
from deadlines.rules.calendar import WorkCalendar
from deadlines.rules.dues import TICK

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Measure:
    """The distance from a moment to a due: positive is left, negative is over."""

    workdays: int
    days: int
    hours: int
    is_over: bool

    def in_unit(self, unit: str) -> int:
        """The figure a person reads for a limit of this unit."""
        if unit == Unit.HOUR:
            return abs(self.hours)
        return abs(self.workdays if unit == Unit.WORKDAY else self.days)


def measure(
    moment: datetime,
    due_on: date,
    due_at: datetime,
    calendar: WorkCalendar,
    *,
    told_until: date | None = None,
) -> Measure:
    """Time from ``moment`` to the due; days up to the told end of an open pause do not count."""
    day = local_date(moment)
    if told_until is not None and told_until >= day:
        day, moment = told_until, end_of_day(told_until)
    is_over = moment >= due_at
    gap = moment - due_at if is_over else due_at - moment
    hours = int((gap + (TICK if is_over else HOUR - TICK)) / HOUR)
    return Measure(
        workdays=calendar.workdays_between(day, due_on),
        days=(due_on - day).days,
        hours=-hours if is_over else hours,
        is_over=is_over,
    )


def tone_of(
    left: Measure,
    *,
    unit: str,
    statute_passed: bool,
    promise_only: bool,
    cards: bool,
) -> Tone:
    """Green, amber near the end, yellow past the promise, red past the statute.

    A limit without verified rule only reminds: it stays amber however late it is.
    """
    if statute_passed and cards:
        return Tone.RED
    if left.is_over and cards:
        return Tone.YELLOW if promise_only else Tone.RED
    near = left.in_unit(unit) <= 1 if unit != Unit.HOUR else left.hours <= 1
    return Tone.WARN if left.is_over or near else Tone.OK
