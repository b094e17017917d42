"""A form's definition as lines of a cell, and back again.

One field a line: ``key|label|type|必填 or 选填|options or hint``, then settings in any order,
each ``word=value``: 提示, 出现 and 必填 (``field:answer、answer``), 最小, 最大, 最早, 最晚, 最长, 带入.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from catalogue.choices import FieldType, Prefill
from catalogue.rules.definitions import (
    FIELD_KEY,
    SEPARATOR,
    TODAY,
    WITH_OPTIONS,
    Entry,
    definition_faults,
)
from catalogue.rules.lists import pick
from catalogue.rules.text import fields_of, parts_of, plain, tidy
from catalogue.rules.words import FIELD_TYPES, PREFILLS, with_codes, word_for

MOST_PARTS = 13
FIRST_PARTS = 5
TODAY_WORD = "今天"
MUST = {"必填": "1", "选填": ""}
SETTINGS = {
    "提示": "help",
    "出现": "shown_if",
    "必填": "required_if",
    "最小": "least",
    "最早": "least",
    "最大": "most",
    "最晚": "most",
    "最长": "longest",
    "带入": "prefill",
}


def fields_in(text: str) -> list[Entry]:
    """Form fields of a cell, one a line or split by semicolons.

    Raises:
        ValueError: a part means nothing, or the fields contradict each other.
    """
    found = [_field(part) for part in parts_of(text)]
    faults = definition_faults(found)
    if faults:
        raise ValueError(faults[0])
    return found


def _field(part: str) -> Entry:
    parts = fields_of(part, MOST_PARTS)
    key, label, kind, required, rest = parts[:FIRST_PARTS]
    if not FIELD_KEY.fullmatch(key):
        raise ValueError(
            _("“%(part)s”: the key must be small letters, digits and _") % {"part": part},
        )
    form_type = pick(with_codes(FIELD_TYPES, FieldType.values), kind, FieldType.TEXT.value)
    chosen_from = form_type in WITH_OPTIONS
    return {
        "key": key,
        "label": label or key,
        "type": form_type,
        "required": pick(MUST, required, "") == "1",
        "help": "" if chosen_from else rest,
        "options": _options(rest) if chosen_from else [],
        **_settings(part, [setting for setting in parts[FIRST_PARTS:] if setting]),
    }


def _settings(part: str, written: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for setting in written:
        word, _equals, value = setting.partition("=")
        name = SETTINGS.get(plain(word))
        if name is None or not value.strip():
            raise ValueError(
                _("“%(part)s”: “%(setting)s” is no setting; possible: %(words)s")
                % {"part": part, "setting": setting, "words": SEPARATOR.join(SETTINGS)},
            )
        found[name] = _READERS.get(name, plain)(tidy(value))
    return found


def _condition(value: str) -> dict[str, Any]:
    field, _colon, among = value.replace("：", ":").partition(":")
    return {"field": plain(field), "among": _options(among)}


def _day_or_number(value: str) -> str:
    return TODAY if plain(value) == TODAY_WORD else plain(value)


def _prefill(value: str) -> str:
    return pick(with_codes(PREFILLS, Prefill.values), value, "")


_READERS: Mapping[str, Any] = {
    "help": tidy,
    "shown_if": _condition,
    "required_if": _condition,
    "least": _day_or_number,
    "most": _day_or_number,
    "prefill": _prefill,
}


def _options(text: str) -> list[str]:
    return [option for piece in re.split(r"[,，、]", text) if (option := tidy(piece))]


def fields_out(entries: list[Entry]) -> str:
    """The cell that ``fields_in`` reads as these entries."""
    return "；".join(_line(entry) for entry in entries)


def _line(entry: Entry) -> str:
    first = (
        entry["key"],
        entry["label"],
        word_for(FIELD_TYPES, entry["type"]),
        "必填" if entry["required"] else "选填",
        SEPARATOR.join(entry["options"]) or entry["help"],
    )
    return "|".join((*first, *settings_out(entry))).rstrip("|")


def settings_out(entry: Entry) -> list[str]:
    """What the line says beyond its first five parts, one ``word=value`` each."""
    dated = entry["type"] == FieldType.DATE
    words = {
        "提示": entry["help"] if entry["options"] else "",
        "出现": _condition_out(entry.get("shown_if")),
        "必填": _condition_out(entry.get("required_if")),
        "最早" if dated else "最小": _bound_out(entry.get("least")),
        "最晚" if dated else "最大": _bound_out(entry.get("most")),
        "最长": str(entry.get("longest") or ""),
        "带入": word_for(PREFILLS, entry["prefill"]) if entry.get("prefill") else "",
    }
    return [f"{word}={value}" for word, value in words.items() if value]


def _condition_out(condition: Mapping[str, Any] | None) -> str:
    return f"{condition['field']}:{SEPARATOR.join(condition['among'])}" if condition else ""


def _bound_out(value: Any) -> str:
    return TODAY_WORD if value == TODAY else str(value or "")
