"""An xlsx file as sheets of rows, read as a stream and within bounds."""

import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from catalogue.errors import UnreadableTable
from catalogue.resources.cells import MAX_COLUMNS, Line, MergedCell, as_text

MAX_UNPACKED = 200 * 1024 * 1024
MAX_TEXTS = 64 * 1024 * 1024
MAX_NUMBER = 1_048_576
MAX_SEEN = 20_000_000
MAX_MERGED_ROWS = 50_000
ZIP_MARK = b"PK\x03\x04"
SHARED_TEXTS = "xl/sharedStrings.xml"
CHUNK = 1 << 20
OVERLAP = 200
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z0-9:$]{2,40})"')
_UNREADABLE = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    NotImplementedError,
    EOFError,
)
"""Whatever openpyxl, zipfile and the XML parser raise over a file that is none."""
Span = tuple[int, int]


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as fault:
        raise UnreadableTable(_("the file is no readable xlsx table")) from fault


class WorkbookSource:
    """The sheets of an xlsx file."""

    def __init__(self, data: bytes) -> None:
        with _said_plainly():
            refuse_bomb(data)
            self._reader = ExcelReader(io.BytesIO(data), read_only=True)
            self._reader.read()
            self._sheets = {sheet.title: sheet for sheet in self._reader.wb.worksheets}
            self._paths = {
                sheet.name: relation.target for sheet, relation in self._reader.parser.find_sheets()
            }
            self.names = list(self._sheets)

    def lines(self, name: str) -> Iterator[Line]:
        """Every line of the sheet; cells merged into another say so.

        Raises:
            UnreadableTable: the sheet is broken.
        """
        with _said_plainly():
            merged = self._merged(name)
            sheet = self._sheets[name]
            # What a sheet claims of its size may be wrong, and would fill up every row.
            sheet.reset_dimensions()
            seen = 0
            for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
                seen += len(values) + 1
                if number > MAX_NUMBER or seen > MAX_SEEN:
                    raise UnreadableTable(
                        _("the sheet %(sheet)s is too large: delete empty rows and columns")
                        % {"sheet": name}
                    )
                cells = ["" if value is None else as_text(value) for value in values]
                yield Line(number, _marked(cells, merged[number]) if number in merged else cells)

    def _merged(self, name: str) -> dict[int, list[Span]]:
        with self._reader.archive.open(self._paths[name]) as sheet:
            return merged_spans(sheet)


def refuse_bomb(data: bytes) -> None:
    """Pass silently if the file unpacks to what a machine can hold.

    Raises:
        UnreadableTable: it unpacks to more than a catalogue can need.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        sizes = {entry.filename: entry.file_size for entry in packed.infolist()}
    if sum(sizes.values()) > MAX_UNPACKED:
        raise UnreadableTable(_("the file unpacks to more than 200 MB"))
    if sizes.get(SHARED_TEXTS, 0) > MAX_TEXTS:
        raise UnreadableTable(_("the texts of the file unpack to more than 64 MB: split it"))


def merged_spans(sheet: IO[bytes]) -> dict[int, list[Span]]:
    """By row, the columns (first and last, from 1) that were merged into another cell.

    Raises:
        UnreadableTable: more rows are merged than anybody can have wanted.
    """
    found: dict[int, list[Span]] = defaultdict(list)
    for reference in _references(sheet):
        left, top, right, bottom = (place or 1 for place in range_boundaries(reference))
        if len(found) + bottom - top > MAX_MERGED_ROWS:
            raise UnreadableTable(_("too many cells are merged: split them and fill each row"))
        for row in range(top, bottom + 1):
            found[row].append((left + (row == top), right))
    return found


def _references(sheet: IO[bytes]) -> Iterator[str]:
    rest = b""
    while chunk := sheet.read(CHUNK):
        piece, end = rest + chunk, 0
        for match in _MERGED.finditer(piece):
            end = match.end()
            yield match.group(1).decode("ascii")
        rest = piece[max(end, len(piece) - OVERLAP) :]


def _marked(cells: list[Any], spans: list[Span]) -> list[Any]:
    width = min(max(right for _left, right in spans), MAX_COLUMNS)
    marked = cells + [""] * (width - len(cells))
    for left, right in spans:
        for place in range(left - 1, min(right, len(marked))):
            marked[place] = MergedCell(marked[place])
    return marked
