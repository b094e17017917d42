"""When the office is open: on working days, from opening to closing time."""

from datetime import datetime
from datetime import time as clock_time

from common.time import at_local, local
from deadlines.rules.calendar import ONE_DAY, WorkCalendar
from deadlines.rules.history import CLOSING

OPENING = clock_time(8, 30)


def office_opening(moment: datetime, calendar: WorkCalendar) -> datetime:
    """``moment`` itself while the office is open, else when it opens next.

    Raises:
        DateOutsideCalendar: the day lies outside the calendar.
    """
    there = local(moment)
    day = there.date()
    if calendar.is_workday(day) and OPENING <= there.time() < CLOSING:
        return moment
    if there.time() >= OPENING:
        day += ONE_DAY
    return at_local(calendar.on_or_after(day), OPENING)
