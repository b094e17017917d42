"""The form of an item as one cell: lines of ``rules.form_lines``, else JSON."""

from typing import Any

from django.utils.translation import gettext as _

from catalogue.resources.widgets import CellWidget, is_storable
from catalogue.rules import form_lines
from catalogue.rules.definitions import Entry, definition_faults

TEXTS = ("key", "label", "type", "help", "prefill")
BOUNDS = ("least", "most", "longest")
CONDITIONS = ("shown_if", "required_if")
NEEDED = ("key", "label", "type")
NAMES = ("key", "label", "type", "required", "help", "options", *CONDITIONS, *BOUNDS, "prefill")
DEFAULTS: Entry = {"required": False, "help": "", "options": []}


class FormWidget(CellWidget):
    """The fields that a case of the item asks for."""

    exact = list

    def read(self, text: str, cell: Any) -> list[Entry]:
        """The fields."""
        return form_lines.fields_in(text)

    def short(self, value: Any) -> str:
        """The fields as lines, where they can be said so."""
        try:
            return form_lines.fields_out(value)
        except (KeyError, TypeError, AttributeError):
            return ""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The fields as lines, or as JSON whose names stand in one order."""
        return super().render(ordered(value))

    def take(self, value: Any) -> list[Entry]:
        """The fields of a JSON list, as they stand.

        Raises:
            ValueError: an entry has the wrong form, or the fields contradict each other.
        """
        if not isinstance(value, list):
            return list(super().take(value))
        for place, entry in enumerate(value, start=1):
            if (name := _misshapen(entry)) is not None:
                raise ValueError(
                    _("entry %(place)s of the form: “%(name)s” is missing, unknown or misshapen")
                    % {"place": place, "name": name}
                )
        found = ordered(value)
        faults = definition_faults(found)
        if faults:
            raise ValueError(faults[0])
        return found


def ordered(entries: list[Entry]) -> list[Entry]:
    """The same fields, each with its names in one order, whatever the database made of it."""
    return [
        {
            name: entry.get(name, DEFAULTS.get(name))
            for name in NAMES
            if name in {**DEFAULTS, **entry}
        }
        for entry in entries
    ]


def _misshapen(entry: Any) -> str | None:
    """The first name whose value no form can hold; None if all can be held."""
    if not isinstance(entry, dict):
        return str(entry)[:40]
    missing = [name for name in NEEDED if not entry.get(name)]
    strange = (name for name, value in entry.items() if not _fits(name, value))
    return next(iter([*missing, *strange]), None)


def _fits(name: str, value: Any) -> bool:
    if name in TEXTS:
        return _is_text(value)
    if name in BOUNDS:
        return _is_text(value) or (isinstance(value, int) and not isinstance(value, bool))
    if name in CONDITIONS:
        return not value or _is_condition(value)
    return _is_texts(value) if name == "options" else name == "required" and value in (True, False)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and is_storable(value)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_condition(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"field", "among"}:
        return False
    return _is_text(value["field"]) and _is_texts(value["among"])
