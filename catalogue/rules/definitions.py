"""What a form's definition asks: which fields, when, within which bounds.

A definition is a list of entries in the order of the page. Beside key, label, type, required,
help and options an entry may say ``shown_if`` and ``required_if`` (a condition on an earlier
field), ``least`` and ``most`` (a number, a day or ``today``), ``longest`` (characters) and
``prefill`` (what it takes from the applicant). A field that isn't shown asks nothing and
keeps nothing, whatever was typed into it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from catalogue.choices import FieldType, Prefill
from catalogue.rules.words import NO, YES

Entry = dict[str, Any]
Answers = Mapping[str, Any]
FIELD_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
TODAY = "today"
LONGEST = {FieldType.TEXT: 200, FieldType.TEXTAREA: 4000}
WITH_OPTIONS = frozenset({FieldType.CHOICE, FieldType.SEVERAL})
BOUNDED = frozenset({FieldType.NUMBER, FieldType.DATE})
SEPARATOR = "、"


def options_of(entry: Entry) -> list[str]:
    """Answers that can be chosen; empty where anything may be typed."""
    if entry["type"] == FieldType.YES_NO:
        return [YES, NO]
    return list(entry.get("options") or ())


def chosen(answer: Any) -> set[str]:
    """What an answer says, as a set: several options, or the one."""
    if isinstance(answer, (list, tuple)):
        return {str(part) for part in answer}
    return {part for part in str(answer or "").split(SEPARATOR) if part}


def _holds(condition: Mapping[str, Any] | None, answers: Answers, shown: set[str]) -> bool:
    if not condition:
        return False
    field = condition["field"]
    return field in shown and bool(chosen(answers.get(field)) & set(condition["among"]))


def shown_entries(definition: Sequence[Entry], answers: Answers) -> list[Entry]:
    """Entries that these answers lead to, in their order; a condition looks backward only."""
    shown: list[Entry] = []
    keys: set[str] = set()
    for entry in definition:
        condition = entry.get("shown_if")
        if condition and not _holds(condition, answers, keys):
            continue
        shown.append(entry)
        keys.add(entry["key"])
    return shown


def is_required(entry: Entry, definition: Sequence[Entry], answers: Answers) -> bool:
    """Whether these answers make the entry a must."""
    if entry.get("required"):
        return True
    keys = {one["key"] for one in shown_entries(definition, answers)}
    return _holds(entry.get("required_if"), answers, keys)


def shared_keys(definition: Sequence[Entry], earlier: Sequence[Entry]) -> set[str]:
    """Keys both forms ask for in the same words, so that one answer serves both (一表申请).

    A field that is shown or required on a condition is shared only where the field it looks
    at is shared too.
    """
    asked = {entry["key"]: entry for entry in earlier}
    shared: set[str] = set()
    for entry in definition:
        looked_at = {
            entry[name]["field"] for name in ("shown_if", "required_if") if entry.get(name)
        }
        if asked.get(entry["key"]) == entry and looked_at <= shared:
            shared.add(entry["key"])
    return shared


def bound(entry: Entry, name: str, today: date) -> Any:
    """The bound as a day or a number; None without one."""
    text = str(entry.get(name) or "")
    if not text:
        return None
    if entry["type"] == FieldType.DATE:
        return today if text == TODAY else parse_date(text)
    return Decimal(text)


def longest(entry: Entry) -> int:
    """Characters that fit into a typed field."""
    top = LONGEST.get(entry["type"], LONGEST[FieldType.TEXT])
    return min(int(entry.get("longest") or top), top)


def definition_faults(definition: Sequence[Entry]) -> list[str]:
    """Everything a definition cannot mean, in the words of whoever writes it; empty if sound."""
    found: list[str] = []
    earlier: dict[str, Entry] = {}
    for entry in definition:
        found.extend(_entry_faults(entry, earlier))
        earlier[entry.get("key", "")] = entry
    return found


def _entry_faults(entry: Entry, earlier: Mapping[str, Entry]) -> Iterator[str]:
    key = str(entry.get("key", ""))
    if not FIELD_KEY.fullmatch(key):
        yield _("“%(part)s”: the key must be small letters, digits and _") % {"part": key}
    if key in earlier:
        yield _("two form fields have the key “%(key)s”") % {"key": key}
    if entry.get("type") not in FieldType.values:
        yield _("“%(key)s”: there is no such type of field") % {"key": key}
        return
    yield from _option_faults(key, entry)
    for name in ("shown_if", "required_if"):
        yield from _condition_faults(key, entry.get(name), earlier)
    yield from _bound_faults(key, entry)
    if entry.get("prefill") and entry["prefill"] not in Prefill.values:
        yield _("“%(key)s”: nothing of that name is known of an applicant") % {"key": key}


def _option_faults(key: str, entry: Entry) -> Iterator[str]:
    options = entry.get("options") or []
    if entry["type"] in WITH_OPTIONS and not options:
        yield _("“%(part)s”: the options are missing") % {"part": key}
    if len(set(options)) < len(options):
        yield _("“%(key)s”: two options are the same") % {"key": key}
    if entry["type"] == FieldType.SEVERAL and any(SEPARATOR in option for option in options):
        yield _("“%(key)s”: an option may not hold the sign 、") % {"key": key}


def _condition_faults(
    key: str, condition: Mapping[str, Any] | None, earlier: Mapping[str, Entry]
) -> Iterator[str]:
    if not condition:
        return
    field, among = condition.get("field", ""), condition.get("among") or []
    if field not in earlier:
        yield _("“%(key)s” looks at “%(field)s”, which is no earlier field") % {
            "key": key,
            "field": field,
        }
        return
    strange = [value for value in among if value not in options_of(earlier[field])]
    if strange or not among:
        yield _("“%(key)s” looks at “%(field)s”, where “%(value)s” cannot be chosen") % {
            "key": key,
            "field": field,
            "value": strange[0] if strange else "",
        }


def _bound_faults(key: str, entry: Entry) -> Iterator[str]:
    named = [name for name in ("least", "most") if entry.get(name)]
    if named and entry["type"] not in BOUNDED:
        yield _("“%(key)s”: only numbers and days have bounds") % {"key": key}
        return
    bounds = {name: _read(entry, name) for name in named}
    if None in bounds.values():
        yield _("“%(key)s”: a bound is no number and no day") % {"key": key}
    elif len(bounds) == 2 and bounds["least"] > bounds["most"]:
        yield _("“%(key)s”: the least is more than the most") % {"key": key}
    if entry.get("longest") and not _is_length(entry):
        yield _("“%(key)s”: only typed lines have a length, a whole number") % {"key": key}


def _read(entry: Entry, name: str) -> Any:
    try:
        # Whatever day it is, what ends today may begin on any day, and the reverse.
        found = bound(entry, name, date.max if name == "most" else date.min)
    except (InvalidOperation, ValueError):
        return None
    return None if isinstance(found, Decimal) and not found.is_finite() else found


def _is_length(entry: Entry) -> bool:
    text = str(entry["longest"])
    return entry["type"] in LONGEST and text.isdecimal() and int(text) > 0
