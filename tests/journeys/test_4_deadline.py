"""Journey 4: a case left alone passes its stages, and a supervisor sees it.

A real Celery worker sweeps, the reminder reaches the handler's inbox, the yellow and
the red card are recorded once, and the dashboard in a real browser shows them.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from common import time
from config.celery import app
from deadlines.choices import StageKey
from deadlines.models import Clock, StageFire, SweepRun
from deadlines.services import current_calendar
from notifications.models import InboxMessage
from supervision.choices import CardColour
from supervision.models import Card, CardEvent
from tests.factories.supervision import District, make_clock, make_district
from tests.worker import LiveWorker

PASSWORD = "demo-demo"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def district(transactional_db: None) -> District:
    return make_district()


def _begun_workdays_ago(district: District, days: int, number: str) -> Clock:
    """A matter taken in so many working days before today, and touched by nobody since."""
    calendar, day = current_calendar(), time.today()
    for _step in range(days):
        day = calendar.before(day)
    start = min(time.at_local(day) + timedelta(hours=9), time.now() - timedelta(minutes=1))
    return make_clock(district, number=number, handler=district.reviewer, started_at=start)


def _sweep(worker: LiveWorker) -> None:
    """Beat's tick: the message travels through the broker, the worker does the sweep."""
    seen = SweepRun.objects.count()
    app.send_task("deadlines.sweep_clocks")
    worker.wait_for(lambda: SweepRun.objects.filter(finished_at__isnull=False).count() > seen, 30)


def _stages(clock: Clock) -> list[str]:
    return list(
        StageFire.objects.filter(clock=clock).order_by("pk").values_list("stage", flat=True)
    )


def _titles(district: District) -> list[str]:
    messages = InboxMessage.objects.filter(recipient=district.reviewer)
    return list(messages.values_list("title", flat=True))


def test_it_works(district: District, live_worker: LiveWorker) -> None:
    """Half of the promise gone: a reminder in the handler's inbox, and no card."""
    clock = _begun_workdays_ago(district, 4, "BG-REMIND")
    _sweep(live_worker)
    assert StageKey.REMIND in _stages(clock)
    assert any("BG-REMIND" in title for title in _titles(district))
    assert not Card.objects.exists()


def test_yellow_and_red_are_recorded_once(district: District, live_worker: LiveWorker) -> None:
    yellow = _begun_workdays_ago(district, 7, "BG-YELLOW")
    red = _begun_workdays_ago(district, 23, "BG-RED")
    _sweep(live_worker)
    _sweep(live_worker)
    colours = set(Card.objects.values_list("clock_id", "colour", "stage"))
    assert colours == {
        (yellow.pk, CardColour.YELLOW, StageKey.YELLOW),
        (red.pk, CardColour.YELLOW, StageKey.YELLOW),
        (red.pk, CardColour.RED, StageKey.RED_STATUTE),
    }
    assert CardEvent.objects.filter(verb="write").count() == 3
    assert len(_stages(red)) == len(set(_stages(red)))
    assert InboxMessage.objects.filter(recipient=district.supervisor).exists()


def _log_in(page: Page, username: str) -> None:
    page.goto("/admin/login/?next=/supervision/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


@pytest.mark.browser
def test_a_supervisor_sees_it_and_opens_it(
    district: District, live_worker: LiveWorker, new_page: Callable[..., Page]
) -> None:
    _begun_workdays_ago(district, 1, "BG-FRESH")
    _begun_workdays_ago(district, 7, "BG-YELLOW")
    _begun_workdays_ago(district, 23, "BG-RED")
    _sweep(live_worker)
    page = new_page(viewport={"width": 1440, "height": 900})
    _log_in(page, "t-supervisor")
    expect(page.locator("a.lead-number b")).to_have_text("2")
    expect(page.get_by_text("限时引擎正常")).to_be_visible()
    expect(page.locator("#trend svg")).to_be_visible()
    page.locator(".lights-list").get_by_role("link", name="红牌 1").click()
    expect(page.locator("table tbody tr")).to_have_count(1)
    expect(page.get_by_text("BG-RED")).to_be_visible()
    page.get_by_role("link", name="黄牌红牌").click()
    expect(page.locator("table tbody tr")).to_have_count(3)
    page.locator("tr", has_text="BG-RED").filter(has_text="红牌").get_by_role("link").click()
    expect(page.get_by_text("超过法定期限")).to_have_count(2)


@pytest.mark.browser
def test_on_the_phone_the_tables_become_rows(district: District, phone: Page) -> None:
    _begun_workdays_ago(district, 7, "BG-YELLOW")
    _log_in(phone, "t-head")
    expect(phone.locator("a.lead-number b")).to_have_text("1")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.locator(".table--stack thead").first.is_hidden()


def test_the_groups_let_a_supervisor_in(district: District) -> None:
    group = Group.objects.get(name="role:supervisor")
    assert group.permissions.filter(codename="view_dashboard").exists()
