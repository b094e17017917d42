"""Things that happen one after the other while time is moved: many walks, one calendar."""

import heapq
from collections.abc import Generator, Iterable
from datetime import date, datetime, time, timedelta
from itertools import count

from common.time import at_local, freeze, local_date
from deadlines.rules import WorkCalendar

Walk = Generator[datetime, None, None]
"""Yields the instant of its next step and takes the step when it is resumed."""

OPENS, CLOSES = time(9, 0), time(16, 50)


def step_time(moment: datetime | None, day: date, minutes: int) -> datetime:
    """An instant of ``day`` within office hours, after ``moment`` where both are one day."""
    opening = at_local(day, OPENS) + timedelta(minutes=minutes)
    if moment is None or local_date(moment) < day:
        return opening
    return min(moment + timedelta(minutes=10 + minutes // 12), at_local(day, CLOSES))


def last_workdays(calendar: WorkCalendar, before: date, amount: int) -> list[date]:
    """The last ``amount`` working days before ``before``, in order."""
    newest = calendar.before(before)
    return [calendar.workday_at(calendar.seq(newest) - back) for back in range(amount)][::-1]


class Agenda:
    """Walks taken up in the order of their instants, until nothing is left before the end."""

    def __init__(self, until: datetime) -> None:
        """Steps at or after ``until`` never happen."""
        self.until = until
        self._order = count()
        self._waiting: list[tuple[datetime, int, Walk]] = []

    def add(self, *walks: Walk) -> None:
        """The walks wait for their first instants."""
        for walk in walks:
            self._put(walk)

    def _put(self, walk: Walk) -> None:
        moment = next(walk, None)
        if moment is not None and moment < self.until:
            heapq.heappush(self._waiting, (moment, next(self._order), walk))

    def run(self) -> Iterable[date]:
        """Every step is taken at its instant; yields each day that has begun."""
        today: date | None = None
        while self._waiting:
            moment, _place, walk = heapq.heappop(self._waiting)
            if local_date(moment) != today:
                today = local_date(moment)
                yield today
            with freeze(moment):
                self._put(walk)
