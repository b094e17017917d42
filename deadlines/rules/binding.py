"""A day that a served paper names and a new calendar counts otherwise: which of the two binds.

Whoever relied on the paper is not worse off for the new calendar (信赖保护, 行政许可法第8条):
an addressee keeps the later day; a unit stays held to the earlier one, unless it told a
lawful pause or extension.
"""

from dataclasses import dataclass
from datetime import date

from common.time import end_of_day
from deadlines.choices import Debtor
from deadlines.rules.dues import Due, Dues
from deadlines.rules.history import Course


@dataclass(frozen=True)
class Disagreement:
    """One due whose served day is not the one counted now."""

    served: date
    counted: date
    binding: date
    is_promise: bool


def binding_day(debtor: str, served: date, counted: date) -> date:
    """The later day where the addressee owes the act, the earlier one where a unit does."""
    return min(served, counted) if debtor == Debtor.UNIT else max(served, counted)


def _served_day(course: Course, *, statute: bool) -> date | None:
    """The day a paper names and whoever owes the act is still held to."""
    if course.terms.debtor == Debtor.UNIT and course.is_told_anew(statute=statute):
        return None
    return course.served.statutory if statute else course.served.promised


def _bound(course: Course, due: Due | None, *, statute: bool) -> Due | None:
    served = _served_day(course, statute=statute)
    if due is None or served is None:
        return due
    day = binding_day(course.terms.debtor, served, due.on)
    return due if day == due.on else Due(day, end_of_day(day), due.provisional)


def bound(course: Course, counted: Dues) -> Dues:
    """The dues that bind; the promise never ends after the statute."""
    promised = _bound(course, counted.promised, statute=False)
    statutory = _bound(course, counted.statutory, statute=True)
    if promised and statutory and promised.at > statutory.at:
        promised = statutory
    return Dues(statutory, promised)


def disagreements(course: Course, counted: Dues) -> list[Disagreement]:
    """Every due whose served day still matters and is another than the one counted now."""
    found = []
    for due, statute in ((counted.promised, False), (counted.statutory, True)):
        served = _served_day(course, statute=statute)
        if due and served and served != due.on:
            day = binding_day(course.terms.debtor, served, due.on)
            found.append(Disagreement(served, due.on, day, is_promise=not statute))
    return found
