"""Office hours on the calendar in force, for whoever must not disturb people outside them."""

from datetime import datetime

from deadlines.errors import DateOutsideCalendar, NoCalendar
from deadlines.rules.office import office_opening
from deadlines.services.calendars import current_calendar


def next_opening(moment: datetime) -> datetime:
    """``moment`` while the office is open, else when it opens next; any hour without a calendar."""
    try:
        return office_opening(moment, current_calendar())
    except (NoCalendar, DateOutsideCalendar):
        return moment
