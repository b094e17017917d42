"""The notes of an explanation laid out as sheets of a month calendar."""

import calendar as civil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from deadlines.rules.explain import Kind, Note

WEEKS = civil.Calendar(civil.MONDAY)
MONTHS_SHOWN = 6


@dataclass(frozen=True)
class Cell:
    """One day of a sheet; without a note it lies outside the limit."""

    day: date
    note: Note | None = None

    @property
    def tone(self) -> str:
        """How the day looks: counting, resting, paused, or neither."""
        if self.note is None:
            return "out"
        if self.note.counts:
            return "counts"
        paused = any(mark.kind == Kind.PAUSED for mark in self.note.marks)
        return "paused" if paused else "rest"


@dataclass(frozen=True)
class Sheet:
    """A month with its weeks from Monday; None pads the first and the last week."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]


def _sheet(first: date, notes: dict[date, Note]) -> Sheet:
    weeks = WEEKS.monthdatescalendar(first.year, first.month)
    rows = (
        tuple(Cell(day, notes.get(day)) if day.month == first.month else None for day in week)
        for week in weeks
    )
    return Sheet(first, tuple(rows))


def sheets_of(notes: Sequence[Note]) -> tuple[list[Sheet], int]:
    """The sheets from the first month to the last, and how many in between are left out."""
    by_day = {note.day: note for note in notes}
    firsts = [month for month, _days in groupby(by_day, lambda day: day.replace(day=1))]
    shown, left_out = _ends_of(firsts)
    return [_sheet(first, by_day) for first in shown], left_out


def _ends_of(firsts: Sequence[date]) -> tuple[Iterable[date], int]:
    if len(firsts) <= MONTHS_SHOWN:
        return firsts, 0
    half = MONTHS_SHOWN // 2
    return [*firsts[:half], *firsts[-half:]], len(firsts) - MONTHS_SHOWN
