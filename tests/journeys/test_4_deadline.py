"""Journey 4: a case left alone passes its stages, and a supervisor sees it.

The case is taken in at the window some working days ago and touched by nobody since. A real
Celery worker hears beat and sweeps: the reminder reaches the reviewer's inbox, the yellow and
the red card are recorded once, and a real browser leads from the dashboard to the case.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from playwright.sync_api import Page, expect

from common import time
from config.celery import app
from deadlines.choices import StageKey
from deadlines.models import StageFire, SweepRun
from deadlines.services import current_calendar, verify_clocks
from intake.choices import CaseState
from intake.models import Case
from notifications.models import InboxMessage
from organisations.models import User
from supervision.choices import CardColour
from supervision.models import Card, CardEvent
from tests.factories.intake import PASSWORD, Office, an_office, reread, the_case
from tests.factories.window import browser, taken_in
from tests.worker import LiveWorker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
Starter = Callable[..., LiveWorker]


@pytest.fixture
def office(transactional_db: None) -> Office:
    return an_office(promised_amount=5, statutory_amount=20)


def left_alone(office: Office, workdays: int) -> Case:
    """A case taken in at the window so many working days before today."""
    calendar, day = current_calendar(), time.today()
    for _step in range(workdays):
        day = calendar.before(day)
    begun = min(time.at_local(day) + timedelta(hours=9), time.now() - timedelta(minutes=1))
    with time.travel(begun):
        return the_case(taken_in(office.clerk, office.item))


def swept(worker: LiveWorker, times: int = 1) -> None:
    """Beat has ticked, or its message was sent again; the worker did so many sweeps."""
    done = SweepRun.objects.filter(finished_at__isnull=False)
    for so_far in range(1, times + 1):
        worker.wait_for(lambda least=so_far: done.count() >= least, 30)
        if so_far < times:
            app.send_task("deadlines.sweep_clocks")


def stages(case: Case) -> list[str]:
    fires = StageFire.objects.filter(clock=case.clock).order_by("pk")
    return list(fires.values_list("stage", flat=True))


def test_it_works(office: Office, start_worker: Starter) -> None:
    """Half of the promise gone: a reminder in the reviewer's inbox in the admin, and no card."""
    case = left_alone(office, 4)
    swept(start_worker(beat=True))
    assert StageKey.REMIND in stages(case)
    inbox = browser(office.reviewer).get(reverse("admin:notifications_inboxmessage_changelist"))
    assert case.number in inbox.content.decode()
    assert not Card.objects.exists()
    assert reread(case).state == CaseState.ACCEPTED


def test_yellow_and_red_are_recorded_once(office: Office, start_worker: Starter) -> None:
    yellow, red = left_alone(office, 7), left_alone(office, 23)
    swept(start_worker(beat=True), times=3)
    assert set(Card.objects.values_list("subject_number", "colour", "stage")) == {
        (yellow.number, CardColour.YELLOW, StageKey.YELLOW),
        (red.number, CardColour.YELLOW, StageKey.YELLOW),
        (red.number, CardColour.RED, StageKey.RED_STATUTE),
    }
    assert CardEvent.objects.filter(verb="write").count() == 3
    assert len(stages(red)) == len(set(stages(red)))
    assert InboxMessage.objects.filter(recipient=office.supervisor).exists()
    assert list(verify_clocks()) == []


def log_in(page: Page, user: User) -> None:
    page.goto("/admin/login/?next=/supervision/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/supervision/")


@pytest.mark.browser
def test_a_supervisor_sees_it_and_opens_it(
    office: Office, start_worker: Starter, new_page: Callable[..., Page]
) -> None:
    left_alone(office, 1)
    left_alone(office, 7)
    red = left_alone(office, 23)
    swept(start_worker(beat=True))
    page = new_page(viewport={"width": 1440, "height": 900})
    log_in(page, office.supervisor)
    expect(page.locator("a.lead-number b")).to_have_text("2")
    expect(page.get_by_text("限时引擎正常")).to_be_visible()
    expect(page.locator("#trend svg")).to_be_visible()

    page.locator(".lights-list").get_by_role("link", name="红牌 1").click()
    expect(page.locator("table tbody tr")).to_have_count(1)
    expect(page.get_by_text(red.number)).to_be_visible()
    page.locator("table tbody tr").get_by_role("link", name=office.item.name).click()
    page.wait_for_url(f"**/admin/intake/case/{red.pk}/change/")
    expect(page.locator(".state-big").first).to_contain_text("已受理")
    expect(page.locator("h1")).to_contain_text(office.item.name)

    page.goto("/supervision/")
    page.get_by_role("link", name="黄牌红牌").click()
    expect(page.locator("table tbody tr")).to_have_count(3)
    page.locator("tr", has_text=red.number).filter(has_text="红牌").get_by_role("link").click()
    expect(page.get_by_text("超过法定期限")).to_have_count(2)


@pytest.mark.browser
def test_on_the_phone_the_tables_become_rows(
    office: Office, start_worker: Starter, phone: Page
) -> None:
    left_alone(office, 7)
    swept(start_worker(beat=True))
    log_in(phone, office.supervisor)
    expect(phone.locator("a.lead-number b")).to_have_text("1")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    expect(phone.locator(".table--stack thead").first).to_be_hidden()


def test_the_groups_let_a_supervisor_in(office: Office) -> None:
    group = Group.objects.get(name="role:supervisor")
    assert group.permissions.filter(codename="view_dashboard").exists()
