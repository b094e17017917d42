"""Why it is this day: what every day between the start and the end of a limit was.

One mark a day and due: counted as the N-th, a day of rest, taken out by a pause, and so
on. Words and articles are found elsewhere; this only repeats the count day by day, so
it is also a second opinion on the closed form in ``dues``.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from common.time import at_local, end_of_day, local_date
from deadlines.choices import Debtor, Unit
from deadlines.rules.calendar import ONE_DAY, WorkCalendar
from deadlines.rules.dues import Count, Due, Dues, Limit, due_for, spans_of
from deadlines.rules.reckoning import GroundedPause, Task

MINUTE = timedelta(minutes=1)


class Kind:
    """What a day was to a limit. Plain words, for a batch hashes them by the million."""

    START = "start"
    SAME_DAY = "same_day"
    WORKDAY = "workday"
    EXTENDED = "extended"
    REST = "rest"
    PAUSED = "paused"
    DAY = "day"
    WITHIN = "within"
    HOURS = "hours"
    ROLLED = "rolled"
    BETWEEN = "between"
    LAST = "last"
    EVENT = "event"


COUNTING = frozenset({Kind.WORKDAY, Kind.EXTENDED, Kind.DAY, Kind.WITHIN, Kind.HOURS, Kind.BETWEEN})
NUMBERED = COUNTING - {Kind.WITHIN, Kind.HOURS}
BY_CALENDAR = frozenset({Kind.WORKDAY, Kind.EXTENDED, Kind.REST, Kind.ROLLED})


class Mark(NamedTuple):
    """A day as one limit saw it; ``number`` counts days, or minutes where hours are counted."""

    kind: str
    number: int = 0
    ground: str = ""
    article: str = ""


class Note(NamedTuple):
    """A day as both limits saw it, and which of them ends on it."""

    day: date
    statute: Mark | None = None
    promise: Mark | None = None
    statute_ends: bool = False
    promise_ends: bool = False

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks there are."""
        return tuple(mark for mark in (self.statute, self.promise) if mark)

    @property
    def counts(self) -> bool:
        """Whether any limit counts the day."""
        return any(mark.kind in COUNTING for mark in self.marks)


Stopped = dict[date, Mark]
START, REST, WITHIN = Mark(Kind.START), Mark(Kind.REST), Mark(Kind.WITHIN)
ROLLED, EVENT, SAME_DAY = Mark(Kind.ROLLED), Mark(Kind.EVENT), Mark(Kind.SAME_DAY)


def _stopped(pauses: tuple[GroundedPause, ...], *, statute: bool) -> Stopped:
    found: Stopped = {}
    for pause in pauses:
        if not (pause.stops_statute if statute else pause.stops_promise):
            continue
        mark = Mark(Kind.PAUSED, 0, pause.ground, pause.article)
        for shift in range(1, (pause.end - pause.start).days + 1):
            found.setdefault(pause.start + timedelta(days=shift), mark)
    return found


@lru_cache(maxsize=50_000)
def _numbered(amount: int, number: int, kind: str) -> Mark:
    if number > amount:
        return Mark(Kind.EXTENDED, number)
    return Mark(kind, number)


def _workday_marks(limit: Limit, count: Count, last: date, stopped: Stopped) -> list[Mark]:
    seq, marks, number = count.calendar.seq, [START], 0
    before = seq(count.first)
    for place in range(count.first.toordinal() + 1, last.toordinal() + 1):
        day = date.fromordinal(place)
        upto = seq(day)
        if stopped and day in stopped:
            marks.append(stopped[day])
        elif upto == before:
            marks.append(REST)
        else:
            number += 1
            marks.append(_numbered(limit.amount, number, Kind.WORKDAY))
        before = upto
    return marks


def _calendar_marks(limit: Limit, count: Count, last: date, stopped: Stopped) -> list[Mark]:
    plain = due_for(limit, replace(count, end_roll=False)).on
    marks, number = [START], 0
    for place in range(count.first.toordinal() + 1, last.toordinal() + 1):
        day = date.fromordinal(place)
        if stopped and day in stopped:
            marks.append(stopped[day])
        elif day > plain:
            marks.append(ROLLED)
        elif limit.unit == Unit.CALENDAR_DAY:
            number += 1
            marks.append(_numbered(limit.amount, number, Kind.DAY))
        else:
            marks.append(WITHIN)
    return marks


def _minutes(day: date, start: datetime, end: datetime) -> int:
    return int((min(end, end_of_day(day)) - max(start, at_local(day))) / MINUTE)


def _hour_marks(count: Count, due: Due, stopped: Stopped) -> list[Mark]:
    marks = []
    for place in range(count.first.toordinal(), due.on.toordinal() + 1):
        day = date.fromordinal(place)
        hours = Mark(Kind.HOURS, _minutes(day, count.start, due.at))
        marks.append(stopped.get(day, hours))
    return marks


def _marks(task: Task, due: Due | None, calendar: WorkCalendar, *, statute: bool) -> list[Mark]:
    limit = task.statutory if statute else task.promised
    if limit is None or due is None:
        return []
    more = sum(ext.amount for ext in task.extensions if statute or ext.moves_promise)
    stopped = _stopped(task.pauses, statute=statute) if task.pauses else {}
    spans = spans_of(task.pauses, statute=statute)
    count = Count(task.start, calendar, spans, more, task.end_roll)
    if limit.unit == Unit.HOUR:
        return _hour_marks(count, due, stopped)
    if due.on == count.first:
        return [SAME_DAY]
    if limit.unit == Unit.WORKDAY:
        return _workday_marks(limit, count, due.on, stopped)
    return _calendar_marks(limit, count, due.on, stopped)


def _forward(task: Task, dues: Dues, calendar: WorkCalendar) -> list[Note]:
    law = _marks(task, dues.statutory, calendar, statute=True)
    act = _marks(task, dues.promised, calendar, statute=False)
    first = local_date(task.start).toordinal()
    law_end, act_end = len(law) - 1, len(act) - 1
    return [
        Note(date.fromordinal(first + place), one, two, place == law_end, place == act_end)
        for place, (one, two) in enumerate(zip_longest(law, act))
    ]


def _backward(task: Task, dues: Dues, calendar: WorkCalendar) -> list[Note]:
    limit, event, last = task.statutory, local_date(task.start), dues.last.on
    workdays = limit is not None and limit.unit == Unit.WORKDAY
    notes, number, day = [Note(event, EVENT)], 0, event - ONE_DAY
    while day > last:
        if workdays and not calendar.is_workday(day):
            notes.append(Note(day, REST))
        else:
            number += 1
            notes.append(Note(day, Mark(Kind.BETWEEN, number)))
        day -= ONE_DAY
    own = number + 1 if task.debtor != Debtor.UNIT else 0
    notes.append(Note(last, Mark(Kind.LAST, own), None, statute_ends=True))
    return notes[::-1]


def explain(task: Task, dues: Dues, calendar: WorkCalendar) -> list[Note]:
    """Every day from the start to the last due, in order; of a backward limit, up to its event."""
    if task.backward:
        return _backward(task, dues, calendar)
    return _forward(task, dues, calendar)
