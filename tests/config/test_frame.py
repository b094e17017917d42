"""What every answer carries: policy, language, session, an API page that works offline."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from common import time
from config.middleware import SEEN_KEY
from organisations.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    """A logged-in member of the staff."""
    client.force_login(User.objects.create(username="li", is_staff=True))
    return client


def test_it_works(client: Client) -> None:
    response = client.get("/admin/login/")
    assert response.status_code == 200
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_only_the_api_page_may_use_inline_style(client: Client) -> None:
    policy = client.get("/api/docs/")["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src" not in policy


def test_a_browsers_language_decides_nothing(client: Client) -> None:
    page = client.get("/admin/login/", headers={"accept-language": "en"})
    assert 'lang="zh-hans"' in page.content.decode()


def test_a_person_may_choose_english(client: Client) -> None:
    client.post("/i18n/setlang/", {"language": "en"})
    assert 'lang="en"' in client.get("/admin/login/").content.decode()


def test_an_unknown_language_cookie_is_ignored(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert 'lang="zh-hans"' in client.get("/admin/login/").content.decode()


def test_a_session_is_extended_at_most_once_a_minute(staff: Client) -> None:
    with time.freeze(time.now()):
        staff.get("/admin/")
        first = staff.session[SEEN_KEY]
        assert settings.SESSION_COOKIE_NAME not in staff.get("/admin/").cookies
    with time.freeze(time.now() + timedelta(minutes=2)):
        assert settings.SESSION_COOKIE_NAME in staff.get("/admin/").cookies
        assert staff.session[SEEN_KEY] > first


def test_five_wrong_passwords_lock_the_login(client: Client) -> None:
    User.objects.create_user(username="wang", password="right-password-1", is_staff=True)
    wrong = {"username": "wang", "password": "wrong"}
    for _ in range(5):
        client.post("/admin/login/", wrong)
    response = client.post("/admin/login/", {**wrong, "password": "right-password-1"})
    assert response.status_code == 429
    assert "_auth_user_id" not in client.session


def test_an_unknown_api_address_is_refused_without_a_trace(client: Client) -> None:
    response = client.get("/api/v1/nothing/")
    assert response.status_code == 404
    assert "Traceback" not in response.content.decode()


@pytest.mark.browser
def test_the_api_page_shows_every_operation_offline(page: Page, live_server: Any) -> None:
    page.goto("/api/docs/")
    expect(page.locator(".opblock").first).to_be_visible(timeout=20_000)


def test_a_browser_that_asks_for_the_icon_gets_it(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"] == "/static/common/favicon.svg"


def test_figures_are_served_only_when_switched_on(client: Client) -> None:
    assert client.get("/metrics").status_code == 404
