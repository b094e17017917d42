"""System checks of the engine."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import OperationalError, ProgrammingError

from common import time
from deadlines.models import CalendarVersion, Clock
from deadlines.registry import registered_kinds

NOVEMBER = 11


def _strange_kinds() -> list[str]:
    stored = Clock.objects.order_by().values_list("subject_kind", flat=True).distinct()
    return sorted(set(stored) - registered_kinds())


def _calendar_messages() -> list[CheckMessage]:
    edition, today = CalendarVersion.objects.newest(), time.today()
    if edition is None:
        text = "no calendar of working days is loaded; run migrate"
        return [CheckWarning(text, id="deadlines.W002")]
    needed = today.year + 1 if today.month >= NOVEMBER else today.year
    if edition.official_until.year >= needed:
        return []
    text = f"the calendar of {needed} is not loaded yet; dues beyond are provisional"
    return [CheckWarning(text, id="deadlines.W001")]


@register(Tags.database)
def engine_can_answer(
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """Every clock's kind has a resolver, and the calendar reaches far enough."""
    if not databases:
        return []
    try:
        strange = [
            Error(f"nobody answers for clocks of kind {kind}", id="deadlines.E001")
            for kind in _strange_kinds()
        ]
        return [*strange, *_calendar_messages()]
    except (OperationalError, ProgrammingError):
        return []
