"""How a cell becomes a value of the card, and how the value is shown again."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from import_export.widgets import Widget

from catalogue.resources.reading import cell_kind
from catalogue.rules.lists import number, pick
from catalogue.rules.text import parts_of, plain, tidy
from catalogue.rules.words import YES_NO, Words, with_codes, word_for

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


class CellWidget(Widget):
    """Refuses formulas, then lets ``read`` turn the text into a value."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The value of the cell.

        Raises:
            ValueError: the cell cannot mean anything here; the text says why.
        """
        if cell_kind(value) == "formula":
            raise ValueError(_("the cell holds a formula: paste its value instead"))
        return self.read("" if value is None else str.__str__(value), value)

    def read(self, text: str, cell: Any) -> Any:
        """The value the text stands for."""
        raise NotImplementedError

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The value as a file would say it."""
        return "" if value is None else str(value)


class TextWidget(CellWidget):
    """Text up to a length."""

    def __init__(self, limit: int = 0) -> None:
        super().__init__()
        self.limit = limit

    def read(self, text: str, cell: Any) -> str:
        """The tidied text."""
        found = tidy(text)
        if self.limit and len(found) > self.limit:
            raise ValueError(
                _("%(length)s characters, at most %(limit)s are possible")
                % {"length": len(found), "limit": self.limit},
            )
        return found


class CodeWidget(TextWidget):
    """A code: narrow signs without blanks; a date in a code column is a spoilt code."""

    def __init__(self, limit: int = 0, *, upper: bool = False) -> None:
        super().__init__(limit)
        self.upper = upper

    def read(self, text: str, cell: Any) -> str:
        """The mended code."""
        if cell_kind(cell) == "date":
            raise ValueError(_("the cell holds a date: format the column as text"))
        code = plain(text)
        return super().read(code.upper() if self.upper else code, cell)


class WordWidget(CellWidget):
    """One word of a table, or its code."""

    def __init__(self, words: Words, default: str, *, pad: int = 0) -> None:
        super().__init__()
        codes = sorted({str(code) for code in words.values()})
        self.words, self.default, self.pad = with_codes(words, codes), str(default), pad

    def read(self, text: str, cell: Any) -> str:
        """The code the word stands for."""
        word = plain(text)
        return pick(self.words, word.zfill(self.pad) if word.isdecimal() else word, self.default)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The word for the code."""
        return word_for(self.words, value)


class WordsWidget(CellWidget):
    """Several words of a table, in the order of the table, each once."""

    def __init__(self, words: Words, default: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.order = list(dict.fromkeys(str(code) for code in words.values()))
        self.words, self.default = with_codes(words, self.order), [str(code) for code in default]

    def read(self, text: str, cell: Any) -> list[str]:
        """The codes the words stand for."""
        pieces = [piece for part in parts_of(text) for piece in re.split(r"[,，、/]", part)]
        found = {pick(self.words, piece, "") for piece in pieces if piece.strip()}
        return [code for code in self.order if code in found] or list(self.default)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The words for the codes."""
        return "；".join(word_for(self.words, code) for code in value)


class NumberWidget(CellWidget):
    """A whole number, or none."""

    def __init__(self, top: int) -> None:
        super().__init__()
        self.top = top

    def read(self, text: str, cell: Any) -> int | None:
        """The number."""
        return number(text, None, self.top)


class YesNoWidget(CellWidget):
    """Yes or no; empty is no."""

    def read(self, text: str, cell: Any) -> bool:
        """Whether the cell says yes."""
        word = plain(text).lower()
        if word and word not in YES_NO:
            raise ValueError(_("“%(word)s” is neither 是 nor 否") % {"word": text})
        return YES_NO.get(word, False)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
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


def _no_date(text: str) -> str:
    raise ValueError(_("“%(text)s” is no date such as 2026-01-31") % {"text": text})


class TextsWidget(CellWidget):
    """Several texts, in order."""

    def read(self, text: str, cell: Any) -> list[str]:
        """The texts."""
        return parts_of(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The texts as one cell."""
        return "；".join(value)


class EntriesWidget(CellWidget):
    """A list with a small syntax, such as materials."""

    def __init__(
        self,
        reads: Callable[[str], list[dict[str, Any]]],
        shows: Callable[[list[dict[str, Any]]], str],
    ) -> None:
        super().__init__()
        self.reads, self.shows = reads, shows

    def read(self, text: str, cell: Any) -> list[dict[str, Any]]:
        """The entries."""
        return self.reads(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The entries as one cell."""
        return self.shows(value)
