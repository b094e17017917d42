"""A list of items as JSON, each with its parts as lists, read as the table a workbook holds."""

import json
from typing import Any, NoReturn

import tablib
from django.utils.translation import gettext as _

from catalogue.errors import UnreadableTable
from catalogue.resources.cells import ABSENT, MAX_ENTRY_ROWS, MAX_ROWS
from catalogue.resources.columns import FIELD_OF, HEADING_OF, REGION
from catalogue.resources.headings import heading_word
from catalogue.resources.parts import PartRow, entries_of
from catalogue.resources.reading import decoded, refuse_size
from catalogue.resources.sheets import CODE, SHEET_OF_PART, SheetEntries, given_cells
from catalogue.resources.tables import META, Table, refuse_doubled
from catalogue.resources.widgets import Given

MAX_JSON_BYTES = 64 * 1024 * 1024
STARTS = (b"[", b"{", b"\xef\xbb\xbf[", b"\xef\xbb\xbf{")
TEXTS = (CODE.field, REGION)
Item = dict[str, Any]


def is_json(data: bytes) -> bool:
    """Whether the file begins as JSON does."""
    return data.lstrip()[:4].startswith(STARTS)


def read_json(data: bytes) -> Table:
    """The items of the file with their parts; what an item does not name stays as it is.

    Raises:
        UnreadableTable: too large, broken, or no list of items.
    """
    refuse_size(data, MAX_JSON_BYTES)
    items = _loaded(decoded(data))
    _refuse_bounds(items)
    names = list(dict.fromkeys(name for item in items for name in item))
    known = {name: FIELD_OF[heading_word(name)] for name in names if heading_word(name) in FIELD_OF}
    refuse_doubled(list(known.values()), list(known))
    fields = list(dict.fromkeys([CODE.field, *known.values()]))
    dataset = tablib.Dataset(headers=[*fields, *META])
    for place, item in enumerate(items, start=1):
        dataset.append([*_row(item, known, fields), place, False, ""])
    strange = "、".join(name[:40] for name in names if name not in known)
    said = _("columns not known and not read: %(names)s") % {"names": strange}
    return Table(dataset, {}, [said] if strange else [])


def _loaded(text: str) -> list[Item]:
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except json.JSONDecodeError as fault:
        raise UnreadableTable(
            _("line %(line)s cannot be read as JSON") % {"line": fault.lineno}
        ) from fault
    except (ValueError, RecursionError) as fault:
        raise UnreadableTable(_("the file cannot be read as JSON")) from fault
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise UnreadableTable(_("the JSON is no list of items"))
    return found


def _once(pairs: list[tuple[str, Any]]) -> Item:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UnreadableTable(_("“%(name)s” stands twice in one entry") % {"name": twice[:40]})
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _refuse_bounds(items: list[Item]) -> None:
    if len(items) > MAX_ROWS:
        raise UnreadableTable(
            _("the file has more than %(rows)s rows: split it") % {"rows": MAX_ROWS}
        )
    entries = sum(len(value) for item in items for value in item.values() if _is_list(value))
    if entries > MAX_ENTRY_ROWS * len(SHEET_OF_PART):
        raise UnreadableTable(
            _("the file has more than %(rows)s rows: split it") % {"rows": MAX_ENTRY_ROWS}
        )


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _row(item: Item, known: dict[str, str], fields: list[str]) -> list[Any]:
    cells = dict.fromkeys(fields, ABSENT) | {CODE.field: ""}
    for name, value in item.items():
        if name in known:
            cells[known[name]] = _cell(known[name], value)
    return [cells[name] for name in fields]


def _cell(field: str, value: Any) -> Any:
    if field in TEXTS:
        return value if isinstance(value, str) else str("" if value is None else value)
    if field in SHEET_OF_PART and isinstance(value, list):
        return _entries(field, value)
    return Given(value)


def _entries(part: str, entries: list[Any]) -> SheetEntries:
    sheet = SHEET_OF_PART[part]
    rows = []
    for place, given in enumerate(entries, start=1):
        try:
            entry, faults = sheet.entry(given_cells(sheet, given))
        except ValueError as fault:
            entry, faults = {}, [("", str(fault))]
        rows.append(PartRow(place, "", entry, faults))
    return entries_of(HEADING_OF[part], rows)
