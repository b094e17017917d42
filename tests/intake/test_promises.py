"""Letters of promise: printed with the acceptance that needs them, and with no other."""

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from catalogue.choices import Kind
from common import time
from documents.models import Paper
from documents.services import read_paper
from intake.choices import CaseState, MaterialStatus, NoticeKind
from intake.models import Case
from intake.rules.acceptance import acceptance_basis
from intake.services import MaterialInput
from intake.services.serving import serve_notice
from tests.factories.intake import Office, an_application, an_office, the_case
from tests.factories.window import browser
from tests.intake.test_serving import served

pytestmark = pytest.mark.django_db
HERE = [MaterialInput("残疾人证申请表"), MaterialInput("居民身份证")]


def soon() -> date:
    return time.today() + timedelta(days=5)


def short(office: Office, **changes: Any) -> Case:
    """A case whose photograph follows."""
    photo = MaterialInput("两寸照片", status=MaterialStatus.DEFERRED, due_on=soon())
    return the_case(an_application(office, materials=[*HERE, photo], **changes))


def kinds(case: Case) -> list[str]:
    return list(case.notices.values_list("kind", flat=True))


def paper_of(case: Case, kind: str) -> Paper:
    return case.notices.get(kind=kind).paper


def text_of(paper: Paper) -> str:
    pages = PdfReader(BytesIO(read_paper(paper))).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def day_text(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def test_it_works() -> None:
    office = an_office()
    case = short(office)
    assert case.state == CaseState.ACCEPTED
    assert kinds(case) == [NoticeKind.ACCEPTANCE, NoticeKind.DEFERRAL]
    paper = paper_of(case, NoticeKind.DEFERRAL)
    text = text_of(paper)
    for words in (
        "容缺受理承诺书",
        "张小明",
        "两寸照片",
        day_text(soon()),
        "《安阳市政务服务条例》第二十四条",
        "视为撤回申请",
        "申请人（签名或者盖章）",
    ):
        assert words in text
    assert re.fullmatch(r".+容诺字〔\d{4}〕1号", paper.number)
    assert paper.drawn.series.key == "intake.deferral"
    assert case.notices.get(kind=NoticeKind.DEFERRAL).due_on == soon()


def test_the_notice_of_acceptance_does_not_say_that_all_is_complete() -> None:
    office = an_office()
    lacking = text_of(paper_of(short(office), NoticeKind.ACCEPTANCE))
    assert "仅欠缺次要材料" in lacking
    assert "申请材料齐全、符合法定形式" not in lacking
    assert "第二十四条、第三十六条" in lacking
    whole = text_of(paper_of(the_case(an_application(office)), NoticeKind.ACCEPTANCE))
    assert "申请材料齐全、符合法定形式" in whole
    assert "第二十四条" not in whole


def test_a_complete_case_has_no_letter() -> None:
    assert kinds(the_case(an_application(an_office()))) == [NoticeKind.ACCEPTANCE]


def test_an_item_decided_on_a_promise_has_its_letter() -> None:
    office = an_office(on_promise=True, check_workdays=20, conditions="消防设施完好\n疏散通道畅通")
    case = the_case(an_application(office))
    assert kinds(case) == [NoticeKind.ACCEPTANCE, NoticeKind.PROMISE]
    text = text_of(paper_of(case, NoticeKind.PROMISE))
    for words in (
        "告知承诺书",
        "消防设施完好；疏散通道畅通。",
        "20个工作日内",
        "可以撤回承诺申请",
        "依法撤销决定",
        "张小明",
    ):
        assert words in text
    assert "当场作出决定" in text
    assert "下列材料应当" not in text


def test_one_letter_names_what_follows_too() -> None:
    office = an_office(on_promise=True, check_workdays=20, kind=Kind.LICENCE)
    case = short(office)
    assert kinds(case) == [NoticeKind.ACCEPTANCE, NoticeKind.PROMISE]
    text = text_of(paper_of(case, NoticeKind.PROMISE))
    assert "两寸照片" in text
    assert day_text(soon()) in text
    assert "当场作出行政许可决定" in text


@pytest.mark.parametrize(
    ("licence", "deferred", "articles"),
    [
        (True, False, "《中华人民共和国行政许可法》第三十二条第一款第五项"),
        (False, False, "《安阳市政务服务条例》第三十六条"),
        (False, True, "《安阳市政务服务条例》第二十四条、第三十六条"),
        (
            True,
            True,
            "《中华人民共和国行政许可法》第三十二条第一款第五项、《安阳市政务服务条例》第二十四条",
        ),
    ],
)
def test_what_an_acceptance_rests_on(licence: bool, deferred: bool, articles: str) -> None:
    assert acceptance_basis(licence=licence, deferred=deferred) == articles


def test_the_clerk_prints_it_at_once_and_it_is_served_like_any_notice() -> None:
    office = an_office()
    case = short(office)
    notice = case.notices.get(kind=NoticeKind.DEFERRAL)
    desk = browser(office.clerk)
    done = desk.get(f"/admin/window/done/{case.application_id}/").content.decode()
    page = desk.get(f"/admin/intake/case/{case.pk}/change/").content.decode()
    for shown in (done, page):
        assert f"/papers/{notice.paper_id}/print/" in shown
        assert "容缺受理承诺书" in shown
    proof = serve_notice(notice_id=notice.pk, actor=office.clerk, served=served())
    assert proof.paper.organ == case.department.name
