"""Makes the fonts the papers print with, from Debian's Noto CJK and the Unihan database."""

import bz2
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

from documents.services.fonts import (
    OWN_FONTS,
    TABLE_FILE,
    gb2312_characters,
    table_characters,
)

SOURCE = Path("/usr/share/fonts/opentype/noto")
FACES = ("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc")
FAMILY = "Noto Serif CJK SC"
FEATURES = ["ccmp", "kern", "liga", "mark", "mkmk", "pnum", "tnum"]
# Marks of forms and papers outside GB 2312: ticks, squares, unit signs, dashes, circled 11-20.
EXTRAS = "☐☑☒✓✔✗□■○●◎№℃㎡㎏㎎㎜㎝㎞㏄²³½¼¾×÷±≤≥≈—–―…·•‘’“”‹›〔〕【】《》〈〉「」『』¥￥€£§©®™°′″"
EXTRAS += "".join(chr(code) for code in range(0x2460, 0x2474))
LATIN = "".join(chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x180)))
TABLE_HEAD = """\
# 通用规范汉字表 (State Council, 2013): 8,105 characters in the order of the table.
# Source: property kTGH of {name}, Unicode {version}; made by `manage.py subset_fonts --unihan`.
# © Unicode, Inc.; terms in UNICODE-LICENSE.txt beside this file. Extracted and reordered.
"""
LINE = 50


def paper_characters() -> set[str]:
    """Every character the project's own fonts print."""
    return {*gb2312_characters(), *table_characters(), *EXTRAS, *LATIN}


def simplified_face(path: Path) -> TTFont:
    """The Simplified Chinese face of a collection.

    Raises:
        LookupError: the collection has none.
    """
    for font in TTCollection(str(path)):
        if font["name"].getDebugName(1) in {FAMILY, f"{FAMILY} Bold"}:
            return font
    raise LookupError(f"{path} holds no {FAMILY}")


def subset_options() -> subset.Options:
    """Glyphs and the few features papers need; no hints, no vertical writing, no time stamp."""
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.desubroutinize = False
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.name_IDs = ["*"]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    return options


def cut(path: Path) -> Path:
    """The subset of ``path`` stands in ``documents/fonts``."""
    font = simplified_face(path)
    font.recalcTimestamp = False
    cutter = subset.Subsetter(subset_options())
    cutter.populate(unicodes=[ord(char) for char in paper_characters()])
    cutter.subset(font)
    target = OWN_FONTS / f"{path.stem.replace('CJK', 'SC')}.otf"
    font.save(str(target))
    return target


def read_unihan(path: Path) -> tuple[list[str], str]:
    """The characters in the order of the table, and the Unicode version they were read from."""
    ranks: dict[int, str] = {}
    version = ""
    with bz2.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            version = line.split(":")[1].strip() if "Unicode version" in line else version
            code, _tab, rest = line.partition("\tkTGH\t2013:")
            if rest:
                ranks[int(rest)] = chr(int(code[2:], 16))
    return [ranks[rank] for rank in sorted(ranks)], version


def write_table(path: Path) -> int:
    """The compact list stands in ``documents/fonts``; the number of its characters."""
    chars, version = read_unihan(path)
    rows = ("".join(chars[at : at + LINE]) for at in range(0, len(chars), LINE))
    head = TABLE_HEAD.format(name=path.name.removesuffix(".bz2"), version=version)
    TABLE_FILE.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return len(chars)


class Command(BaseCommand):
    """Remakes ``documents/fonts``; needed only when the set of characters or Noto changes."""

    help = "Remake the project's own fonts from Debian's fonts-noto-cjk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the collections lie, and optionally the Unihan file to remake the list from."""
        parser.add_argument("--source", type=Path, default=SOURCE)
        parser.add_argument("--unihan", type=Path, help="Unihan_OtherMappings.txt.bz2")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Each font file is remade and named with its size."""
        if options["unihan"]:
            self.stdout.write(f"{TABLE_FILE.name}: {write_table(options['unihan'])}")
        for name in FACES:
            made = cut(options["source"] / name)
            self.stdout.write(f"{made.name}: {made.stat().st_size:,} bytes")
