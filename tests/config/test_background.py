"""A real worker process on the test's own database and broker."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from common import time
from common.tasks import anchor_events
from deadlines.models import SweepRun
from tests.worker import LiveWorker

pytestmark = pytest.mark.slow


def anchor_file() -> Path:
    """Where today's anchor goes."""
    return Path(settings.ANCHOR_DIR) / f"{time.today().isoformat()}.jsonl"


@pytest.fixture(autouse=True)
def _no_anchor_yet() -> None:
    shutil.rmtree(settings.ANCHOR_DIR, ignore_errors=True)


def test_it_works(live_worker: LiveWorker) -> None:
    anchor_events.delay()
    live_worker.wait_for(lambda: anchor_file().exists())


def test_beat_sweeps_as_soon_as_it_starts(start_worker: Callable[..., LiveWorker]) -> None:
    worker = start_worker(beat=True)
    worker.wait_for(lambda: SweepRun.objects.filter(finished_at__isnull=False).exists())


def test_a_killed_worker_leaves_nothing_that_hinders_the_next(
    start_worker: Callable[..., LiveWorker],
) -> None:
    start_worker().kill()
    second = start_worker()
    anchor_events.delay()
    second.wait_for(lambda: anchor_file().exists())


def test_messages_of_one_test_never_reach_the_next(
    start_worker: Callable[..., LiveWorker],
) -> None:
    anchor_events.delay()
    worker = start_worker()
    worker.wait_for(lambda: "ready" in worker.log())
    assert "anchor_events" not in worker.log().split("ready", 1)[1]
    assert not anchor_file().exists()
