"""Cells and lines of a table file, and the limits within which one is read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol

from django.utils.translation import gettext as _
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from catalogue.errors import UnreadableTable

MAX_ROWS = 20_000
MAX_ENTRY_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELLS = 2_500_000
MOST_DIGITS = 15
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
ERRORS = frozenset(
    ("#N/A", "#REF!", "#DIV/0!", "#NAME?", "#VALUE!", "#NULL!", "#NUM!", "#GETTING_DATA")
)


class OddCell(str):
    """A cell of a workbook that holds more, or less, than its text."""

    __slots__ = ()
    kind = ""


class DateCell(OddCell):
    """A cell that the workbook holds as a date."""

    __slots__ = ()
    kind = "date"


class FormulaCell(OddCell):
    """A cell that the workbook holds as a formula."""

    __slots__ = ()
    kind = "formula"


class ErrorCell(OddCell):
    """A cell whose formula failed and left its error behind."""

    __slots__ = ()
    kind = "error"


class MergedCell(OddCell):
    """A cell that was merged into another and so says nothing itself."""

    __slots__ = ()
    kind = "merged"


class RoundedCell(OddCell):
    """A number with more digits than a spreadsheet keeps."""

    __slots__ = ()
    kind = "rounded"


class AbsentCell(OddCell):
    """No cell at all: the row says nothing of this column, so what is stored stays."""

    __slots__ = ()
    kind = "absent"


ABSENT = AbsentCell("")


def cell_kind(cell: Any) -> str:
    """What is odd about the cell; empty for plain text."""
    return str(getattr(cell, "kind", ""))


@dataclass(frozen=True)
class Line:
    """One row of the file with the number its reader sees."""

    number: int
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(cell.strip() for cell in self.cells)


class Source(Protocol):
    """A file with named sheets; a flat file has one without a name."""

    names: list[str]

    def lines(self, name: str) -> Iterator[Line]:
        """Every line of the sheet, blank ones too."""


def guarded(text: str) -> str:
    """The text for a cell, behind an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_SIGNS) else text


def unguarded(cell: str) -> str:
    """What ``guarded`` was given; any other cell as it is."""
    return cell[1:] if cell.startswith("'") and guarded(cell) != cell else cell


def as_text(value: Any) -> str:
    """A workbook's value as a person reads it in the cell."""
    if isinstance(value, str | None):
        return _odd_text(value or "")
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime | date | time):
        return DateCell(value.isoformat()[:10])
    if isinstance(value, ArrayFormula | DataTableFormula):
        return FormulaCell("=")
    return str(value)


def _odd_text(value: str) -> str:
    if value.startswith("=") and not value.startswith('="'):
        return FormulaCell(value)
    return ErrorCell(value) if value in ERRORS else value


def _number(value: float) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    whole = float(value).is_integer()
    text = str(int(value)) if whole else str(value)
    return RoundedCell(text) if whole and len(text.lstrip("-")) > MOST_DIGITS else text


class Bounds:
    """Counts what is kept of one file, so that a huge one is refused before memory grows."""

    def __init__(self) -> None:
        self.cells = 0

    def kept(self, lines: Iterable[Line], most: int) -> list[Line]:
        """Every line that is not blank, its guards taken away.

        Raises:
            UnreadableTable: more rows, columns or cells than one file may have.
        """
        found: list[Line] = []
        for line in lines:
            if line.is_blank:
                continue
            self._count(line)
            if len(found) > most:
                raise UnreadableTable(
                    _("the file has more than %(rows)s rows: split it") % {"rows": most},
                )
            found.append(Line(line.number, [unguarded(cell) for cell in line.cells[:MAX_COLUMNS]]))
        return found

    def _count(self, line: Line) -> None:
        self.cells += sum(map(bool, line.cells))
        if self.cells > MAX_CELLS:
            raise UnreadableTable(
                _("the file has more than %(cells)s filled cells: split it") % {"cells": MAX_CELLS}
            )
        if len(line.cells) > MAX_COLUMNS and any(map(str.strip, line.cells[MAX_COLUMNS:])):
            raise UnreadableTable(
                _("line %(line)s has more than %(columns)s columns")
                % {"line": line.number, "columns": MAX_COLUMNS}
            )
