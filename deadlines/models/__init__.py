"""Calendars, rules, clocks, their events and rungs."""

from deadlines.models.calendars import CalendarDay, CalendarVersion
from deadlines.models.clocks import Clock, ClockEvent
from deadlines.models.rules import ClockRule
from deadlines.models.stages import StageFire, SweepRun

__all__ = [
    "CalendarDay",
    "CalendarVersion",
    "Clock",
    "ClockEvent",
    "ClockRule",
    "StageFire",
    "SweepRun",
]
