"""The catalogue as a flat table that the import reads back without a change."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from catalogue.models import ItemVersion
from catalogue.resources.columns import COLUMNS, TEMPLATE_HEADINGS
from catalogue.resources.reading import SHEET, guarded
from common.errors import InvalidInput

FORMATS = ("csv", "xlsx")
LONGEST_CELL = 32_767
BATCH = 500


def export_items(*, user: Any, form: str) -> bytes:
    """The newest version of every item the user may see, by code, one row each.

    ``form`` is ``csv`` (UTF-8 with a mark, as spreadsheets want it) or ``xlsx``. No cell
    begins a formula: a text that would do so stands behind an apostrophe, which the import
    takes away again.

    Raises:
        InvalidInput: no such form, or a text is longer than a workbook's cell can be.
    """
    if form not in FORMATS:
        raise InvalidInput(
            _("“%(form)s” is none of: %(forms)s") % {"form": form, "forms": "、".join(FORMATS)},
        )
    rows = _rows(user)
    return _as_csv(rows) if form == "csv" else _as_xlsx(rows)


def _rows(user: Any) -> Iterator[list[str]]:
    versions = ItemVersion.objects.visible_to(user).with_parts().order_by("item__code", "-number")
    last = None
    for version in versions.iterator(chunk_size=BATCH):
        if version.item_id != last:
            card = version.card()
            values = ((column, getattr(card, column.field)) for column in COLUMNS)
            yield [guarded(column.widget.render(value)) for column, value in values]
        last = version.item_id


def _as_csv(rows: Iterator[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(TEMPLATE_HEADINGS)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _as_xlsx(rows: Iterator[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.append(TEMPLATE_HEADINGS)
    for cells in rows:
        if max(map(len, cells)) > LONGEST_CELL:
            raise InvalidInput(
                _("item %(code)s has a text too long for a workbook: export CSV instead")
                % {"code": cells[0]},
            )
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
