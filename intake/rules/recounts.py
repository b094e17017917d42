"""A day that was printed and then counted anew: what everyone concerned reads."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from deadlines.choices import Debtor
from intake.rules.effects import day_words


@dataclass(frozen=True)
class Recount:
    """One move of one due by a new calendar, as everyone concerned reads it."""

    at: datetime
    text: str


def recount_words(debtor: str, old: date, counted: date, binding: date, *, promise: bool) -> str:
    """Old day, new day, and the one that binds."""
    facts = {"old": day_words(old), "new": day_words(counted), "day": day_words(binding)}
    if debtor != Debtor.UNIT:
        return _("the day named was %(old)s, counted anew %(new)s: %(day)s binds") % facts
    if promise:
        return _("the promised day was %(old)s, counted anew %(new)s: %(day)s binds") % facts
    return _("the statutory day was %(old)s, counted anew %(new)s: %(day)s binds") % facts
