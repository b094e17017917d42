"""When a limit ends: the dues of a clock from its start, pauses and extensions.

A due is the N-th day of its unit after the start that no pause takes out; hence a
pause that begins on or after a due does not move it. 行政许可法第42、45、82条,
安阳市政务服务条例第37条; the counting of days follows 民法典第201至203条.
"""

import calendar as civil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock_time

from common.time import at_local, end_of_day, local, local_date
from deadlines.choices import Debtor, LateReceipt, Unit
from deadlines.errors import InvalidLimit
from deadlines.rules.calendar import ONE_DAY, WorkCalendar

Span = tuple[date, date]
MONTHS_A_YEAR = 12
TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Limit:
    """N of a unit; a named day carries its date instead.

    Raises:
        InvalidLimit: a negative amount, or a named day without its date.
    """

    amount: int
    unit: Unit
    named_on: date | None = None

    def __post_init__(self) -> None:
        if self.amount < 0 or (self.unit == Unit.NAMED_DATE and self.named_on is None):
            raise InvalidLimit


@dataclass(frozen=True)
class Pause:
    """Days after ``start`` up to and including ``end`` that do not count."""

    start: date
    end: date
    stops_statute: bool = True
    stops_promise: bool = True
    is_open: bool = False


@dataclass(frozen=True)
class Extension:
    """More of the statutory limit's unit; of the promise's only if the act says so."""

    amount: int
    moves_promise: bool = False


@dataclass(frozen=True)
class Due:
    """The last day, the instant at which it is over, and whether the calendar is provisional."""

    on: date
    at: datetime
    provisional: bool = False


@dataclass(frozen=True)
class Dues:
    """The ends of a clock; either may be missing, never both."""

    statutory: Due | None = None
    promised: Due | None = None

    @property
    def statutory_on(self) -> date | None:
        """The last day of the statutory limit."""
        return self.statutory.on if self.statutory else None

    @property
    def statutory_at(self) -> datetime | None:
        """The instant at which the statutory limit is over."""
        return self.statutory.at if self.statutory else None

    @property
    def promised_on(self) -> date | None:
        """The last day of the promised limit."""
        return self.promised.on if self.promised else None

    @property
    def promised_at(self) -> datetime | None:
        """The instant at which the promised limit is over."""
        return self.promised.at if self.promised else None

    @property
    def provisional(self) -> bool:
        """Whether a due counts days that no notice covers yet."""
        return any(due.provisional for due in (self.statutory, self.promised) if due)

    @property
    def same(self) -> bool:
        """Whether promise and statute end together, so that only the statute speaks."""
        return self.statutory_at == self.promised_at

    @property
    def leading(self) -> Due:
        """The due that comes first: the promise where there is one.

        Raises:
            InvalidLimit: the clock has no limit at all.
        """
        due = self.promised or self.statutory
        if due is None:
            raise InvalidLimit
        return due

    @property
    def last(self) -> Due:
        """The due that comes last: the statute where there is one."""
        return self.statutory or self.leading


@dataclass(frozen=True)
class Count:
    """Everything that one due is counted from, apart from its limit."""

    start: datetime
    calendar: WorkCalendar
    taken: tuple[Span, ...] = ()
    extra: int = 0
    end_roll: bool = False
    first: date = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "first", local_date(self.start))


def united(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order, overlapping and touching ones made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def add_months(day: date, amount: int) -> date:
    """The corresponding day ``amount`` months later, else the last of that month."""
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + amount, MONTHS_A_YEAR)
    length = civil.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, length))


def _workday_due(amount: int, count: Count) -> date:
    calendar, total = count.calendar, amount + count.extra
    due = calendar.add_workdays(count.first, total)
    for start, end in count.taken:
        if start >= due:
            break
        total += calendar.workdays_between(start, end)
        due = calendar.add_workdays(count.first, total)
    return due


def _unpaused_day(limit: Limit, count: Count) -> date:
    if limit.unit == Unit.MONTH:
        return add_months(count.first, limit.amount + count.extra)
    base = limit.named_on if limit.unit == Unit.NAMED_DATE and limit.named_on else count.first
    amount = limit.amount if limit.unit == Unit.CALENDAR_DAY else 0
    return base + timedelta(days=amount + count.extra)


def _calendar_due(limit: Limit, count: Count) -> date:
    due = _unpaused_day(limit, count)
    for start, end in count.taken:
        if start >= due:
            break
        due += end - start
    return due


