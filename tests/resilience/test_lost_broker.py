"""A broker that forgets everything, a worker that dies over it, and ten days nobody swept."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings

from common.anchors import all_chain_faults
from common.time import end_of_day, freeze
from deadlines.choices import StageKey
from deadlines.models import Clock, ClockEvent, StageFire
from deadlines.services import sweep, verify_clocks
from deadlines.tasks import sweep_clocks
from notifications.models import InboxMessage
from organisations.services import system_user
from supervision.models import Card
from tests.factories.deadlines import a_clock, a_desk, moment
from tests.factories.intake import Office, an_office
from tests.load.clocks import LADDER, faults_of_ladders, hour_clocks, reached
from tests.worker import LiveWorker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
Start = Callable[..., LiveWorker]


@pytest.fixture
def office(transactional_db: None) -> Office:
    system_user("sweep")
    return an_office()


def forget_everything(var_dir: Path) -> None:
    """As a broker does that is flushed, or comes back without its disk: queued, held, unacked."""
    if settings.REDIS_URL:
        redis.Redis.from_url(settings.REDIS_URL).flushdb()
        return
    for folder in ("queue", "control"):
        shutil.rmtree(var_dir / "broker" / folder, ignore_errors=True)
        (var_dir / "broker" / folder).mkdir(parents=True)


def assert_once(clocks: list[int]) -> None:
    assert faults_of_ladders(clocks) == []
    assert sorted(Card.objects.values_list("clock_id", flat=True)) == sorted(clocks)
    assert list(verify_clocks()) == []
    assert list(all_chain_faults()) == []


def test_messages_that_were_lost_are_made_up_for_by_the_next_beat(
    office: Office, start_worker: Start, var_dir: Path
) -> None:
    clocks = hour_clocks(office.department, office.reviewer, count=12, over=0)
    for _message in range(20):
        sweep_clocks.delay()
    forget_everything(var_dir)
    worker = start_worker(beat=True)
    worker.wait_for(lambda: reached(clocks) == len(clocks) * len(LADDER), 60)
    assert_once(clocks)


def test_a_broker_restarted_empty_under_a_worker_killed_at_work(
    office: Office, start_worker: Start, var_dir: Path
) -> None:
    clocks = hour_clocks(office.department, office.reviewer, count=60, over=0)
    first = start_worker(beat=True)
    first.wait_for(lambda: reached(clocks) > 0, 60)
    first.kill()
    seen = reached(clocks)
    forget_everything(var_dir)
    assert seen < len(clocks) * len(LADDER), "the kill came too late to prove anything"
    second = start_worker(beat=True)
    second.wait_for(lambda: reached(clocks) == len(clocks) * len(LADDER), 60)
    assert_once(clocks)


def test_ten_days_of_downtime_lose_and_double_nothing() -> None:
    """Every passed rung in order, each with how late it came, and one message a person and clock."""
    desk = a_desk()
    system_user("sweep")
    for number in range(24):
        limits = {"promised": 3 + number % 4, "statutory": 6 + number % 4}
        a_clock(desk, number=f"BG-{number}", served=bool(number % 2), **limits)
    sweep(at=moment("2021-12-07"))
    before = StageFire.objects.count()
    back = moment("2021-12-17")
    with freeze(back):
        sweep()
        sweep()
    for clock in Clock.objects.all():
        fires = list(StageFire.objects.filter(clock=clock).order_by("pk"))
        assert {fire.stage for fire in fires} >= {StageKey.YELLOW, StageKey.RED_STATUTE}
        assert [fire.planned_for for fire in fires] == sorted(fire.planned_for for fire in fires)
        assert len({fire.stage for fire in fires}) == len(fires)
        for fire in fires[-2:]:
            assert (fire.fired_at, fire.late_by) == (back, back - fire.planned_for)
        assert clock.statutory_due_at == end_of_day(clock.statutory_due_on)
    assert StageFire.objects.count() > before
    assert ClockEvent.objects.filter(verb="stage").count() == StageFire.objects.count()
    caught_up = InboxMessage.objects.filter(created_at__gte=back - timedelta(seconds=1))
    told = list(caught_up.values_list("recipient_id", "subject_id"))
    assert len(told) == len(set(told)) == 3 * Clock.objects.count()
    assert list(verify_clocks()) == []
    assert list(all_chain_faults()) == []
