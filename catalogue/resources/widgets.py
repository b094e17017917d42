"""How a cell becomes a value of the card, and how the value is shown again.

A cell says a value shortly where reading the short text gives the same value again. Where it
would not (a text with two blanks, a list whose entry holds a semicolon), the cell holds the
value as JSON, so that a file rebuilds exactly what was exported.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from import_export.widgets import Widget

from catalogue.resources.cells import cell_kind
from catalogue.rules.lists import number, pick
from catalogue.rules.text import parts_of, plain, tidy
from catalogue.rules.words import YES_NO, Words, with_codes, word_for

NONE = "无"
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ROUNDED = re.compile(r"\d(\.\d+)?[Ee]\+\d+")
_NOTHING = object()


@dataclass(frozen=True)
class Given:
    """A value as a JSON file says it, which no cell has squeezed into a text."""

    value: Any


class CellWidget(Widget):
    """Refuses what no cell can mean, then lets ``read`` turn the text into a value."""

    exact: type | tuple[()] = ()

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The value of the cell.

        Raises:
            ValueError: the cell cannot mean anything here; the text says why.
        """
        if isinstance(value, Given):
            return self.take(value.value)
        if fault := _unusable(cell_kind(value)):
            raise ValueError(fault)
        text = "" if value is None else str.__str__(value)
        found = self._exactly(text)
        return self.read(text, value) if found is _NOTHING else found

    def _exactly(self, text: str) -> Any:
        """The value of a cell that holds JSON; nothing if it is an ordinary text."""
        if not self.exact or text[:1] not in ('"', "["):
            return _NOTHING
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return _NOTHING
        if not isinstance(value, self.exact):
            return _NOTHING
        if isinstance(value, list):
            return self.take(value)
        return self.take(value) if self.render(value) == text else _NOTHING

    def read(self, text: str, cell: Any) -> Any:
        """The value the text stands for."""
        raise NotImplementedError

    def take(self, value: Any) -> Any:
        """The value of a JSON file, checked; what a cell could say is read as a cell.

        Raises:
            ValueError: it is nothing of this kind.
        """
        if value is None:
            return self.read("", "")
        if isinstance(value, str):
            return self.read(value, value)
        raise ValueError(_("“%(text)s” has the wrong form here") % {"text": str(value)[:40]})

    def short(self, value: Any) -> str:
        """The value as people write it."""
        return "" if value is None else str(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The value as a file says it, so that ``clean`` gives the same value."""
        short = self.short(value)
        if not self.exact or self._comes_back(short, value):
            return short
        return json.dumps(value, ensure_ascii=False)

    def _comes_back(self, short: str, value: Any) -> bool:
        try:
            return bool(self.clean(short) == value)
        except ValueError:
            return False


def is_storable(text: str) -> bool:
    """Whether every sign of the text can stand in the database and in a file."""
    return _UNSTORABLE.search(text) is None


def _unusable(kind: str) -> str:
    """Why no cell of the kind can be read; empty if it can."""
    if kind == "formula":
        return _("the cell holds a formula: paste its value instead")
    if kind == "error":
        return _("the cell holds an error of the spreadsheet")
    if kind == "merged":
        return _("the cell is merged with another: split it and fill each row")
    return ""


class TextWidget(CellWidget):
    """Text up to a length."""

    exact = str

    def __init__(self, limit: int = 0) -> None:
        super().__init__()
        self.limit = limit

    def read(self, text: str, cell: Any) -> str:
        """The tidied text."""
        return self._within(tidy(text))

    def take(self, value: Any) -> str:
        """The text as it stands."""
        if isinstance(value, str):
            return self._within(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return self._within(str(value))
        return str(super().take(value))

    def _within(self, text: str) -> str:
        if not is_storable(text):
            raise ValueError(_("the text holds a sign that cannot be stored"))
        if self.limit and len(text) > self.limit:
            raise ValueError(
                _("%(length)s characters, at most %(limit)s are possible")
                % {"length": len(text), "limit": self.limit},
            )
        return text


class CodeWidget(TextWidget):
    """A code: narrow signs without blanks; a date or a rounded number is a spoilt code."""

    def __init__(self, limit: int = 0, *, upper: bool = False) -> None:
        super().__init__(limit)
        self.upper = upper

    def read(self, text: str, cell: Any) -> str:
        """The mended code."""
        if cell_kind(cell) == "date":
            raise ValueError(_("the cell holds a date: format the column as text"))
        code = plain(text)
        if cell_kind(cell) == "rounded" or _ROUNDED.fullmatch(code):
            raise ValueError(
                _("the cell holds a number whose last digits are lost: format the column as text")
            )
        return super().read(code.upper() if self.upper else code, cell)


class WordWidget(CellWidget):
    """One word of a table, or its code."""

    def __init__(self, words: Words, default: str = "", *, pad: int = 0) -> None:
        super().__init__()
        codes = sorted({str(code) for code in words.values()})
        self.words, self.default, self.pad = with_codes(words, codes), str(default), pad

    def read(self, text: str, cell: Any) -> str:
        """The code the word stands for."""
        word = plain(text)
        return pick(self.words, word.zfill(self.pad) if word.isdecimal() else word, self.default)

    def short(self, value: Any) -> str:
        """The word for the code."""
        return word_for(self.words, value)


class WordsWidget(CellWidget):
    """Several words of a table, in the order of the table, each once."""

    exact = list

    def __init__(self, words: Words, default: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.order = list(dict.fromkeys(str(code) for code in words.values()))
        self.words, self.default = with_codes(words, self.order), [str(code) for code in default]

    def read(self, text: str, cell: Any) -> list[str]:
        """The codes the words stand for."""
        pieces = [piece for part in parts_of(text) for piece in re.split(r"[,，、/]", part)]
        found = {pick(self.words, piece, "") for piece in pieces if piece.strip()}
        return [code for code in self.order if code in found] or list(self.default)

    def take(self, value: Any) -> list[str]:
        """The codes in the order they stand."""
        if not isinstance(value, list):
            return list(super().take(value))
        found = [pick(self.words, word, "") for word in _texts(value)]
        return list(dict.fromkeys(code for code in found if code))

    def short(self, value: Any) -> str:
        """The words for the codes."""
        return "；".join(word_for(self.words, code) for code in value)


class NumberWidget(CellWidget):
    """A whole number, or none; ``none`` says so where an empty cell would mean a default."""

    def __init__(self, top: int, default: int | None = None, none: str = "") -> None:
        super().__init__()
        self.top, self.default, self.none = top, default, none

    def read(self, text: str, cell: Any) -> int | None:
        """The number."""
        if self.none and plain(text) == self.none:
            return None
        return number(text, self.default, self.top)

    def take(self, value: Any) -> int | None:
        """The number; a number of JSON or one in a text."""
        if value is None:
            return None
        is_number = isinstance(value, int) and not isinstance(value, bool)
        found = super().take(str(value) if is_number else value)
        return None if found is None else int(found)

    def short(self, value: Any) -> str:
        """The number, or the word for none."""
        return self.none if value is None else str(value)


class YesNoWidget(CellWidget):
    """Yes or no; empty is no."""

    def read(self, text: str, cell: Any) -> bool:
        """Whether the cell says yes."""
        word = plain(text).lower()
        if word and word not in YES_NO:
            raise ValueError(_("“%(word)s” is neither 是 nor 否") % {"word": text})
        return YES_NO.get(word, False)

    def take(self, value: Any) -> bool:
        """The value itself, or what its text says."""
        return value if isinstance(value, bool) else bool(super().take(value))

    def short(self, value: Any) -> str:
        """The word."""
        return "是" if value else "否"


class DayWidget(CellWidget):
    """A date, kept in ISO form."""

    def read(self, text: str, cell: Any) -> str:
        """The date in ISO form; empty if none."""
        word = plain(text)
        found = _DATE.fullmatch(word[:11])
        if not word:
            return ""
        try:
            return date(*map(int, found.groups())).isoformat() if found else _no_date(text)
        except ValueError:
            return _no_date(text)


class DayTextWidget(TextWidget):
    """A date in ISO form where older entries may hold another text."""

    def read(self, text: str, cell: Any) -> str:
        """The date in ISO form; empty if none."""
        return DayWidget().read(text, cell)


def _no_date(text: str) -> str:
    raise ValueError(_("“%(text)s” is no date such as 2026-01-31") % {"text": text})


class TextsWidget(CellWidget):
    """Several texts, in order."""

    exact = list

    def read(self, text: str, cell: Any) -> list[str]:
        """The texts."""
        return parts_of(text)

    def take(self, value: Any) -> list[str]:
        """The texts as they stand."""
        found = _texts(value) if isinstance(value, list) else list(super().take(value))
        if not all(map(is_storable, found)):
            raise ValueError(_("the text holds a sign that cannot be stored"))
        return found

    def short(self, value: Any) -> str:
        """The texts as one cell."""
        return "；".join(value)


def _texts(values: list[Any]) -> list[str]:
    strange = [value for value in values if not isinstance(value, str)]
    if strange:
        raise ValueError(_("“%(text)s” is no text") % {"text": str(strange[0])[:40]})
    return values
