"""Which fonts papers print with and which characters they have.

An organ's own fonts (settings.FONT_DIR) come first, then the project's own subset
of Noto Serif. System fonts are never used: the same input must give the same bytes
on every machine.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from fontTools.ttLib import TTCollection, TTFont

OWN_FONTS = Path(__file__).resolve().parent.parent / "fonts"
TABLE_FILE = OWN_FONTS / "tgh2013.txt"
SUFFIXES = frozenset({".otf", ".ttf", ".ttc", ".otc"})
PRINTS_NOTHING = frozenset("\n")

OWN_FAMILY = "Noto Serif CJK SC"
# Faces that 党政机关公文格式 (GB/T 9704) asks for, if the organ has put them in FONT_DIR.
TITLE_FAMILIES = ("FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05S", "方正小标宋简体", "方正小标宋_GBK")
BODY_FAMILIES = ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FandolFang R")


@cache
def gb2312_characters() -> frozenset[str]:
    """Every character of GB 2312, Han and others."""
    rows, cells = range(0xA1, 0xF8), range(0xA1, 0xFF)
    texts = (bytes((r, c)).decode("gb2312", "ignore") for r in rows for c in cells)
    return frozenset(text for text in texts if text)


@cache
def table_characters() -> frozenset[str]:
    """The 8,105 characters of 通用规范汉字表 (2013)."""
    lines = TABLE_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset("".join(line for line in lines if not line.startswith("#")))


def font_folders() -> list[Path]:
    """Folders with fonts, the organ's own first."""
    own = getattr(settings, "FONT_DIR", None)
    return [Path(own), OWN_FONTS] if own else [OWN_FONTS]


def _faces(path: Path) -> Iterable[TTFont]:
    if path.suffix.lower() in {".ttc", ".otc"}:
        return list(TTCollection(str(path), lazy=True))
    return [TTFont(str(path), lazy=True)]


@cache
def _characters_in(folder: Path) -> frozenset[int]:
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    maps = (face.getBestCmap() for path in files for face in _faces(path))
    return frozenset().union(*maps)


def unprintable(text: str) -> list[str]:
    """The characters of ``text`` that no font at hand has, each once, in order of appearance.

    typst prints an empty box for them and gives no warning, so they are found beforehand.
    """
    known = frozenset[int]().union(*(_characters_in(folder) for folder in font_folders()))
    missing = (c for c in text if ord(c) not in known and c not in PRINTS_NOTHING)
    return list(dict.fromkeys(missing))


@cache
def _book(folders: tuple[Path, ...]) -> typst.Fonts:
    paths: list[Any] = list(folders)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)


def font_book() -> typst.Fonts:
    """The fonts typst may use, searched once per process."""
    return _book(tuple(font_folders()))


def faces() -> dict[str, list[str]]:
    """Families for titles and for text, first choice first, only those at hand."""
    present = set(font_book().families())
    return {
        "title": [name for name in TITLE_FAMILIES if name in present] + [OWN_FAMILY],
        "body": [name for name in BODY_FAMILIES if name in present] + [OWN_FAMILY],
    }
