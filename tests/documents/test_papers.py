"""Issued papers: the same bytes for ever, sealed, genuine or not."""

import hashlib
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from common import time
from common.sealing import new_data_key
from documents.errors import ContentGone, NumberInUse, PaperDataMissing, UnprintableCharacters
from documents.models import Paper
from documents.registry import PaperKind, paper_kind, register_paper
from documents.services import genuine_paper, issue_paper, next_number, read_paper
from organisations.models import User
from organisations.services import system_user
from tests.factories.documents import PAPER_DATA, RECEIPT, STREET, make_paper


@pytest.fixture
def actor(db: None) -> User:
    return system_user("sample")


def test_it_works(actor: User) -> None:
    paper = make_paper(actor=actor, number="BG410503004-20261124-0001")
    again = Paper.objects.get(pk=paper.pk)
    pdf = read_paper(again)
    assert pdf.startswith(b"%PDF-")
    assert again.sha256 == hashlib.sha256(pdf).hexdigest()
    assert again.reveal_json("data")["applicant"] == "张镕"
    assert (again.title, again.organ) == ("收件凭证", "安阳市北关区灯塔路街道办事处")
    assert read_paper(again) == pdf


def test_personal_data_are_not_readable_in_the_table(actor: User) -> None:
    paper = make_paper(actor=actor)
    assert "张镕".encode() not in bytes(paper.data)
    assert b"%PDF" not in bytes(paper.pdf)


def test_the_title_may_come_with_the_data(actor: User) -> None:
    data = {**PAPER_DATA[RECEIPT.template], "title": "收件回执"}
    assert make_paper(actor=actor, data=data).title == "收件回执"


def test_the_legal_day_of_issue_is_printed(actor: User) -> None:
    with time.freeze(datetime(2026, 11, 24, 16, 30, tzinfo=UTC)):
        paper = make_paper(actor=actor)
    assert paper.reveal_json("data")["issued_on"] == "2026年11月25日"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"applicant": "张𠮷"}, UnprintableCharacters),
        ({"applicant": ""}, PaperDataMissing),
        ({"number": "forged"}, PaperDataMissing),
    ],
)
def test_a_refused_paper_leaves_nothing(
    actor: User, change: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        make_paper(actor=actor, data={**PAPER_DATA[RECEIPT.template], **change})
    assert not Paper.objects.exists()


def test_a_refused_paper_gives_its_number_back(actor: User) -> None:
    series = {"series_key": "receipt", "organ_code": "DT", "year": 2026, "actor": actor}

    def issue(applicant: str) -> Paper:
        with transaction.atomic():
            number = f"灯〔2026〕{next_number(**series)}号"
            data = {**PAPER_DATA[RECEIPT.template], "applicant": applicant}
            return make_paper(actor=actor, number=number, data=data)

    with pytest.raises(UnprintableCharacters):
        issue("张𠮷")
    assert issue("张镕").number == "灯〔2026〕1号"


def test_a_number_stands_on_one_paper(actor: User) -> None:
    make_paper(actor=actor, number="A-1")
    with pytest.raises(NumberInUse):
        make_paper(actor=actor, number="A-1")


def test_an_issued_paper_never_changes(actor: User) -> None:
    paper = make_paper(actor=actor)
    paper.title = "伪造"
    for change in (
        paper.save,
        paper.delete,
        lambda: Paper.objects.update(sha256="0" * 64),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Paper.objects.get(pk=paper.pk).title == "收件凭证"


def test_erasing_the_person_leaves_number_and_hash(actor: User) -> None:
    key = new_data_key()
    paper = make_paper(actor=actor, data_key=key)
    key.erase()
    again = Paper.objects.get(pk=paper.pk)
    with pytest.raises(ContentGone):
        read_paper(again)
    assert again.reveal_json("data") == {}
    assert genuine_paper(number=again.number, code=again.check_code) == again


def test_genuine_needs_number_and_code(actor: User) -> None:
    first, second = make_paper(actor=actor, number="A-1"), make_paper(actor=actor, number="A-2")
    assert genuine_paper(number=" A-1 ", code=first.check_code.lower()) == first
    assert genuine_paper(number="A-1", code=second.check_code) is None
    assert genuine_paper(number="A-3", code=first.check_code) is None
    assert genuine_paper(paper_id=first.pk, code=first.check_code) == first
    assert genuine_paper(paper_id=first.pk, code="") is None


def test_kinds_are_known_by_key() -> None:
    kind = register_paper(PaperKind("test-kind", "示例", RECEIPT.template))
    assert register_paper(kind) is kind
    assert paper_kind("test-kind") is kind
    with pytest.raises(ValueError, match="test-kind"):
        register_paper(PaperKind("test-kind", "另一个", RECEIPT.template))
    with pytest.raises(LookupError):
        paper_kind("nobody")


def test_papers_of_a_subject(actor: User) -> None:
    paper = make_paper(actor=actor, subject_kind="case", subject_id=7)
    make_paper(actor=actor, number="A-2", subject_kind="case", subject_id=8)
    assert list(Paper.objects.about("case", 7)) == [paper]


def test_issuing_needs_no_department(actor: User) -> None:
    paper = issue_paper(
        kind=RECEIPT,
        data=PAPER_DATA[RECEIPT.template],
        number="C-1",
        actor=actor,
        region_code=STREET,
        department=None,
        subject_kind="",
        subject_id="",
    )
    assert paper.department is None
