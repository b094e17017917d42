"""What the outbox asks upwards: when outside channels may speak.

Office hours need the calendar of working days, which stands on a higher floor. It
registers one answer; without one every hour will do.
"""

from collections.abc import Callable
from datetime import datetime

OfficeHours = Callable[[datetime], datetime]

_answers: list[OfficeHours] = []


def register_office_hours(opening: OfficeHours) -> None:
    """``opening(moment)`` gives the first moment in office hours from ``moment`` on.

    Raises:
        ValueError: somebody else answers already.
    """
    if _answers and _answers != [opening]:
        raise ValueError("two answers to when the office is open")
    _answers[:] = [opening]


def next_opening(moment: datetime) -> datetime:
    """``moment`` itself in office hours, else when the office opens next."""
    return _answers[0](moment) if _answers else moment
