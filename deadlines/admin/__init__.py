"""The engine as clerks and administrators read it."""

from deadlines.admin.calendars import (
    CalendarDayAdmin,
    CalendarNoticeAdmin,
    CalendarVersionAdmin,
    ClosureAdmin,
)
from deadlines.admin.clocks import ClockAdmin, SweepRunAdmin
from deadlines.admin.rules import ClockRuleAdmin

__all__ = [
    "CalendarDayAdmin",
    "CalendarNoticeAdmin",
    "CalendarVersionAdmin",
    "ClockAdmin",
    "ClockRuleAdmin",
    "ClosureAdmin",
    "SweepRunAdmin",
]
