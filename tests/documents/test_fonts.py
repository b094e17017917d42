"""The project's own fonts hold what they promise, and missing characters are found."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from pytest_django.fixtures import Settings

from documents.services import fonts
from documents.services.fonts import (
    OWN_FONTS,
    faces,
    gb2312_characters,
    table_characters,
    unprintable,
)

FILES = ("NotoSerifSC-Regular.otf", "NotoSerifSC-Bold.otf")


def test_it_works() -> None:
    assert unprintable("残疾人证办理 2026") == []


@pytest.mark.parametrize("name", FILES)
def test_each_font_has_gb2312_and_the_whole_table(name: str) -> None:
    cmap = TTFont(OWN_FONTS / name, lazy=True).getBestCmap()
    wanted = gb2312_characters() | table_characters()
    assert [char for char in wanted if ord(char) not in cmap] == []


def test_the_lists_are_complete() -> None:
    han = [char for char in gb2312_characters() if "\u4e00" <= char <= "\u9fff"]
    assert len(han) == 6763
    assert len(gb2312_characters()) == 7445
    assert len(table_characters()) == 8105


def test_licence_and_source_lie_beside_the_fonts() -> None:
    assert "SIL OPEN FONT LICENSE" in (OWN_FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert "kTGH" in (OWN_FONTS / "tgh2013.txt").read_text(encoding="utf-8")


def test_rare_names_of_the_table_print_and_others_are_named_once() -> None:
    assert unprintable("㛃䶮镕喆堃") == []
    assert unprintable("张峯与峯𠮷") == ["峯", "𠮷"]


def test_signs_nobody_sees_are_found_too() -> None:
    assert unprintable("张\u0000三\u200b\tx") == ["\u0000", "\u200b", "\t"]
    assert unprintable("第一行\n第二行") == []


def test_the_organs_own_fonts_come_first(settings: Settings, tmp_path: Path) -> None:
    font = TTFont(OWN_FONTS / FILES[0])
    for record in font["name"].names:
        if record.nameID in {1, 16}:
            record.string = "仿宋_GB2312"
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0x5CEF] = table.cmap[0x4E00]
    font.save(tmp_path / "own.otf")
    settings.FONT_DIR = tmp_path
    assert faces()["body"] == ["仿宋_GB2312", fonts.OWN_FAMILY]
    assert unprintable("峯") == []
