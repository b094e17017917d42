"""Every page of the district, as each role reaches it, in a real Chromium at both widths.

``make look`` runs it and keeps the pictures in build/look; the suite leaves it out, for it walks
some minutes, and .ci/run has it as a step of its own.
"""

import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page

from organisations.models import User
from tests.pages.walker import Walker

pytestmark = [
    pytest.mark.browser,
    pytest.mark.pages,
    pytest.mark.slow,
    pytest.mark.timeout(1500),
    pytest.mark.django_db(transaction=True),
]
DESK = "/admin/"
ROLES: dict[str, list[str]] = {
    "": ["/", "/?q=canji", "/progress/", "/check/", "/deadlines/", "/admin/login/"],
    # A kind of page is opened for the first who reaches it, and the administrator's lead furthest.
    "admin": [DESK],
    "dengta01": [DESK, "/admin/window/", "/admin/window/?q=cjrz", "/admin/search/?q=cjrz"],
    "canlian01": [DESK],
    "canlian_head": [DESK],
    "shijian01": [DESK, "/inspections/"],
    "dengta_wg01": [DESK, "/inspections/"],
    "xiaoneng01": [DESK, "/supervision/"],
}


def enter(page: Page, home: str, name: str) -> None:
    """The browser holds the session of this person; an empty name is a stranger."""
    client = Client()
    client.force_login(User.objects.get(username=name))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": home}])


def pictures() -> Path | None:
    """Where pictures are kept, if anywhere."""
    place = os.environ.get("LOOK_AT")
    return Path(place) if place else None


def test_every_page_opens_fits_and_is_accessible(
    live_server: object, new_page: Callable[..., Page]
) -> None:
    call_command("load_sample", stdout=StringIO())
    home, seen, faults = str(live_server), set[str](), list[str]()
    for name, seeds in ROLES.items():
        page = new_page(reduced_motion="reduce")
        if name:
            enter(page, home, name)
        walker = Walker(page, home, name or "citizen", seen, pictures())
        walker.walk(seeds)
        faults += walker.faults
        page.context.close()
    assert len(seen) > 60
    assert not faults, "\n".join(faults)
