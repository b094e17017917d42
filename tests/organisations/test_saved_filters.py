"""Filters a person keeps for a list: his own, one click away, harmless when the list has changed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from common.errors import InvalidInput
from intake.choices import CaseState
from organisations.errors import TooManyFilters
from organisations.models import SavedFilter, User
from organisations.rules import kept_question
from organisations.services import keep_filter
from tests.factories.intake import PASSWORD, Office, a_case_at, again, an_office
from tests.factories.window import browser

pytestmark = pytest.mark.django_db
LIST, PLACE = "/admin/intake/case/", "intake.case"


@pytest.fixture
def office() -> Office:
    return an_office()


def keep(client: Client, **changes: str) -> Any:
    facts = {"place": PLACE, "name": "我的", "question": "desk=mine", **changes}
    return client.post(reverse("admin:filter_keep"), facts)


def kept(user: User, question: str, place: str = PLACE, name: str = "我的") -> SavedFilter:
    """A row as an older version of the list may have left it."""
    return SavedFilter.objects.create(user=user, place=place, name=name, question=question)


def opened(client: Client, saved: SavedFilter) -> Any:
    return client.get(reverse("admin:filter_open", args=(saved.pk,)))


def words(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_it_works(office: Office) -> None:
    clerk = browser(office.clerk)
    page = clerk.get(LIST, {"desk": "mine", "state__exact": "received", "q": "张小明", "p": "2"})
    assert page.status_code == 200
    answer = keep(clerk, question="desk=mine&state__exact=received&q=张小明&p=2", name=" 我 的 ")
    assert answer.headers["Location"] == f"{LIST}?desk=mine&state__exact=received"
    saved = SavedFilter.objects.get()
    assert (saved.name, saved.question) == ("我 的", "desk=mine&state__exact=received")
    assert opened(clerk, saved).headers["Location"] == answer.headers["Location"]
    shown = clerk.get(LIST).content.decode()
    assert reverse("admin:filter_open", args=(saved.pk,)) in shown
    assert 'data-digit="1"' in shown
    assert clerk.post(reverse("admin:filter_drop", args=(saved.pk,))).status_code == 302
    assert not SavedFilter.objects.exists()


def test_nobody_sees_opens_or_removes_anothers(office: Office) -> None:
    saved, stranger = kept(office.clerk, "desk=mine"), browser(office.reviewer)
    assert opened(stranger, saved).status_code == 404
    assert stranger.post(reverse("admin:filter_drop", args=(saved.pk,))).status_code == 404
    assert reverse("admin:filter_open", args=(saved.pk,)) not in stranger.get(LIST).content.decode()
    assert SavedFilter.objects.filter(pk=saved.pk).exists()


def test_a_filter_belongs_to_its_list(office: Office) -> None:
    saved = kept(office.clerk, "desk=mine")
    other = browser(office.clerk).get("/admin/intake/application/").content.decode()
    assert reverse("admin:filter_open", args=(saved.pk,)) not in other


def test_the_same_name_again_replaces(office: Office) -> None:
    clerk = browser(office.clerk)
    keep(clerk)
    keep(clerk, question="due=late")
    assert SavedFilter.objects.get().question == "due=late"


@pytest.mark.parametrize(
    ("kept_then", "left"),
    [
        ("gone__exact=1", ""),
        ("gone__exact=1&desk=mine", "?desk=mine"),
        ("state__nonsense=1&due=late", "?due=late"),
        ("application__applicant__name_index=x&due=late", "?due=late"),
        ("handler__id__exact=abc", ""),
    ],
)
def test_what_the_list_no_longer_understands_is_left_out(
    office: Office, kept_then: str, left: str
) -> None:
    clerk = browser(office.clerk)
    answer = opened(clerk, kept(office.clerk, kept_then))
    assert answer.headers["Location"] == LIST + left
    assert "不再适用" in words(answer)[0]
    assert clerk.get(answer.headers["Location"]).status_code == 200


def test_an_unknown_value_shows_a_list(office: Office) -> None:
    clerk = browser(office.clerk)
    answer = opened(clerk, kept(office.clerk, "desk=nowhere&due=never&state__exact=melted&o=99"))
    assert clerk.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("place", ["intake.gone", "nonsense", "", "a.b.c", "common.datakey"])
def test_a_list_that_is_gone_is_not_found(office: Office, place: str) -> None:
    clerk = browser(office.clerk)
    assert opened(clerk, kept(office.clerk, "desk=mine", place)).status_code == 404
    assert keep(clerk, place=place).status_code == 404


def test_a_list_one_may_not_see_keeps_nothing(office: Office) -> None:
    assert keep(browser(office.clerk), place="common.job", question="o=1").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "  "},
        {"name": "长" * 41},
        {"name": "a\u202eb"},
        {"question": ""},
        {"question": "q=张小明"},
        {"question": "gone=1"},
        {"question": "desk=" + "x" * 1000},
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_kept(
    office: Office, changes: dict[str, str]
) -> None:
    answer = keep(browser(office.clerk), **changes)
    assert answer.status_code == 302
    assert len(words(answer)) == 1
    assert not SavedFilter.objects.exists()


def test_nine_are_kept_and_no_more(office: Office) -> None:
    for place in range(9):
        keep_filter(user=office.clerk, place=PLACE, name=f"第{place}", question="due=late")
    with pytest.raises(TooManyFilters):
        keep_filter(user=office.clerk, place=PLACE, name="第十", question="due=late")
    keep_filter(user=office.clerk, place=PLACE, name="第1", question="due=soon")
    keep_filter(user=office.reviewer, place=PLACE, name="第十", question="due=late")
    keep_filter(user=office.clerk, place="intake.application", name="第十", question="o=1")
    with pytest.raises(InvalidInput):
        keep_filter(user=office.clerk, place=PLACE, name="\n", question="due=late")


def test_only_a_posted_form_keeps_or_removes(office: Office) -> None:
    clerk, saved = browser(office.clerk), kept(office.clerk, "desk=mine")
    assert clerk.get(reverse("admin:filter_keep")).status_code == 405
    assert clerk.get(reverse("admin:filter_drop", args=(saved.pk,))).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(again(office.clerk), backend="django.contrib.auth.backends.ModelBackend")
    assert keep(strict).status_code == 403
    assert keep(Client()).status_code == 302, "the door asks who comes"
    assert SavedFilter.objects.count() == 1


def test_what_is_searched_for_and_the_page_are_not_kept() -> None:
    assert kept_question("?q=张&p=3&all=&e=1&_facets=1&o=-1&desk=mine") == "o=-1&desk=mine"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_one_key_opens_it(new_page: Callable[..., Page]) -> None:
    office = an_office()
    a_case_at(CaseState.RECEIVED, office)
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto("/admin/login/")
    page.get_by_label("用户名").fill("it_clerk")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="我的工作台")).to_be_visible()
    page.goto(f"{LIST}?desk=mine")
    page.get_by_label("将所选筛选存为").fill("我手上的")
    page.get_by_role("button", name="保存", exact=True).click()
    page.goto(LIST)
    page.locator("h1").click()
    page.keyboard.press("1")
    expect(page).to_have_url(re.compile(r"\?desk=mine$"))
    expect(page.get_by_role("link", name="我手上的")).to_have_attribute("aria-current", "true")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
