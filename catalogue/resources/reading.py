"""Bytes of a CSV or xlsx file as rows of text; what cannot be read is said, never raised raw."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from catalogue.errors import UnreadableTable

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
SHEET = "事项"
ENCODINGS = ("utf-8-sig", "gb18030")
ZIP_MARK = b"PK\x03\x04"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class DateCell(str):
    """A cell that the workbook holds as a date."""

    __slots__ = ()
    kind = "date"


class FormulaCell(str):
    """A cell that the workbook holds as a formula."""

    __slots__ = ()
    kind = "formula"


def cell_kind(cell: Any) -> str:
    """``date`` or ``formula`` for a cell that is more than text."""
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


def guarded(text: str) -> str:
    """The text for a cell, behind an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_SIGNS) else text


def unguarded(cell: str) -> str:
    """What ``guarded`` was given; any other cell as it is."""
    return cell[1:] if cell.startswith("'") and guarded(cell) != cell else cell


def read_lines(data: bytes) -> list[Line]:
    """Every line of the table that is not blank, in order.

    Raises:
        UnreadableTable: too large, broken, or in no known encoding.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableTable(_("the file is larger than 20 MB"))
    if not data.strip():
        raise UnreadableTable(_("the file is empty"))
    rows = _workbook_rows(data) if data.startswith(ZIP_MARK) else _text_rows(data)
    return _bounded(Line(number, list(map(unguarded, cells))) for number, cells in rows)


def _bounded(lines: Iterable[Line]) -> list[Line]:
    kept: list[Line] = []
    for line in lines:
        if line.is_blank:
            continue
        if len(kept) > MAX_ROWS:
            raise UnreadableTable(
                _("the file has more than %(rows)s rows: split it") % {"rows": MAX_ROWS},
            )
        kept.append(line)
    return kept


def _text_rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(data)
    if "\0" in text:
        raise UnreadableTable(_("the file is neither a CSV nor an xlsx table"))
    first = text.split("\n", 1)[0]
    tabbed = "\t" in first and "," not in first
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if tabbed else ",")
    csv.field_size_limit(MAX_BYTES)
    try:
        for cells in reader:
            yield reader.line_num, cells[:MAX_COLUMNS]
    except csv.Error as fault:
        raise UnreadableTable(
            _("line %(line)s cannot be read as CSV") % {"line": reader.line_num},
        ) from fault


def _decoded(data: bytes) -> str:
    encodings = ("utf-16",) if data.startswith(UTF16_MARKS) else ENCODINGS
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableTable(_("the file is neither UTF-8 nor GB18030 text nor an xlsx table"))


def _workbook_rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    _refuse_bomb(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True)
        sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
        rows = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
        for number, values in enumerate(rows, start=1):
            yield number, [as_text(value) for value in values]
    except (InvalidFileException, KeyError, ValueError, IndexError, SyntaxError, OSError) as fault:
        raise UnreadableTable(_("the file is no readable xlsx table")) from fault


def _refuse_bomb(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except zipfile.BadZipFile as fault:
        raise UnreadableTable(_("the file is no readable xlsx table")) from fault
    if unpacked > MAX_UNPACKED:
        raise UnreadableTable(_("the file unpacks to more than 200 MB"))


def as_text(value: Any) -> str:
    """A workbook's value as a person reads it in the cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return DateCell(value.isoformat()[:10])
    if isinstance(value, str) and value.startswith("=") and not value.startswith('="'):
        return FormulaCell(value)
    return str(value)
