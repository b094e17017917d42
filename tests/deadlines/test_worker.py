"""A real worker process sweeps what the test committed."""

from datetime import timedelta

import pytest

from common.time import local_date, now
from deadlines.models import Clock, StageFire
from deadlines.tasks import sweep_clocks
from notifications.models import InboxMessage
from tests.factories.deadlines import a_clock, a_desk
from tests.worker import LiveWorker


@pytest.mark.django_db(transaction=True)
def test_it_works(live_worker: LiveWorker) -> None:
    desk = a_desk()
    start = local_date(now() - timedelta(days=45)).isoformat()
    clock = a_clock(desk, start=start, promised=None, statutory=10)
    for _ in range(2):
        sweep_clocks.delay()
    live_worker.wait_for(lambda: StageFire.objects.filter(clock=clock).count() == 3)
    live_worker.wait_for(InboxMessage.objects.exists)
    stages = StageFire.objects.order_by("pk").values_list("stage", flat=True)
    assert list(stages) == ["remind", "warn", "red_statute"]
    told = InboxMessage.objects.values_list("recipient__username", flat=True)
    assert sorted(told) == ["dl_handler", "dl_head", "dl_supervisor"]
    assert Clock.objects.get().last_error == ""
