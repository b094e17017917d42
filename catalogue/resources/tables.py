"""The heading row of a file, found and understood; the rows below it by field."""

import re
from dataclasses import dataclass

import tablib
from django.utils.translation import gettext as _

from catalogue.errors import UnreadableTable
from catalogue.resources.columns import FIELD_OF, HEADING_OF, IGNORED, NEEDED
from catalogue.resources.reading import Line, read_lines
from catalogue.rules.text import plain

HEADING_WITHIN = 5
LINE, SURPLUS = "line", "surplus"
_MARKS = re.compile(r"[*＊]|[(（](必填|选填|必需|可选)[)）]")


@dataclass(frozen=True)
class Table:
    """Rows by field, with the headings as this file spells them."""

    dataset: tablib.Dataset
    headings: dict[str, str]
    remarks: list[str]


def read_table(data: bytes) -> Table:
    """The table of items in the file.

    Raises:
        UnreadableTable: no heading row, a needed heading is missing, or one stands twice.
    """
    lines = read_lines(data)
    place = _heading_place(lines)
    cells = [str(cell).strip() for cell in lines[place].cells]
    fields = [FIELD_OF.get(_word(cell), "") for cell in cells]
    _refuse_headings(fields, cells)
    headings = {field: cell for field, cell in zip(fields, cells, strict=True) if field}
    dataset = _dataset(fields, lines[place + 1 :])
    return Table(dataset, headings, _unknown(fields, cells))


def _word(cell: str) -> str:
    return plain(_MARKS.sub("", cell)).lower()


def _heading_place(lines: list[Line]) -> int:
    """The row that names most fields, among the first few: a title row may stand above it."""
    known = [sum(_word(cell) in FIELD_OF for cell in line.cells) for line in lines[:HEADING_WITHIN]]
    if not known or max(known) < len(NEEDED) - 1:
        raise UnreadableTable(
            _("no heading row found: the first row must name the columns, at least %(names)s")
            % {"names": "、".join(HEADING_OF[field] for field in NEEDED)},
        )
    return known.index(max(known))


def _refuse_headings(fields: list[str], cells: list[str]) -> None:
    missing = [HEADING_OF[field] for field in NEEDED if field not in fields]
    if missing:
        raise UnreadableTable(
            _("the column %(names)s is missing") % {"names": "、".join(missing)},
        )
    doubled = [
        cell for field, cell in zip(fields, cells, strict=True) if field and fields.count(field) > 1
    ]
    if doubled:
        raise UnreadableTable(
            _("two columns mean the same: %(names)s") % {"names": "、".join(doubled)},
        )


def _unknown(fields: list[str], cells: list[str]) -> list[str]:
    strange = [
        cell
        for field, cell in zip(fields, cells, strict=True)
        if cell and not field and _word(cell) not in IGNORED
    ]
    if not strange:
        return []
    return [_("columns not known and not read: %(names)s") % {"names": "、".join(strange)}]


def _dataset(fields: list[str], lines: list[Line]) -> tablib.Dataset:
    kept = [place for place, field in enumerate(fields) if field]
    dataset = tablib.Dataset(headers=[*(fields[place] for place in kept), LINE, SURPLUS])
    for line in lines:
        cells = line.cells + [""] * (len(fields) - len(line.cells))
        surplus = any(cell.strip() for cell in cells[len(fields) :])
        dataset.append([*(cells[place] for place in kept), line.number, surplus])
    return dataset
