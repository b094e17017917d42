"""The skin: frame of staff pages, pages of refusal, dates of the ledger, keys."""

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from playwright.sync_api import Page, expect

from common.templatetags.ledger import long_day, short_day, short_moment
from common.time import at_local
from organisations.models import User

PASSWORD = "demo-demo"


@pytest.fixture
def admin(db: None) -> User:
    return User.objects.create_superuser("skin-admin", password=PASSWORD, display_name="周管")


def test_it_works(client: Client, admin: User) -> None:
    client.force_login(admin)
    html = client.get("/admin/").content.decode()
    assert "我的工作台" in html
    assert "周管" in html
    assert html.count('aria-current="page"') == 1


def test_the_current_entry_is_the_longest_that_fits(client: Client, admin: User) -> None:
    client.force_login(admin)
    html = client.get("/supervision/clocks/").content.decode()
    assert '<a href="/supervision/" aria-current="page">督办看板</a>' in html


def test_a_stranger_sees_no_navigation() -> None:
    request = RequestFactory().get("/admin/login/")
    request.user = AnonymousUser()
    page = Template("{% load frame %}{% staff_header %}").render(Context({"request": request}))
    assert "frame-nav" not in page
    assert "一窗" in page


@pytest.mark.parametrize(
    "name",
    ["403.html", "403_csrf.html", "404.html", "429.html", "500.html", "common/locked_out.html"],
)
def test_refusals_need_no_context_and_speak_chinese(name: str) -> None:
    page = render_to_string(name)
    assert "回到首页" in page
    assert "<h1>" in page


def test_the_search_box_keeps_its_words_on_its_own_page_only(client: Client, admin: User) -> None:
    client.force_login(admin)
    assert 'value="cjrz"' in client.get("/admin/search/?q=cjrz").content.decode()
    assert "没有找到" in client.get("/admin/search/?q=cjrz").content.decode()


def test_days_are_written_as_in_a_ledger() -> None:
    assert short_day(date(2026, 11, 24)) == "11-24 周二"
    assert long_day(date(2026, 11, 4)) == "2026年11月4日"
    assert short_day(None) == ""


def test_a_moment_late_in_the_evening_belongs_to_its_chinese_day() -> None:
    moment = at_local(date(2026, 11, 24))
    assert short_moment(moment) == "11-24 周二 00:00"
    assert short_day(moment) == "11-24 周二"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_keys_of_the_house(new_page: Callable[..., Page]) -> None:
    User.objects.create_superuser("skin-admin", password=PASSWORD, display_name="周管")
    page = new_page(viewport={"width": 1440, "height": 900})
    page.goto("/admin/")
    page.get_by_label("用户名").fill("skin-admin")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="我的工作台")).to_be_visible()
    page.keyboard.press("/")
    expect(page.locator("#frame-q")).to_be_focused()
    page.keyboard.type("?")
    expect(page.locator("#frame-q")).to_have_value("?")
    expect(page.locator("#keys")).to_be_hidden()
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="浅色或深色").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
