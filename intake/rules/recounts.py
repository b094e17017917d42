"""A day that was printed and then counted anew: which of the two binds."""

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


def binding_day(debtor: str, printed: date, counted: date) -> date:
    """The later day where the applicant owes the act, the earlier one where a unit does."""
    return min(printed, counted) if debtor == Debtor.UNIT else max(printed, counted)


def recount_words(debtor: str, printed: date, counted: date, *, promise: bool, told: bool) -> str:
    """Old day, new day, and the one that binds; a pause or extension told since lets the new bind."""
    day = counted if told else binding_day(debtor, printed, counted)
    facts = {"old": day_words(printed), "new": day_words(counted), "day": day_words(day)}
    if debtor != Debtor.UNIT:
        return _("the day named was %(old)s, counted anew %(new)s: %(day)s binds") % facts
    if promise:
        return _("the promised day was %(old)s, counted anew %(new)s: %(day)s binds") % facts
    return _("the statutory day was %(old)s, counted anew %(new)s: %(day)s binds") % facts
