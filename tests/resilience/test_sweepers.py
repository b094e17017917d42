"""Sweeping processes that are killed, or are one too many: every rung once, with all it brings."""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from common.anchors import all_chain_faults
from config.environment import BASE_DIR
from deadlines.models import ClockEvent
from deadlines.services import sweep, verify_clocks
from notifications.models import InboxMessage
from organisations.services import system_user
from supervision.models import Card
from tests.factories.intake import Office, an_office
from tests.load.clocks import LADDER, faults_of_ladders, hour_clocks, reached
from tests.resilience.sweeping import START
from tests.worker import LiveWorker, same_house

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LOOP = ("manage.py", "sweep", "--loop")


@pytest.fixture
def office(transactional_db: None) -> Office:
    system_user("sweep")
    return an_office()


class Sweeper:
    """A process that sweeps; what it says goes to a file."""

    def __init__(self, command: tuple[str, ...], var_dir: Path) -> None:
        self.log_file = var_dir / f"sweeper-{time.monotonic_ns()}.log"
        house = same_house(connection.settings_dict, var_dir)
        with self.log_file.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-u", *command],
                env=house | {"DJANGO_SETTINGS_MODULE": "config.settings"},
                cwd=BASE_DIR,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def log(self) -> str:
        """Everything it said so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def rungs(self) -> int:
        """How many rungs it said it reached."""
        return sum("H-" in line for line in self.log().splitlines())

    def wait_for(self, true: Callable[[], Any], seconds: float = 60) -> None:
        """Return once ``true()`` holds; fail with its own words if it never does."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError(f"not within {seconds} s; the sweeper said:\n{self.log()}")
            time.sleep(0.02)

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait(10)


@pytest.fixture
def start_sweeper(office: Office, var_dir: Path) -> Iterator[Callable[..., Sweeper]]:
    started: list[Sweeper] = []

    def start(*command: str) -> Sweeper:
        started.append(Sweeper(command, var_dir))
        return started[-1]

    yield start
    for sweeper in started:
        sweeper.kill()


def assert_once(clocks: list[int]) -> None:
    """Every rung, card, event and message stands once."""
    assert faults_of_ladders(clocks) == []
    assert sorted(Card.objects.values_list("clock_id", flat=True)) == sorted(clocks)
    events = ClockEvent.objects.filter(clock_id__in=clocks, verb="stage").count()
    assert events == len(clocks) * len(LADDER)
    told = list(InboxMessage.objects.values_list("recipient_id", "dedupe_key"))
    assert len(told) == len(set(told)) >= len(clocks)
    assert list(verify_clocks()) == []
    assert list(all_chain_faults()) == []


def all_reached(clocks: list[int]) -> Callable[[], bool]:
    return lambda: reached(clocks) == len(clocks) * len(LADDER)


def test_it_works_though_a_sweeper_dies_between_claim_and_commit(
    office: Office, start_sweeper: Callable[..., Sweeper]
) -> None:
    clocks = hour_clocks(office.department, office.reviewer, count=8, over=0)
    doomed = start_sweeper("-c", START, "8")
    doomed.wait_for(lambda: "claimed" in doomed.log())
    assert reached(clocks) == 7
    rival = start_sweeper(*LOOP)
    time.sleep(2)
    doomed.kill()
    rival.wait_for(all_reached(clocks))
    assert_once(clocks)


def test_killed_again_and_again_at_any_instant(
    office: Office, start_sweeper: Callable[..., Sweeper]
) -> None:
    clocks = hour_clocks(office.department, office.reviewer, count=60, over=0)
    chance, seen, cut_short = random.Random(412), [0], 0
    for _round in range(5):
        sweeper = start_sweeper(*LOOP)
        sweeper.wait_for(lambda: reached(clocks) > seen[-1] or all_reached(clocks)())
        time.sleep(chance.uniform(0, 0.2))
        sweeper.kill()
        seen.append(reached(clocks))
        cut_short += not all_reached(clocks)()
    assert cut_short, f"no kill came in time: {seen}"
    sweep()
    assert_once(clocks)


def test_two_loops_share_the_work_and_double_nothing(
    office: Office, start_sweeper: Callable[..., Sweeper]
) -> None:
    loops = [start_sweeper(*LOOP), start_sweeper(*LOOP)]
    clocks = hour_clocks(office.department, office.reviewer, count=48, over=12)
    loops[0].wait_for(all_reached(clocks), 120)
    for loop in loops:
        loop.wait_for(lambda: sum(one.rungs() for one in loops) == len(clocks) * len(LADDER), 20)
    assert all(loop.rungs() for loop in loops), "one of them never had anything to do"
    assert_once(clocks)


def ticks(worker: LiveWorker) -> int:
    """How often this worker was told to sweep."""
    return sum("sweep_clocks" in line and "received" in line for line in worker.log().splitlines())


def test_two_beats_tick_twice_and_fire_once(
    office: Office, start_worker: Callable[..., LiveWorker]
) -> None:
    clocks = hour_clocks(office.department, office.reviewer, count=30, over=0)
    workers = []
    for _beat in range(2):
        workers.append(start_worker(beat=True))
        workers[-1].wait_for(lambda: sum(map(ticks, workers)) >= len(workers), 30)
    workers[-1].wait_for(all_reached(clocks), 60)
    assert_once(clocks)
