"""Doors of the deadline engine."""

from datetime import date

from deadlines.services.calendars import (
    calendar_of,
    calendar_warning,
    current_calendar,
    current_edition,
    load_shipped_calendar,
)
from deadlines.services.clocks import (
    SubjectFacts,
    cancel_clock,
    finish_clock,
    reassign_clock,
    reopen_clock,
    settle_unanswered,
    start_clock,
)
from deadlines.services.effects import due_effects, settle_effects
from deadlines.services.extending import extend_clock
from deadlines.services.laws import Law, law_on, load_shipped_rules
from deadlines.services.loading import (
    load_notice,
    preview_closure,
    preview_notice,
    record_closure,
    revoke_closure,
)
from deadlines.services.pausing import pause_clock, resume_clock, retell_pause
from deadlines.services.reprojecting import continue_reprojection, reproject
from deadlines.services.sweeping import SweepResult, sweep
from deadlines.services.verifying import differences, verify_clocks

__all__ = [
    "Law",
    "SubjectFacts",
    "SweepResult",
    "add_workdays_from",
    "calendar_of",
    "calendar_warning",
    "cancel_clock",
    "continue_reprojection",
    "current_calendar",
    "current_edition",
    "differences",
    "due_effects",
    "extend_clock",
    "finish_clock",
    "law_on",
    "load_notice",
    "load_shipped_calendar",
    "load_shipped_rules",
    "pause_clock",
    "preview_closure",
    "preview_notice",
    "reassign_clock",
    "record_closure",
    "reopen_clock",
    "reproject",
    "resume_clock",
    "retell_pause",
    "revoke_closure",
    "settle_effects",
    "settle_unanswered",
    "start_clock",
    "sweep",
    "verify_clocks",
]


def add_workdays_from(day: date, amount: int) -> date:
    """The ``amount``-th working day after ``day`` on the calendar in force."""
    return current_calendar().add_workdays(day, amount)
