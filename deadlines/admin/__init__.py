"""The engine as clerks and administrators read it."""

from deadlines.admin.calendars import CalendarDayAdmin, CalendarVersionAdmin
from deadlines.admin.clocks import ClockAdmin, SweepRunAdmin
from deadlines.admin.rules import ClockRuleAdmin

__all__ = [
    "CalendarDayAdmin",
    "CalendarVersionAdmin",
    "ClockAdmin",
    "ClockRuleAdmin",
    "SweepRunAdmin",
]
