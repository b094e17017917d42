"""Every template prints, on one page or several, the same bytes for the same data."""

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from documents.errors import UnprintableCharacters
from documents.services.typesetting import check_data, typeset
from tests.factories.documents import PAPER_DATA

AT = datetime(2026, 11, 24, 6, 5, tzinfo=UTC)
FILLED = {
    "title": "示例文书",
    "number": "安北监〔2026〕12号",
    "check_code": "K7M2X9QP",
    "check_url": "http://127.0.0.1:8000/check/x/K7M2X9QP/",
    "check_page": "http://127.0.0.1:8000/check/",
    "issued_on": "2026年11月24日",
}
RECEIPT = "intake/papers/receipt.typ"
ORDER = "inspections/papers/order.typ"
HOSTILE = '#panic() $x$ *b* @ref <lab> \\ // /* `raw` #import "x" [a] </w:p>& {{x}}'


def printed(template: str, **changes: Any) -> bytes:
    return typeset(template, {**PAPER_DATA[template], **FILLED, **changes}, at=AT)


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_it_works() -> None:
    (only,) = pages(printed(RECEIPT))
    text = squeezed(only)
    for words in ("张镕", "残疾人证办理", "收件窗口", "核验码K7M2X9QP", "安北监〔2026〕12号"):
        assert words in text


@pytest.mark.parametrize("template", sorted(PAPER_DATA))
def test_every_template_prints_its_data(template: str) -> None:
    check_data(template, PAPER_DATA[template])
    pdf = printed(template)
    text = squeezed("".join(pages(pdf)))
    assert PAPER_DATA[template]["organ"] in text
    assert "示例文书" in text
    assert len(pages(pdf)) == 1


@pytest.mark.parametrize("template", sorted(PAPER_DATA))
def test_same_data_give_the_same_bytes(template: str) -> None:
    assert printed(template) == printed(template)


def test_another_time_of_issue_gives_other_bytes() -> None:
    later = typeset(
        RECEIPT, {**PAPER_DATA[RECEIPT], **FILLED}, at=datetime(2026, 11, 25, tzinfo=UTC)
    )
    assert later != printed(RECEIPT)


def test_it_is_pdf_a_2b() -> None:
    metadata = PdfReader(BytesIO(printed(RECEIPT))).trailer["/Root"]["/Metadata"].get_data()
    assert b'pdfaid:part="2"' in metadata or b"<pdfaid:part>2<" in metadata


def test_data_are_never_code() -> None:
    text = squeezed("".join(pages(printed(RECEIPT, next_step=HOSTILE))))
    assert squeezed(HOSTILE) in text


def test_characters_without_a_glyph_are_refused_by_name() -> None:
    with pytest.raises(UnprintableCharacters) as refused:
        printed(RECEIPT, applicant="张𠮷")
    assert refused.value.chars == ["𠮷"]
    assert "𠮷(U+20BB7)" in refused.value.message


def test_a_long_order_keeps_text_beside_its_signature() -> None:
    problem = PAPER_DATA[ORDER]["problems"][0]
    many = [{**problem, "number": str(at)} for at in range(1, 48)]
    *_others, last = pages(printed(ORDER, problems=many))
    assert len(_others) >= 1
    assert "本文书一式两份" in squeezed(last)
    assert "印章" in last
    assert "共" in last


@pytest.mark.parametrize("count", range(1, 31))
def test_no_receipt_ends_with_a_lonely_signature(count: int) -> None:
    materials = [{"name": f"材料{at}", "status": "已收"} for at in range(count)]
    last = squeezed(pages(printed(RECEIPT, materials=materials))[-1])
    assert "印章" in last
    assert "请妥善保管" in last
