"""Pinyin of names, so that 残疾人证 is found by ``cjrz``."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=20000)
def initials(text: str) -> str:
    """First letters in lower case, other signs left out: 残疾人证 -> cjrz."""
    parts = lazy_pinyin(text, style=Style.FIRST_LETTER, errors=_latin_only)
    return "".join(parts).lower()


@lru_cache(maxsize=20000)
def full(text: str) -> str:
    """Full syllables without tone or space: 残疾人证 -> canjirenzheng."""
    return "".join(lazy_pinyin(text, errors=_latin_only)).lower()


def _latin_only(rest: str) -> str:
    return "".join(sign for sign in rest if sign.isascii() and sign.isalnum())
