"""Calendars, rules, clocks, their events and rungs."""

from deadlines.models.calendars import CalendarDay, CalendarNotice, CalendarVersion, Closure
from deadlines.models.clocks import Clock, ClockEvent
from deadlines.models.rules import ClockRule
from deadlines.models.stages import StageFire, SweepRun

__all__ = [
    "CalendarDay",
    "CalendarNotice",
    "CalendarVersion",
    "Clock",
    "ClockEvent",
    "ClockRule",
    "Closure",
    "StageFire",
    "SweepRun",
]
