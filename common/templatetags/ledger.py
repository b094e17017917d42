"""Days and moments as the ledger writes them: 11-24 周二, 11-24 周二 09:12, 2026年11月24日."""

from datetime import date, datetime
from typing import Final

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import time

register = template.Library()

WEEKDAYS: Final = (
    gettext_lazy("Mo"),
    gettext_lazy("Tu"),
    gettext_lazy("We"),
    gettext_lazy("Th"),
    gettext_lazy("Fr"),
    gettext_lazy("Sa"),
    gettext_lazy("Su"),
)


def _day(value: date | datetime) -> date:
    return time.local_date(value) if isinstance(value, datetime) else value


@register.filter
def short_day(value: date | datetime | None) -> str:
    """Month, day and weekday, for table rows."""
    if value is None:
        return ""
    day = _day(value)
    return f"{day:%m-%d} {WEEKDAYS[day.weekday()]}"


@register.filter
def short_moment(value: datetime | None) -> str:
    """Month, day, weekday and time of day, for timelines."""
    return "" if value is None else f"{short_day(value)} {time.local(value):%H:%M}"


@register.filter
def long_day(value: date | datetime | None) -> str:
    """Year, month and day, for facts and papers."""
    if value is None:
        return ""
    day = _day(value)
    return _("%(year)d-%(month)02d-%(day)02d") % {
        "year": day.year,
        "month": day.month,
        "day": day.day,
    }


@register.filter
def long_moment(value: datetime | None) -> str:
    """Year, month, day and time of day."""
    return "" if value is None else f"{long_day(value)} {time.local(value):%H:%M}"
