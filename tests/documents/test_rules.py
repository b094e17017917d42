"""Data of papers and content of files, judged without database or clock."""

import pytest

from documents.choices import FileKind
from documents.rules import (
    completed,
    data_faults,
    keys_of,
    kind_by_content,
    pdf_is_whole,
    same_code,
    texts_in,
)
from tests.factories.documents import PDF_BYTES

HEAD = "// 示例.\n// required: who items+[name due] notes[] rows[a]\n// optional: remark\n#body"
GOOD = {
    "organ": "某局",
    "who": "张三",
    "items": [{"name": "证", "due": ""}],
    "notes": [],
    "rows": [],
}


def test_it_works() -> None:
    assert data_faults(keys_of(HEAD), GOOD) == []
    assert completed(keys_of(HEAD), GOOD)["remark"] == ""


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"who": ""}, "who"),
        ({"who": None}, "who"),
        ({"who": 5}, "who"),
        ({"items": []}, "items"),
        ({"items": [{"name": "证"}]}, "items"),
        ({"items": [{"name": "证", "due": "", "more": ""}]}, "items"),
        ({"items": [{"name": "证", "due": None}]}, "items"),
        ({"notes": "text"}, "notes"),
        ({"notes": [1]}, "notes"),
        ({"remark": 1}, "remark"),
        ({"whom": "typing mistake"}, "whom"),
    ],
)
def test_a_fault_is_named(change: dict[str, object], fault: str) -> None:
    assert data_faults(keys_of(HEAD), {**GOOD, **change}) == [fault]


def test_a_missing_key_is_named() -> None:
    data = {key: value for key, value in GOOD.items() if key != "who"}
    assert data_faults(keys_of(HEAD), data) == ["who"]


def test_every_text_is_found_however_deep() -> None:
    assert "".join(texts_in({"a": "甲", "b": [{"c": "乙"}, "丙"]})) == "甲乙丙"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", FileKind.PNG),
        (b"\xff\xd8\xff\xe0..", FileKind.JPEG),
        (b"\xef\xbb\xbf%PDF-1.7", FileKind.PDF),
        (b"MZ\x90", None),
        (b"<svg onload=alert(1)>", None),
        (b"x" * 2000 + b"%PDF-1.7", None),
        (b"", None),
    ],
)
def test_kind_is_known_by_content(content: bytes, kind: FileKind | None) -> None:
    assert kind_by_content(content) == kind


def test_a_cut_pdf_is_not_whole() -> None:
    assert pdf_is_whole(PDF_BYTES)
    assert not pdf_is_whole(PDF_BYTES[:-10])


def test_a_code_may_be_typed_loosely() -> None:
    assert same_code(" k7m2-x9qp ") == "K7M2X9QP"
