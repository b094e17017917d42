"""Bytes of a CSV or xlsx file as sheets of rows; what cannot be read is said, never raised raw."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from catalogue.errors import UnreadableTable
from catalogue.resources.cells import Line, Source
from catalogue.resources.workbooks import ZIP_MARK, WorkbookSource

MAX_BYTES = 20 * 1024 * 1024
ENCODINGS = ("utf-8-sig", "gb18030")
OLE_MARK = b"\xd0\xcf\x11\xe0"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def open_source(data: bytes) -> Source:
    """The sheets of the file, not read yet.

    Raises:
        UnreadableTable: too large, empty, broken, or in no known encoding.
    """
    refuse_size(data, MAX_BYTES)
    if data.startswith(OLE_MARK):
        raise UnreadableTable(_("an old or locked Excel file: save it as xlsx without a password"))
    return WorkbookSource(data) if data.startswith(ZIP_MARK) else TextSource(data)


def refuse_size(data: bytes, most: int) -> None:
    """Pass silently if the file holds something and is no larger than allowed.

    Raises:
        UnreadableTable: too large, or empty.
    """
    if len(data) > most:
        raise UnreadableTable(_("the file is larger than %(size)s MB") % {"size": most >> 20})
    if not data.strip():
        raise UnreadableTable(_("the file is empty"))


class TextSource:
    """A CSV or tabbed text: one sheet without a name."""

    def __init__(self, data: bytes) -> None:
        self.names = [""]
        self._text = decoded(data)
        if "\0" in self._text:
            raise UnreadableTable(_("the file is neither a CSV nor an xlsx table"))

    def lines(self, name: str) -> Iterator[Line]:
        """Every line of the text.

        Raises:
            UnreadableTable: a line is no CSV.
        """
        first = self._text.split("\n", 1)[0]
        tabbed = "\t" in first and "," not in first
        csv.field_size_limit(MAX_BYTES)
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter="\t" if tabbed else ",")
        try:
            for cells in reader:
                yield Line(reader.line_num, cells)
        except csv.Error as fault:
            raise UnreadableTable(
                _("line %(line)s cannot be read as CSV") % {"line": reader.line_num},
            ) from fault


def decoded(data: bytes) -> str:
    """The text of the file in whichever encoding it is.

    Raises:
        UnreadableTable: in none of those that are known.
    """
    encodings = ("utf-16",) if data.startswith(UTF16_MARKS) else ENCODINGS
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableTable(_("the file is neither UTF-8 nor GB18030 text nor an xlsx table"))
