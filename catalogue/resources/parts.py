"""Rows of the sheets of parts, by the code of the item they belong to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from catalogue.resources.cells import Line
from catalogue.resources.headings import heading_word
from catalogue.resources.sheets import CODE, Entry, Sheet, SheetEntries

Place = dict[str, str]


@dataclass(frozen=True)
class PartRow:
    """One row of a part's sheet, read."""

    line: int
    code: str
    entry: Entry
    faults: list[tuple[str, str]]


@dataclass
class PartTable:
    """Every row of a part's sheet; ``name`` is the sheet's name in this file."""

    sheet: Sheet
    name: str
    rows: dict[str, list[PartRow]] = field(default_factory=dict)

    def add(self, row: PartRow) -> None:
        """The row belongs to the item of its code."""
        self.rows.setdefault(row.code, []).append(row)

    def entries_of(self, code: str) -> SheetEntries:
        """What the sheet says of one item; it says that a part is empty, too."""
        return entries_of(self.name, self.rows.get(code, []))

    def read(self, fields: list[str], lines: Iterable[Line]) -> None:
        """Every line below the heading row is read and kept under its code."""
        for line in lines:
            cells = {name: cell for name, cell in zip(fields, line.cells, strict=False) if name}
            self.add(self._row(line.number, cells))

    def _row(self, number: int, cells: dict[str, Any]) -> PartRow:
        entry, faults = self.sheet.entry(cells)
        code = ""
        try:
            code = CODE.widget.clean(cells.get(CODE.field, ""))
        except ValueError as fault:
            faults.insert(0, (CODE.heading, str(fault)))
        return PartRow(number, code, entry, faults)


def entries_of(sheet: str, rows: list[PartRow]) -> SheetEntries:
    """The rows as one item's entries, with what is wrong and what is doubtful."""
    faults = [
        said_at(sheet, row.line, heading, text) for row in rows for heading, text in row.faults
    ]
    doubts = list(_twins(sheet, rows))
    return SheetEntries([row.entry for row in rows], faults, doubts)


def _twins(sheet: str, rows: list[PartRow]) -> Iterable[Place]:
    for place, row in enumerate(rows):
        twin = next((one for one in rows[:place] if one.entry == row.entry), None)
        if twin is not None:
            yield said_at(sheet, row.line, "", _("the same stands in line %s") % twin.line)


def said_at(sheet: str, line: int, heading: str, text: str) -> Place:
    """What is said of one cell of a sheet, with its place."""
    place = _("%(sheet)s line %(line)s %(column)s")
    found = place % {"sheet": sheet, "line": line, "column": heading}
    return {"column": found.strip(), "text": text}


def unknown_headings(sheet: Sheet, cells: list[str], ignored: frozenset[str]) -> list[str]:
    """Headings of the sheet that name none of its columns."""
    known = sheet.fields.keys() | ignored
    return [cell for cell in cells if cell and heading_word(cell) not in known]
