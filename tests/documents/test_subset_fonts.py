"""The command that makes the fonts reads the table of characters in its own order."""

import bz2
from pathlib import Path

from documents.management.commands.subset_fonts import paper_characters, read_unihan
from documents.services.fonts import OWN_FONTS, TABLE_FILE, gb2312_characters, table_characters

UNIHAN = """\
# Unicode version: 15.0.0
U+4E02\tkCNS1986\tE-2128
U+4E59\tkTGH\t2013:2
U+4E00\tkTGH\t2013:1
U+36C3\tkTGH\t2013:6608
"""


def test_it_works(tmp_path: Path) -> None:
    path = tmp_path / "Unihan.txt.bz2"
    path.write_bytes(bz2.compress(UNIHAN.encode()))
    assert read_unihan(path) == (["一", "乙", "㛃"], "15.0.0")


def test_the_set_holds_both_lists_and_the_signs_of_forms() -> None:
    assert gb2312_characters() | table_characters() | set("☑㎡№⑳é—") <= paper_characters()


def test_the_repository_stays_small() -> None:
    sizes = {path.name: path.stat().st_size for path in OWN_FONTS.glob("*.otf")}
    assert len(sizes) == 2
    assert max(sizes.values()) < 5_000_000
    assert TABLE_FILE.stat().st_size < 40_000
