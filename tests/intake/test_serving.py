"""How a notice was served is on record, sealed, and on paper."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from common import time
from common.errors import Forbidden, InvalidInput, PersonErased
from common.events import chain_faults
from documents.models import Paper
from documents.services import read_paper, void_paper
from intake.choices import CaseState, ServiceWay
from intake.errors import CaseNotFound, NoticeVoid
from intake.models import Case, CaseEvent, Notice, ProofOfService
from intake.rules.serving import Served
from intake.services import erase_applicant
from intake.services.serving import serve_notice
from tests.factories.intake import Office, a_case_at, again, an_office, reread
from tests.factories.window import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.fixture
def case(office: Office) -> Case:
    return a_case_at(CaseState.CORRECTING, office)


@pytest.fixture
def notice(case: Case) -> Notice:
    return case.notices.get()


def served(**changes: Any) -> Served:
    facts = {
        "way": ServiceWay.DIRECT,
        "place": "灯塔路街道便民服务中心",
        "served_at": time.now(),
        "receiver": "张小明",
        **changes,
    }
    return Served(**facts)


def text_of(paper: Paper) -> str:
    pages = PdfReader(BytesIO(read_paper(paper))).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def faults_of(notice: Notice, office: Office, **changes: Any) -> set[str]:
    with pytest.raises(InvalidInput) as refused:
        serve_notice(notice_id=notice.pk, actor=office.clerk, served=served(**changes))
    return set(refused.value.fields)


def test_it_works(office: Office, case: Case, notice: Notice) -> None:
    before = reread(case)
    proof = serve_notice(notice_id=notice.pk, actor=office.clerk, served=served())
    text = text_of(proof.paper)
    for words in ("送达回证", "直接送达", "张小明", "本人", "王芳", "一次性告知书"):
        assert words in text
    assert re.sub(r"\s", "", notice.paper.number) in text
    assert re.fullmatch(r".+告送字〔\d{4}〕1号", proof.paper.number)
    assert proof.paper.drawn.number == 1
    assert (proof.relation, proof.reveal("receiver")) == ("本人", "张小明")
    event = CaseEvent.objects.for_subject(case.pk).last()
    assert event.verb == "serve_notice"
    assert "张小明" not in event.note
    assert not chain_faults(CaseEvent.objects.for_subject(case.pk))
    assert (reread(case).state, reread(case).row_version) == (before.state, before.row_version)


def test_what_was_refused_is_left_before_a_witness(office: Office, notice: Notice) -> None:
    left = {"way": ServiceWay.LEFT, "receiver": ""}
    assert faults_of(notice, office, **left) == {"refusal_reason", "witness"}
    told = {"refusal_reason": "拒绝签收", "witness": "李社区", "colleague": "赵敏"}
    proof = serve_notice(notice_id=notice.pk, actor=office.clerk, served=served(**left, **told))
    text = text_of(proof.paper)
    for words in ("留置送达", "拒绝签收", "李社区", "赵敏"):
        assert words in text
    assert proof.reveal("witness") == "李社区"
    assert "李社区".encode() not in bytes(proof.witness)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"receiver": " "}, {"receiver"}),
        ({"receiver": "张大明"}, {"relation"}),
        ({"place": " "}, {"place"}),
        ({"way": "pigeon"}, {"way"}),
        ({"way": ServiceWay.ELECTRONIC, "receiver": ""}, {"agreed"}),
        ({"way": "pigeon", "place": ""}, {"way", "place"}),
    ],
)
def test_an_account_that_proves_nothing_is_refused_field_by_field(
    office: Office, notice: Notice, changes: dict[str, Any], fields: set[str]
) -> None:
    papers = Paper.objects.count()
    assert faults_of(notice, office, **changes) == fields
    assert Paper.objects.count() == papers
    assert not ProofOfService.objects.exists()


def test_the_moment_lies_between_the_notice_and_now(office: Office, notice: Notice) -> None:
    day = timedelta(days=1)
    assert faults_of(notice, office, served_at=time.now() + day) == {"served_at"}
    assert faults_of(notice, office, served_at=notice.told_at - day) == {"served_at"}
    minute = notice.told_at.replace(second=0, microsecond=0)
    assert serve_notice(notice_id=notice.pk, actor=office.clerk, served=served(served_at=minute)).pk


def test_a_family_member_says_what_he_is(office: Office, notice: Notice) -> None:
    told = served(receiver="张大明", relation="父子")
    proof = serve_notice(notice_id=notice.pk, actor=office.clerk, served=told)
    assert "父子" in text_of(proof.paper)


def test_whoever_has_no_post_there_serves_nothing(office: Office, notice: Notice) -> None:
    for actor, refusal in (
        (office.other_clerk, CaseNotFound),
        (office.supervisor, Forbidden),
        (office.client, Forbidden),
    ):
        with pytest.raises(refusal):
            serve_notice(notice_id=notice.pk, actor=actor, served=served())
    for insider in (office.clerk, office.reviewer):
        assert serve_notice(notice_id=notice.pk, actor=insider, served=served()).pk
    assert ProofOfService.objects.visible_to(again(office.other_clerk)).count() == 0
    assert ProofOfService.objects.visible_to(again(office.clerk)).count() == 2


def test_a_void_notice_is_not_served(office: Office, notice: Notice) -> None:
    void_paper(paper=notice.paper, reason="错", actor=office.clerk)
    with pytest.raises(NoticeVoid):
        serve_notice(notice_id=notice.pk, actor=office.clerk, served=served())


def test_erasing_the_applicant_erases_who_took_it(office: Office) -> None:
    case = a_case_at(CaseState.REFUSED_ACCEPTANCE, office)
    notice = case.notices.get()
    serve_notice(notice_id=notice.pk, actor=office.clerk, served=served())
    erase_applicant(case_id=case.pk, actor=office.administrator, reason="本人申请")
    proof = ProofOfService.objects.get()
    assert proof.is_erased
    with pytest.raises(PersonErased):
        serve_notice(notice_id=notice.pk, actor=office.clerk, served=served())


# The form on the case page.


def typed(**changes: str) -> dict[str, str]:
    moment = time.local(time.now()).strftime("%Y-%m-%dT%H:%M")
    return {
        "way": "direct",
        "served_at": moment,
        "place": "窗口",
        "receiver": "张小明",
        **changes,
    }


def address(notice: Notice) -> str:
    return reverse("admin:intake_case_serve", args=(notice.case_id, notice.pk))


def test_the_case_page_leads_to_the_form_and_to_the_proof(
    office: Office, case: Case, notice: Notice
) -> None:
    desk = browser(office.clerk)
    page = f"/admin/intake/case/{case.pk}/change/"
    assert address(notice) in desk.get(page).content.decode()
    assert 'type="datetime-local"' in desk.get(address(notice)).content.decode()
    assert desk.post(address(notice), typed()).status_code == 302
    shown = desk.get(page).content.decode()
    proof = ProofOfService.objects.get()
    assert f"/papers/{proof.paper_id}/print/" in shown
    assert proof.paper.number in shown
    assert "张小明" not in shown


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"way": "left", "receiver": ""}, "留置送达时须填写"),
        ({"served_at": "昨天"}, "field-error"),
        ({"way": "<b>"}, "field-error"),
        ({"receiver": "张𠮷", "relation": "父子"}, "𠮷(U+20BB7)"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    office: Office, notice: Notice, changes: dict[str, str], words: str
) -> None:
    answer = browser(office.clerk).post(address(notice), typed(**changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ProofOfService.objects.exists()


def test_strange_addresses_show_nothing(office: Office, case: Case, notice: Notice) -> None:
    elsewhere = browser(office.other_clerk)
    assert elsewhere.get(address(notice)).status_code == 404
    wrong = reverse("admin:intake_case_serve", args=(case.pk, notice.pk + 9))
    assert browser(office.clerk).get(wrong).status_code == 404
    assert browser(office.supervisor).get(address(notice)).status_code == 403