def rolled(day: date, calendar: WorkCalendar, taken: Sequence[Span] = ()) -> date:
    """``day``, or the first working day after it that no pause takes out."""
    due = calendar.on_or_after(day)
    for start, end in taken:
        if start < due <= end and start >= day:
            due = calendar.on_or_after(end + ONE_DAY)
    return due


def hour_due(span: timedelta, count: Count) -> datetime:
    """The instant ``span`` after the start, day and night, whole paused days left out."""
    due = count.start + span
    for start, end in count.taken:
        if end_of_day(start) >= due:
            break
        due += end - start
    return due


def _hours(limit: Limit, count: Count) -> Due:
    at = hour_due(timedelta(hours=limit.amount + count.extra), count)
    return Due(on=local_date(at - TICK), at=at)


def due_for(limit: Limit, count: Count) -> Due:
    """When ``limit`` ends: at 24:00 of its last day, or at an instant for hours."""
    if limit.unit == Unit.HOUR:
        return _hours(limit, count)
    if limit.unit == Unit.WORKDAY:
        on = _workday_due(limit.amount, count)
        return Due(on, end_of_day(on), not count.calendar.is_official(count.first, on))
    on = _calendar_due(limit, count)
    if not count.end_roll:
        return Due(on, end_of_day(on))
    on = rolled(on, count.calendar, count.taken)
    return Due(on, end_of_day(on), not count.calendar.is_official(on))


def as_instant(start: date | datetime, limits: Sequence[Limit | None]) -> datetime:
    """The start as an instant; a bare date will do unless hours are counted.

    Raises:
        InvalidLimit: hours are counted and no time of day is given.
    """
    if isinstance(start, datetime):
        return start
    if any(limit is not None and limit.unit == Unit.HOUR for limit in limits):
        raise InvalidLimit
    return at_local(start)


def counted_from(
    received: datetime,
    late_receipt: str,
    closing: clock_time,
    calendar: WorkCalendar,
) -> datetime:
    """The start that counts: a late receipt moves to the next working day if the rule says so."""
    if late_receipt != LateReceipt.NEXT_WORKDAY:
        return received
    day = local_date(received)
    if calendar.is_workday(day) and local(received).time() <= closing:
        return received
    return at_local(calendar.add_workdays(day, 1))


def spans_of(pauses: Sequence[Pause], *, statute: bool) -> tuple[Span, ...]:
    """The united spans that stop the statute, or the promise."""
    return united(
        [
            (pause.start, pause.end)
            for pause in pauses
            if (pause.stops_statute if statute else pause.stops_promise)
        ],
    )


def compute(
    start: date | datetime,
    statutory: Limit | None,
    promised: Limit | None,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    *,
    calendar: WorkCalendar,
    end_roll: bool = False,
) -> Dues:
    """Both dues; the promise never ends after the statute, however it was paused.

    Raises:
        InvalidLimit: no limit at all, or hours without a time of day.
        DateOutsideCalendar: the count leaves the calendar.
    """
    if statutory is None and promised is None:
        raise InvalidLimit
    instant = as_instant(start, (statutory, promised))
    by_law = sum(extension.amount for extension in extensions)
    by_act = sum(extension.amount for extension in extensions if extension.moves_promise)
    law = Count(instant, calendar, spans_of(pauses, statute=True), by_law, end_roll)
    act = Count(instant, calendar, spans_of(pauses, statute=False), by_act, end_roll)
    statute = due_for(statutory, law) if statutory else None
    promise = due_for(promised, act) if promised else None
    if statute and promise and promise.at > statute.at:
        promise = statute
    return Dues(statute, promise)


def last_day_before(event: date, limit: Limit, debtor: str, calendar: WorkCalendar) -> date:
    """The last day on which an act that must precede ``event`` may still be done.

    A unit leaves N whole days between act and event (行政许可法第48条: hearing
    2021-12-20, 7 working days: 12-08); an applicant counts back N days (第50条): of
    working days, the N-th one before ``event``.
    """
    whole = int(debtor == Debtor.UNIT)
    if limit.unit != Unit.WORKDAY:
        return event - timedelta(days=limit.amount + whole)
    if limit.amount == 0:
        return event - timedelta(days=whole)
    first = calendar.workday_at(calendar.seq(event - ONE_DAY) - limit.amount + 1)
    return first - timedelta(days=whole)
