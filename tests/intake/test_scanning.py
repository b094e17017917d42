"""The box at the top takes what a scanner types: one thing opens, several are listed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.services import offer_bundle, write_bundle
from common.search import read_scan, spellings
from documents.models import Paper
from intake.choices import CaseState
from intake.models import Application, Case, Draft
from organisations.services import system_user
from tests.catalogue.test_bundles import a_card
from tests.factories.catalogue import published_item
from tests.factories.inspections import make_scene
from tests.factories.intake import Office, a_case_at, an_application, an_office
from tests.factories.window import browser
from tests.intake.test_drafts import filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.fixture
def case(office: Office) -> Case:
    return a_case_at(CaseState.ACCEPTED, office)


def scanned(client: Client, text: str) -> str:
    """Where the box leads; empty if it stays on its own page."""
    answer = client.get(reverse("admin:search"), {"q": text})
    assert answer.status_code in {200, 302}, text
    return answer.headers.get("Location", "")


def page_of(case: Case) -> str:
    return reverse("admin:intake_case_change", args=(case.pk,))


def check_address(paper: Paper, host: str = "https://elsewhere.example") -> str:
    return f"{host}/check/{paper.pk}/{paper.check_code}/"


CODES_OF_A_CASE: dict[str, Callable[[Case, Application], str]] = {
    "its number": lambda case, _all: case.number,
    "its number in small letters": lambda case, _all: case.number.lower(),
    "wide signs and blanks": lambda case, _all: wide(f" {case.number[:5]} {case.number[5:]} "),
    "the receipt": lambda _case, all_: all_.number,
    "the receipt's QR code": lambda _case, all_: check_address(all_.receipt),
    "the receipt's number at the check": lambda _case, all_: f"/check/?number={all_.number}",
    "the check characters": lambda _case, all_: all_.spoken_check_code,
    "the progress address": lambda _case, all_: f"https://x/progress/ {all_.check_code}",
    "the progress question": lambda _case, all_: f"https://x/progress/?receipt={all_.number}",
    "the progress code": lambda _case, all_: f"http://x:99/a/progress/?code={all_.check_code}",
}


def wide(text: str) -> str:
    """Letters and digits as a Chinese keyboard types them at full width."""
    return "".join(chr(ord(s) + 0xFEE0) if "!" <= s <= "~" else s for s in text)


@pytest.mark.parametrize("what", CODES_OF_A_CASE)
def test_whatever_stands_for_one_case_opens_it(office: Office, case: Case, what: str) -> None:
    text = CODES_OF_A_CASE[what](case, case.application)
    assert scanned(browser(office.clerk), text) == page_of(case)
    assert scanned(browser(office.other_clerk), text) == ""


def test_a_receipt_of_several_cases_lists_them(office: Office) -> None:
    second = published_item(office.department, code="BG-CL-009", name="残疾人证换领")
    application = an_application(office, items=[office.item, second])
    clerk = browser(office.clerk)
    assert scanned(clerk, application.number) == ""
    page = clerk.get(reverse("admin:search"), {"q": application.number}).content.decode()
    assert "对应几件事" in page
    for one in application.cases.all():
        assert page_of(one) in page


def test_the_notice_leads_to_its_own_page(office: Office, case: Case) -> None:
    paper = case.notices.get().paper
    clerk, page = browser(office.clerk), reverse("admin:documents_paper_change", args=(paper.pk,))
    for text in (paper.number, check_address(paper), spelled_with_square_brackets(paper)):
        assert scanned(clerk, text) == page, text
        assert scanned(browser(office.other_clerk), text) == "", text


def spelled_with_square_brackets(paper: Paper) -> str:
    return paper.number.replace("〔", "[").replace("〕", "]")


def test_a_paper_with_anothers_check_code_is_not_opened(office: Office, case: Case) -> None:
    paper = case.notices.get().paper
    forged = f"https://x/check/{paper.pk}/AAAAAAAA/"
    clerk = browser(office.clerk)
    assert scanned(clerk, forged) == ""
    page = clerk.get(reverse("admin:search"), {"q": forged}).content.decode()
    assert "这个网址" in page


def test_a_form_filled_in_at_home_is_finished_from_its_code(office: Office) -> None:
    draft = filled_in(office)
    page = reverse("admin:window_form") + f"?draft={draft.pk}"
    clerk = browser(office.clerk)
    for text in (draft.code, draft.spoken_code.lower(), wide(draft.code or "")):
        assert scanned(clerk, text) == page
        assert scanned(browser(office.reviewer), text) == ""
    assert clerk.get(page).status_code == 200


def test_items_and_bundles_open_from_code_and_poster(office: Office) -> None:
    published_item(office.department, code="BG-MZ-013", name="困难残疾人生活补贴")
    bundle = write_bundle(actor=system_user("sample"), card=a_card())
    clerk, keeper = browser(office.clerk), browser(office.administrator)
    of_item = reverse("admin:catalogue_item_change", args=(office.item.pk,))
    of_bundle = reverse("admin:catalogue_bundle_change", args=(bundle.pk,))
    code = office.item.code
    for text in (
        code,
        code.lower(),
        f"https://x/guides/{code}/",
        f"https://x/prefill/?item={code}",
    ):
        assert scanned(clerk, text) == of_item, text
    for text in ("YJS-1", "https://x/bundles/YJS-1/", "https://x/prefill/?bundle=YJS-1"):
        assert scanned(keeper, text) == of_bundle, text
        assert scanned(clerk, text) == "", "it rests"
    offer_bundle(actor=system_user("sample"), bundle_id=bundle.pk)
    assert scanned(clerk, "YJS-1") == of_bundle


def test_an_order_opens_from_number_and_paper(office: Office) -> None:
    scene = make_scene()
    order = scene.ordered()
    page, officer = reverse("inspections:order", args=(order.pk,)), browser(scene.officer)
    for text in (order.number, check_address(order.paper)):
        assert scanned(officer, text) == page, text
        assert scanned(browser(office.clerk), text) == "", text


ODD: list[Any] = [
    "", " ", "/", "//", "?", "https://", "http://[", "https://x/check/", "https://x/check/no/AB/",
    "https://x/check/%2500/x/", "%00", "https://x/check/?number=%2500", "progress/" + "A" * 400,
    "https://x/guides/", "https://x/prefill/?item=", "/check/" + "9" * 200, "\ud83d", "'; drop", "BG",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_what_is_no_code_of_ours_shows_the_list(office: Office, text: str) -> None:
    answer = browser(office.administrator).get(
        reverse("admin:search"), {"q": text.encode("utf-8", "replace")}
    )
    assert answer.status_code == 200


def test_the_host_is_never_read() -> None:
    first, second = read_scan("https://a/check/1/X/"), read_scan("http://b:8/sub/check/1/X/?y=1#z")
    assert first.behind("check") == second.behind("check") == ("1", "X")
    assert not first.texts
    assert read_scan("BG-1").codes("check") == spellings("BG-1")


def test_a_draft_that_was_handed_in_opens_no_form(office: Office, case: Case) -> None:
    draft = filled_in(office)
    Draft.objects.filter(pk=draft.pk).update(application=case.application)
    assert scanned(browser(office.clerk), draft.code or "") == ""
