"""The catalogue as a file that rebuilds it: a workbook, a flat table, or JSON."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from catalogue.models import ItemVersion
from catalogue.resources.cells import guarded
from catalogue.resources.columns import COLUMNS, ITEM_COLUMNS, TEMPLATE_HEADINGS
from catalogue.resources.form_cells import ordered
from catalogue.resources.settled import settled
from catalogue.resources.sheets import SHEETS
from catalogue.rules.cards import ItemCard
from common.errors import InvalidInput

FORMATS = ("xlsx", "csv", "json")
SHEET = "事项"
LONGEST_CELL = 32_767
BATCH = 500


def export_items(*, user: Any, form: str) -> bytes:
    """The newest version of every item the user may see, by code; the same content, same bytes.

    ``form`` is ``xlsx`` (a sheet of items and one for each part), ``csv`` (UTF-8 with a mark,
    as spreadsheets want it; parts as list cells) or ``json`` (a list of items with nested
    parts). Importing the file into an empty catalogue rebuilds equal cards. No cell begins a
    formula: a text that would do so stands behind an apostrophe, which the import takes away.

    Raises:
        InvalidInput: no such form, or a text is longer than a workbook's cell can be.
    """
    if form not in FORMATS:
        raise InvalidInput(
            _("“%(form)s” is none of: %(forms)s") % {"form": form, "forms": "、".join(FORMATS)},
        )
    writers = {"csv": _as_csv, "xlsx": _as_xlsx, "json": _as_json}
    return writers[form](_cards(user))


def empty_workbook() -> bytes:
    """A workbook of headings only, to be filled in."""
    return _as_xlsx(iter(()))


def _cards(user: Any) -> Iterator[ItemCard]:
    versions = ItemVersion.objects.visible_to(user).with_parts().order_by("item__code", "-number")
    last = None
    for version in versions.iterator(chunk_size=BATCH):
        if version.item_id != last:
            yield version.card()
        last = version.item_id


def _as_csv(cards: Iterator[ItemCard]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(TEMPLATE_HEADINGS)
    for card in cards:
        writer.writerow(
            [guarded(column.widget.render(getattr(card, column.field))) for column in COLUMNS]
        )
    return out.getvalue().encode("utf-8-sig")


def _as_json(cards: Iterator[ItemCard]) -> bytes:
    """One item a line, so that two exports can be compared by lines."""
    items = (json.dumps(_item(card), ensure_ascii=False) for card in cards)
    return ("[\n" + ",\n".join(items) + "\n]\n").encode()


def _item(card: ItemCard) -> dict[str, Any]:
    said = {column.field: getattr(card, column.field) for column in COLUMNS}
    return {**said, "form_definition": ordered(card.form_definition)}


def _as_xlsx(cards: Iterator[ItemCard]) -> bytes:
    book = Workbook(write_only=True)
    sheets = {part.part: book.create_sheet(part.name) for part in SHEETS}
    items = book.create_sheet(SHEET, 0)
    items.append([column.heading for column in ITEM_COLUMNS])
    for part in SHEETS:
        sheets[part.part].append(part.headings)
    for card in cards:
        cells = [column.widget.render(getattr(card, column.field)) for column in ITEM_COLUMNS]
        items.append(_fitting(card.code, cells))
        for part in SHEETS:
            for entry in getattr(card, part.part):
                sheets[part.part].append(_fitting(card.code, [card.code, *part.row(entry)]))
    out = io.BytesIO()
    book.save(out)
    return settled(out)


def _fitting(code: str, cells: list[str]) -> list[str | None]:
    if max(map(len, cells)) >= LONGEST_CELL:
        raise InvalidInput(
            _("item %(code)s has a text too long for a workbook: export CSV or JSON instead")
            % {"code": code},
        )
    return [guarded(cell) or None for cell in cells]
