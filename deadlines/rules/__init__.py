"""Pure functions of the clock: no query, no present time, no setting."""

from deadlines.rules.calendar import WorkCalendar
from deadlines.rules.dues import (
    Due,
    Dues,
    Extension,
    Limit,
    Pause,
    compute,
    counted_from,
    last_day_before,
)
from deadlines.rules.history import Course, Entry, Terms, Thresholds, fold
from deadlines.rules.remaining import Measure, measure
from deadlines.rules.stages import Projection, project

__all__ = [
    "Course",
    "Due",
    "Dues",
    "Entry",
    "Extension",
    "Limit",
    "Measure",
    "Pause",
    "Projection",
    "Terms",
    "Thresholds",
    "WorkCalendar",
    "compute",
    "counted_from",
    "fold",
    "last_day_before",
    "measure",
    "project",
]
