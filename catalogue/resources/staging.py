"""A file of items, checked row by row, waits in a job for somebody's yes."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from import_export.results import Result, RowResult

from catalogue.choices import RowFate, VersionState
from catalogue.resources.cells import ABSENT
from catalogue.resources.columns import HEADING_OF
from catalogue.resources.items import ItemResource, is_told, text_of
from catalogue.resources.json_items import is_json, read_json
from catalogue.resources.parts import PartRow, PartTable
from catalogue.resources.reading import open_source
from catalogue.resources.sheets import CODE, SheetEntries
from catalogue.resources.tables import LINE, SHEET, SURPLUS, Table, read_table
from catalogue.rules.cards import PARTS, ItemCard
from catalogue.rules.text import plain
from catalogue.services import ImportOptions, stage_import
from catalogue.services.cards import known_codes
from catalogue.services.imports import digest_of
from common.models import Job
from organisations.models import User

Row = dict[str, Any]
FATES = {
    RowResult.IMPORT_TYPE_NEW: RowFate.NEW,
    RowResult.IMPORT_TYPE_UPDATE: RowFate.UPDATED,
    RowResult.IMPORT_TYPE_SKIP: RowFate.UNCHANGED,
}
BARE: Row = {
    "region": "",
    "reasons": [],
    "notices": [],
    "changes": [],
    "default_promise": False,
    "new_unit": "",
}


def stage_file(*, actor: User, name: str, data: bytes, options: ImportOptions) -> Job:
    """The file's rows are checked and wait in a job for somebody's yes.

    Raises:
        Forbidden: the actor may not import.
        UnreadableTable: the file is no table of items.
    """
    table = _read(data)
    strays = list(_gather(table))
    resource = ItemResource(options)
    result = resource.import_data(table.dataset, use_transactions=False)
    rows = [*_rows(resource, table, result), *strays]
    return stage_import(
        actor=actor,
        file_name=name,
        options=options,
        rows=rows,
        remarks=[*table.remarks, *_remarks(rows, options)],
    )


def _read(data: bytes) -> Table:
    return read_json(data) if is_json(data) else read_table(open_source(data))


def _gather(table: Table) -> Iterator[Row]:
    """Rows of the sheets of parts stand at their items; yields rows of items nobody knows."""
    known = {plain(cell) for cell in table.dataset["code"]} - {""}
    named = {code for part in table.parts.values() for code in part.rows if code not in known}
    stored = known_codes(named)
    for part in table.parts.values():
        for code, rows in part.rows.items():
            if code in stored and code not in known:
                known.add(code)
                _append(table, code, rows[0].line, part.name)
            elif code not in known:
                yield from (_stray(part, row) for row in rows)
    _join_parts(table)


def _append(table: Table, code: str, line: int, sheet: str) -> None:
    """A stored item of which only parts are told stands as a row that says nothing else."""
    said = {"code": code, LINE: line, SURPLUS: False, SHEET: sheet}
    table.dataset.append([said.get(name, ABSENT) for name in table.dataset.headers])


def _join_parts(table: Table) -> None:
    sheets = {part.name for part in table.parts.values()}
    codes = [plain(code) for code in table.dataset["code"]]
    is_item = [sheet not in sheets for sheet in table.dataset[SHEET]]
    for field, part in table.parts.items():
        if field in table.dataset.headers:
            table.remarks.append(
                _("the column %(column)s is not read: the sheet %(sheet)s stands")
                % {"column": _heading(table, field), "sheet": part.name}
            )
            del table.dataset[field]
        cells = [
            part.entries_of(code) if whole or code in part.rows else ABSENT
            for code, whole in zip(codes, is_item, strict=True)
        ]
        table.dataset.append_col(cells, header=field)


def _stray(part: PartTable, row: PartRow) -> Row:
    """A row that belongs to no item."""
    unknown = _("“%(code)s” is no item of this file or of the catalogue") % {"code": row.code}
    said = [*row.faults] if row.faults and not row.code else [(CODE.heading, unknown), *row.faults]
    reasons = [{"column": heading, "text": text} for heading, text in said]
    name = str(next(iter(row.entry.values()), "") or "")
    found = {"line": row.line, "sheet": part.name, "code": row.code, "name": name[:80]}
    return {**BARE, **found, "fate": RowFate.REPORTED.value, "reasons": reasons}


def _remarks(rows: list[Row], options: ImportOptions) -> Iterator[str]:
    filled = sum(1 for row in rows if row["fate"] == RowFate.NEW and row["default_promise"])
    if filled:
        yield _("%(rows)s rows name no limit: they promise %(days)s working days") % {
            "rows": filled,
            "days": options.default_promise,
        }
    added = Counter(row["new_unit"] for row in rows if row["new_unit"])
    if added:
        yield _("departments that will be added: %(names)s") % {"names": "、".join(added)}


def _rows(resource: ItemResource, table: Table, result: Result) -> Iterator[Row]:
    for values, outcome in zip(table.dataset.dict, result.rows, strict=True):
        yield _row(resource, table, values, outcome)


def _row(resource: ItemResource, table: Table, values: Row, outcome: RowResult) -> Row:
    fate = FATES.get(outcome.import_type, RowFate.REPORTED)
    row: Row = {
        **BARE,
        "line": values[LINE],
        "sheet": values[SHEET],
        "code": plain(values["code"]),
        "name": text_of(values.get("name")),
        "fate": fate.value,
        "region": resource.region_of(values),
    }
    if fate == RowFate.REPORTED:
        return {**row, "reasons": _reasons(table, outcome, values)}
    return row | _stored_part(resource, table, outcome, values)


def _stored_part(
    resource: ItemResource,
    table: Table,
    outcome: RowResult,
    values: Row,
) -> Row:
    fate = FATES[outcome.import_type]
    card: ItemCard = outcome.instance
    notices = [
        {**notice, "column": _heading(table, notice["column"])}
        for notice in resource.notices_of(card, values)
    ] + [doubt for cell in _sheet_cells(values) for doubt in cell.doubts]
    part: Row = {"notices": notices, "name": card.name}
    if fate == RowFate.UNCHANGED:
        return part
    part["card"] = vars(card)
    part["seen"] = digest_of(resource.stored[card.code]) if fate == RowFate.UPDATED else ""
    part["changes"] = _changes(resource, table, outcome) if fate == RowFate.UPDATED else []
    part["default_promise"] = _is_default(resource, card, values)
    known = resource.units.find(card.department, "") is not None
    part["new_unit"] = "" if known else card.department
    return part


def _sheet_cells(values: Row) -> Iterator[SheetEntries]:
    cells = (values.get(part) for part in PARTS)
    return (cell for cell in cells if isinstance(cell, SheetEntries))


def _is_default(resource: ItemResource, card: ItemCard, values: Row) -> bool:
    silent = not is_told(values, "promised_amount") and card.statutory_amount is None
    return silent and card.promised_amount == resource.options.default_promise


def _changes(resource: ItemResource, table: Table, outcome: RowResult) -> list[dict[str, str]]:
    before, after = resource.stored[outcome.instance.code], outcome.instance
    changes = [
        {
            "column": _heading(table, name),
            "before": field.widget.render(getattr(before, name)),
            "after": field.widget.render(getattr(after, name)),
        }
        for name, field in resource.fields.items()
        if getattr(before, name) != getattr(after, name)
    ]
    if not changes:
        draft, published = VersionState.DRAFT.label, VersionState.PUBLISHED.label
        return [{"column": _("state"), "before": str(draft), "after": str(published)}]
    return changes


def _reasons(table: Table, outcome: RowResult, values: Row) -> list[dict[str, str]]:
    fault = outcome.validation_error
    if fault is None:
        return [{"column": "", "text": _("this row cannot be understood")}]
    own = [
        {"column": _heading(table, field), "text": text}
        for field, texts in fault.message_dict.items()
        for text in texts
        if text
    ]
    return own + [fault for cell in _sheet_cells(values) for fault in cell.faults]


def _heading(table: Table, field: str) -> str:
    return table.headings.get(field, HEADING_OF.get(field, ""))
