"""The heading rows of a file, found and understood; the rows below them by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import tablib
from django.utils.translation import gettext as _

from catalogue.errors import UnreadableTable
from catalogue.resources.cells import MAX_ENTRY_ROWS, MAX_ROWS, Bounds, Line, Source
from catalogue.resources.columns import FIELD_OF, HEADING_OF, IGNORED, NEEDED, SPARE_CODE
from catalogue.resources.headings import heading_word
from catalogue.resources.parts import PartTable, unknown_headings
from catalogue.resources.sheets import CODE, SHEET_NAMED, Sheet

HEADING_WITHIN = 5
LINE, SURPLUS, SHEET = "line", "surplus", "sheet"
META = (LINE, SURPLUS, SHEET)
ITEM_SHEETS = frozenset(("事项", "事项清单", "items"))
IGNORED_IN_PARTS = IGNORED | {"事项名称", "item_name"}


@dataclass
class Table:
    """Rows by field, with the headings as this file spells them, and the sheets of parts."""

    dataset: tablib.Dataset
    headings: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    parts: dict[str, PartTable] = field(default_factory=dict)


def read_table(source: Source) -> Table:
    """The items of the file with their parts.

    Raises:
        UnreadableTable: no heading row, a needed heading is missing, or one stands twice.
    """
    bounds = Bounds()
    main, parts, others = _sorted_sheets(source)
    rows = bounds.kept(source.lines(main), MAX_ROWS) if main is not None else []
    table = _items(main or "", rows) if rows or not parts else Table(empty_dataset())
    table.remarks += _strange_sheets(source, others)
    for name in parts:
        lines = bounds.kept(source.lines(name), MAX_ENTRY_ROWS)
        _add_part(table, SHEET_NAMED[heading_word(name)], name, lines)
    return table


def empty_dataset() -> tablib.Dataset:
    """Rows that say nothing but the code of their item."""
    return tablib.Dataset(headers=[CODE.field, *META])


def _sorted_sheets(source: Source) -> tuple[str | None, list[str], list[str]]:
    """The sheet of items, if any; sheets of parts; sheets that are neither."""
    parts = [name for name in source.names if heading_word(name) in SHEET_NAMED]
    rest = [name for name in source.names if name not in parts]
    named = [name for name in rest if heading_word(name) in ITEM_SHEETS]
    main = next(iter([*named, *rest]), None)
    return main, parts, [name for name in rest if name != main]


def _strange_sheets(source: Source, names: list[str]) -> list[str]:
    filled = [name for name in names if not all(line.is_blank for line in source.lines(name))]
    if not filled:
        return []
    return [_("sheets not known and not read: %(names)s") % {"names": "、".join(filled)}]


def _items(name: str, lines: list[Line]) -> Table:
    place = _heading_place(lines, FIELD_OF, len(NEEDED) - 1)
    if place is None:
        raise UnreadableTable(
            _("no heading row found: the first row must name the columns, at least %(names)s")
            % {"names": "、".join(HEADING_OF[field] for field in NEEDED)},
        )
    cells = [str(cell).strip() for cell in lines[place].cells]
    fields = _with_code([FIELD_OF.get(heading_word(cell), "") for cell in cells])
    _refuse_missing([HEADING_OF[name] for name in NEEDED if name not in fields])
    refuse_doubled(fields, cells)
    headings = {name: cell for name, cell in zip(fields, cells, strict=True) if name}
    strange = [
        cell
        for name, cell in zip(fields, cells, strict=True)
        if cell and not name and heading_word(cell) not in IGNORED
    ]
    below = lines[place + 1 :]
    remarks = [*_unknown("", strange), *_headless(cells, below)]
    return Table(_dataset(name, fields, below), headings, remarks)


def _with_code(fields: list[str]) -> list[str]:
    """Some lists number their items by the local implementation code and by nothing else."""
    if CODE.field in fields:
        return fields
    return [CODE.field if name == SPARE_CODE else name for name in fields]


def _heading_place(lines: list[Line], names: Mapping[str, str], least: int) -> int | None:
    """The row that names most fields, among the first few: a title row may stand above it."""
    known = [
        sum(heading_word(cell) in names for cell in line.cells) for line in lines[:HEADING_WITHIN]
    ]
    return known.index(max(known)) if known and max(known) >= least else None


def _refuse_missing(headings: list[str], sheet: str = "") -> None:
    if headings:
        raise UnreadableTable(
            _in_sheet(sheet)
            + _("the column %(names)s is missing") % {"names": "、".join(headings)},
        )


def refuse_doubled(fields: list[str], cells: list[str], sheet: str = "") -> None:
    """Pass silently if every field is named once.

    Raises:
        UnreadableTable: two columns fill one field.
    """
    doubled = [
        cell for name, cell in zip(fields, cells, strict=True) if name and fields.count(name) > 1
    ]
    if doubled:
        raise UnreadableTable(
            _in_sheet(sheet)
            + _("two columns mean the same: %(names)s") % {"names": "、".join(doubled)},
        )


def _in_sheet(sheet: str) -> str:
    return _("sheet %(sheet)s: ") % {"sheet": sheet} if sheet else ""


def _unknown(sheet: str, strange: list[str]) -> list[str]:
    if not strange:
        return []
    said = _("columns not known and not read: %(names)s") % {"names": "、".join(strange)}
    return [_in_sheet(sheet) + said]


def _headless(cells: list[str], lines: list[Line]) -> list[str]:
    """Text below an empty heading is not read, and that is said."""
    empty = [place for place, cell in enumerate(cells) if not cell]
    filled = [
        str(place + 1)
        for place in empty
        if any(line.cells[place].strip() for line in lines if place < len(line.cells))
    ]
    if not filled:
        return []
    return [_("columns without a heading, not read: %(places)s") % {"places": "、".join(filled)}]


def _dataset(sheet: str, fields: list[str], lines: list[Line]) -> tablib.Dataset:
    kept = [place for place, name in enumerate(fields) if name]
    dataset = tablib.Dataset(headers=[*(fields[place] for place in kept), *META])
    for line in lines:
        cells = line.cells + [""] * (len(fields) - len(line.cells))
        surplus = any(cell.strip() for cell in cells[len(fields) :])
        dataset.append([*(cells[place] for place in kept), line.number, surplus, sheet])
    return dataset


def _add_part(table: Table, sheet: Sheet, name: str, lines: list[Line]) -> None:
    place = _heading_place(lines, sheet.fields, 2)
    if place is None:
        if lines:
            _refuse_missing([CODE.heading, sheet.columns[0].heading], name)
        table.remarks.append(_("sheet %(sheet)s is empty and not read") % {"sheet": name})
        return
    cells = [str(cell).strip() for cell in lines[place].cells]
    fields = [sheet.fields.get(heading_word(cell), "") for cell in cells]
    if sheet.part in table.parts:
        raise UnreadableTable(_("two sheets mean the same: %(names)s") % {"names": name})
    needed = (CODE, sheet.columns[0])
    _refuse_missing([column.heading for column in needed if column.field not in fields], name)
    refuse_doubled(fields, cells, name)
    table.remarks += _unknown(name, unknown_headings(sheet, cells, IGNORED_IN_PARTS))
    part = table.parts[sheet.part] = PartTable(sheet, name)
    part.read(fields, lines[place + 1 :])
