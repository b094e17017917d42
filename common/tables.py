"""Tables for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(headings: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """A table in UTF-8 with the mark spreadsheets want; no cell begins a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in (headings, *rows):
        writer.writerow([_cell(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
