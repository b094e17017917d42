"""Prints of a paper: the first is the paper, each later one says so; every one is on record."""

import re
import uuid
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from pypdf import PdfReader

from common import time
from common.errors import NotFound
from common.sealing import new_data_key
from documents.models import Paper, Print
from documents.rules import page_count
from documents.services import draw_number, print_paper, read_paper, void_paper
from organisations.choices import Role
from organisations.models import Post, Region, User
from organisations.services import appoint, system_user
from tests.factories.documents import PAPER_DATA, RECEIPT, STREET, make_paper, make_street

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 25, 6, 5, tzinfo=UTC)


def clerk_of(code: str, name: str) -> User:
    region, _new = Region.objects.get_or_create(
        code=code, defaults={"name": code, "level": "street"}
    )
    user = User.objects.create_user(name, display_name=name)
    post = Post.objects.create(title="综窗", role=Role.CLERK, unit=make_street(), region=region)
    appoint(post=post, holder_a=user)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def clerk() -> User:
    return clerk_of(STREET, "王芳")


@pytest.fixture
def paper() -> Paper:
    return make_paper(actor=system_user("sample"), number="灯〔2026〕1号")


def printed(paper: Paper, clerk: User) -> bytes:
    with time.freeze(AT):
        return print_paper(paper_id=paper.pk, actor=clerk)


def text_of(pdf: bytes) -> list[str]:
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def test_it_works(paper: Paper, clerk: User) -> None:
    issued = read_paper(paper)
    assert printed(paper, clerk) == issued
    second, third = printed(paper, clerk), printed(paper, clerk)
    assert "补打（第1次）2026年11月25日14时05分王芳" in text_of(second)[0]
    assert "补打（第2次）" in text_of(third)[0]
    assert "张镕" in text_of(third)[0]
    again = Paper.objects.get(pk=paper.pk)
    assert (again.sha256, read_paper(again)) == (paper.sha256, issued)
    rows = Print.objects.values_list("place", "printed_by", "printed_at")
    assert list(rows) == [(place, clerk.pk, AT) for place in (1, 2, 3)]


def test_every_page_of_a_copy_bears_the_mark(clerk: User) -> None:
    row = {"name": "长材料名称" * 20, "status": "已收"}
    data = {**PAPER_DATA[RECEIPT.template], "materials": [row] * 40}
    paper = make_paper(actor=system_user("sample"), data=data)
    first, copy = text_of(printed(paper, clerk)), text_of(printed(paper, clerk))
    assert len(first) > 2
    assert page_count(read_paper(paper)) == len(first) == len(copy)
    for issued, copied in zip(first, copy, strict=True):
        assert "补打" not in issued
        assert "补打（第1次）" in copied
        assert f"共{len(first)}页" in copied


def test_a_void_paper_is_printed_with_that_word_only(clerk: User) -> None:
    drawn = draw_number(series_key="k", organ_code="灯", year=2026, actor=clerk)
    paper = make_paper(actor=clerk, drawn=drawn)
    void_paper(paper=paper, reason="错", actor=clerk)
    assert "文号已作废" in text_of(printed(paper, clerk))[0]
    assert "文号已作废" not in text_of(read_paper(paper))[0]


def test_only_who_sees_the_paper_prints_it(paper: Paper) -> None:
    stranger = clerk_of("410503003000", "李雷")
    with pytest.raises(NotFound):
        print_paper(paper_id=paper.pk, actor=stranger)
    client = Client()
    client.force_login(stranger)
    assert client.post(f"/papers/{paper.pk}/print/").status_code == 404
    assert client.post(f"/papers/{uuid.uuid4()}/print/").status_code == 404
    assert Client().post(f"/papers/{paper.pk}/print/").status_code == 302
    assert not Print.objects.exists()


def test_the_door_prints_and_counts_and_looking_does_not(paper: Paper, clerk: User) -> None:
    client = Client()
    client.force_login(clerk)
    for _time in range(2):
        assert client.get(f"/papers/{paper.pk}/").content == read_paper(paper)
    answers = [client.post(f"/papers/{paper.pk}/print/") for _time in range(2)]
    assert [answer["Content-Type"] for answer in answers] == ["application/pdf"] * 2
    assert answers[0].content == read_paper(paper)
    assert "补打（第1次）" in text_of(answers[1].content)[0]
    assert client.get(f"/papers/{paper.pk}/print/").status_code == 405
    assert Print.objects.count() == 2


def test_an_erased_paper_is_not_printed_and_not_counted(clerk: User) -> None:
    key = new_data_key()
    paper = make_paper(actor=clerk, data_key=key)
    key.erase()
    client = Client()
    client.force_login(clerk)
    answer = client.post(f"/papers/{paper.pk}/print/")
    assert answer.status_code == 410
    assert "个人信息已" in answer.content.decode()
    assert not Print.objects.exists()


def test_a_clerk_whose_name_no_font_has_is_told(paper: Paper) -> None:
    rare = clerk_of(STREET, "张𠮷")
    client = Client()
    client.force_login(rare)
    assert client.post(f"/papers/{paper.pk}/print/").status_code == 200
    refused = client.post(f"/papers/{paper.pk}/print/")
    assert refused.status_code == 400
    assert "𠮷" in refused.content.decode()
    assert Print.objects.count() == 1


def test_a_print_once_on_record_stays(paper: Paper, clerk: User) -> None:
    printed(paper, clerk)
    for change in (Print.objects.all().delete, lambda: Print.objects.update(place=9)):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_page_of_a_paper_lists_its_prints(paper: Paper, clerk: User) -> None:
    printed(paper, clerk)
    client = Client()
    client.force_login(clerk)
    page = client.get(f"/admin/documents/paper/{paper.pk}/change/").content.decode()
    assert f"/papers/{paper.pk}/print/" in page
    assert "王芳" in page
