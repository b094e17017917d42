"""A limit in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deadlines.choices import Unit as LimitUnit


def limit_words(amount: int | None, unit: str) -> str:
    """``20 working days``; empty without a limit."""
    if amount is None:
        return ""
    if unit == LimitUnit.SAME_DAY:
        return _("the same day")
    return _counted(amount, unit) % {"number": amount}


def _counted(amount: int, unit: str) -> str:
    if unit == LimitUnit.CALENDAR_DAY:
        return ngettext("%(number)s calendar day", "%(number)s calendar days", amount)
    if unit == LimitUnit.HOUR:
        return ngettext("%(number)s hour", "%(number)s hours", amount)
    if unit == LimitUnit.MONTH:
        return ngettext("%(number)s month", "%(number)s months", amount)
    return ngettext("%(number)s working day", "%(number)s working days", amount)
