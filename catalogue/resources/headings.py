"""A heading of a file: the field it fills, how its cells are read, what else people call it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.resources.widgets import CellWidget
from catalogue.rules.text import plain

_MARKS = re.compile(r"[*＊]|[(（](必填|选填|必需|可选)[)）]")


@dataclass(frozen=True)
class Column:
    """One heading: the field of the card it fills and how its cells are read."""

    heading: str
    field: str
    widget: CellWidget
    aliases: tuple[str, ...] = ()


def heading_word(cell: str) -> str:
    """The heading without marks, blanks and the difference of wide and narrow signs."""
    return plain(_MARKS.sub("", cell)).lower()


def field_names(columns: Iterable[Column]) -> dict[str, str]:
    """The field by every word that names its column, the field's own name included."""
    return {
        heading_word(word): column.field
        for column in columns
        for word in (column.heading, column.field, *column.aliases)
    }
