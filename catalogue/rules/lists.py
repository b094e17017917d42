"""List cells of a file: materials, steps, questions, articles, and back again."""

import re
from typing import Any

from django.utils.translation import gettext as _

from catalogue.choices import MaterialKind, MaterialSource, Necessity
from catalogue.rules.text import fields_of, parts_of, plain
from catalogue.rules.words import (
    MATERIAL_KINDS,
    NECESSITIES,
    SOURCES,
    Words,
    with_codes,
    word_for,
)

Entry = dict[str, Any]
MAX_COPIES = 99
CATCH_ALL = re.compile(r"(其他|其它)(相关|有关|必要)?(的)?(申请)?材料")


def pick(words: Words, word: str, default: str) -> str:
    """The code a word stands for; ``default`` for an empty word.

    Raises:
        ValueError: the word is unknown.
    """
    if not word:
        return default
    try:
        return words[plain(word).lower()]
    except KeyError:
        options = "、".join(key for key in words if not key.isascii())
        raise ValueError(
            _("“%(word)s” is not one of: %(options)s") % {"word": word, "options": options},
        ) from None


def number(word: str, default: int | None, top: int) -> int | None:
    """A whole number from 0 to ``top``; ``default`` for an empty word.

    Raises:
        ValueError: no such number.
    """
    digits = plain(word)
    if not digits:
        return default
    if not digits.isdecimal() or int(digits) > top:
        raise ValueError(
            _("“%(word)s” is not a whole number from 0 to %(top)s") % {"word": word, "top": top},
        )
    return int(digits)


def materials_in(text: str) -> list[Entry]:
    """Materials of a cell: name|necessity|kind|copies|source|basis.

    Raises:
        ValueError: a part means nothing; a catch-all material (安阳条例 23 forbids it).
    """
    return [_material(part) for part in parts_of(text)]


def _material(part: str) -> Entry:
    name, necessity, kind, copies, source, basis = fields_of(part, 6)
    if not name:
        raise ValueError(_("“%(part)s”: the name of the material is missing") % {"part": part})
    if CATCH_ALL.fullmatch(name):
        raise ValueError(
            _("“%(name)s” is a catch-all: name each material that is asked for") % {"name": name},
        )
    return {
        "name": name,
        "necessity": pick(with_codes(NECESSITIES, Necessity.values), necessity, "1"),
        "kind": pick(with_codes(MATERIAL_KINDS, MaterialKind.values), kind, "1"),
        "copies": number(copies, 1, MAX_COPIES),
        "source": pick(with_codes(SOURCES, MaterialSource.values), source, "10"),
        "basis": basis,
    }


def materials_out(entries: list[Entry]) -> str:
    """The cell that ``materials_in`` reads as these entries."""
    return "；".join(
        "|".join(
            (
                entry["name"],
                word_for(NECESSITIES, entry["necessity"]),
                word_for(MATERIAL_KINDS, entry["kind"]),
                str(entry["copies"]),
                word_for(SOURCES, entry["source"]),
                entry["basis"],
            ),
        ).rstrip("|")
        for entry in entries
    )


def steps_in(text: str) -> list[Entry]:
    """Steps of a cell: name|who|workdays.

    Raises:
        ValueError: a part means nothing.
    """
    return [_step(part) for part in parts_of(text)]


def _step(part: str) -> Entry:
    name, role, days = fields_of(part, 3)
    if not name:
        raise ValueError(_("“%(part)s”: the name of the step is missing") % {"part": part})
    return {"name": name, "role": role, "workdays": number(days, None, 365)}


def steps_out(entries: list[Entry]) -> str:
    """The cell that ``steps_in`` reads as these entries."""
    return "；".join(
        f"{entry['name']}|{entry['role']}|{_shown(entry['workdays'])}".rstrip("|")
        for entry in entries
    )


def bases_in(text: str) -> list[Entry]:
    """Articles of a cell, one an entry."""
    return [{"text": part} for part in parts_of(text)]


def bases_out(entries: list[Entry]) -> str:
    """The cell that ``bases_in`` reads as these entries."""
    return "；".join(entry["text"] for entry in entries)


def faqs_in(text: str) -> list[Entry]:
    """Questions of a cell: question|answer.

    Raises:
        ValueError: an answer is missing.
    """
    pairs = [fields_of(part, 2) for part in parts_of(text)]
    for question, answer in pairs:
        if not answer:
            raise ValueError(_("“%(question)s” has no answer") % {"question": question})
    return [{"question": question, "answer": answer} for question, answer in pairs]


def faqs_out(entries: list[Entry]) -> str:
    """The cell that ``faqs_in`` reads as these entries."""
    return "；".join(f"{entry['question']}|{entry['answer']}" for entry in entries)


def _shown(value: int | None) -> str:
    return "" if value is None else str(value)
