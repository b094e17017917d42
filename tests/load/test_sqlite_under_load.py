"""The runner's own web and worker write one SQLite file for a minute; nothing is lost or locked.

``LOAD_SECONDS`` shortens the minute.
"""

import os
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from common.anchors import all_chain_faults
from config.celery import app
from config.environment import Environment
from config.runner.house import children, wait_until_open
from config.runner.processes import Child
from config.runner.supervisor import Supervisor
from deadlines.models import SweepRun
from deadlines.services import sweep, verify_clocks
from deadlines.tasks import sweep_clocks
from intake.choices import CaseState
from intake.models import Application, Case, CaseClock, CaseEvent
from organisations.services import issue_client_token, system_user
from supervision.models import Card
from tests.factories.intake import Office, an_office
from tests.load.applying import Answers, Applicants
from tests.load.clocks import LADDER, faults_of_ladders, hour_clocks, reached
from tests.worker import same_house

SECONDS = float(os.environ.get("LOAD_SECONDS", "60"))
THREADS = 6
CLOCKS_A_SECOND = 8
LOCKED = ("database is locked", "database table is locked", "OperationalError")

pytestmark = [
    pytest.mark.sqlite_only,
    pytest.mark.slow,
    pytest.mark.timeout(int(SECONDS * 3) + 240),
    pytest.mark.django_db(transaction=True),
]


@dataclass
class House:
    """Web and worker as `make run` starts them."""

    port: int
    web: Child
    worker: Child

    def log(self) -> str:
        """What both said."""
        files = (self.web.log_file, self.worker.log_file)
        return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def house(transactional_db: None, var_dir: Path) -> Iterator[House]:
    """Two web processes and a worker in the embedded settings, on this test's SQLite file."""
    app.control.purge()
    env = Environment(bind="127.0.0.1", port=free_port(), web_workers=2, worker_threads=2)
    environment = same_house(connection.settings_dict, var_dir)
    web, worker, _beat = children(env, var_dir, environment | {"REDIS_URL": ""})
    supervisor = Supervisor([web, worker])
    supervisor.start()
    try:
        wait_until_open(env, supervisor)
        yield House(env.port, web, worker)
    finally:
        supervisor.stop()


@pytest.fixture
def office(transactional_db: None) -> Office:
    system_user("sweep")
    return an_office()


class Nudging:
    """While it is entered, the worker is told every second to sweep."""

    def __init__(self) -> None:
        self._ending = Event()
        self._thread = Thread(target=self._nudge_on)

    def _nudge_on(self) -> None:
        while not self._ending.wait(1):
            sweep_clocks.delay()

    def __enter__(self) -> "Nudging":
        self._thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._ending.set()
        self._thread.join()


def wait_until_reached(clocks: list[int], house: House) -> None:
    end = time.monotonic() + 60
    while reached(clocks) < len(clocks) * len(LADDER) and time.monotonic() < end:
        assert house.worker.alive(), house.log()[-3000:]
        time.sleep(0.5)


def faults_of_cases(answers: Answers) -> list[str]:
    """Answers without rows, rows without answers, and cases that lack what they must have."""
    faults = [f"{key}: answered differently" for key in answers.by_key if _differs(answers, key)]
    told = {rows[0]["cases"][0]["number"] for rows in answers.by_key.values()}
    stored = set(Case.objects.values_list("number", flat=True))
    faults += [f"{number}: told, but lost" for number in told - stored]
    faults += [f"{number}: stored, but never told" for number in stored - told]
    clocked = set(CaseClock.objects.values_list("case__number", flat=True))
    faults += [f"{number}: without clock" for number in stored - clocked]
    return faults + _faults_of_events(stored, set(answers.withdrawn))


def _differs(answers: Answers, key: str) -> bool:
    rows = answers.by_key[key]
    return any(row != rows[0] for row in rows)


def _faults_of_events(stored: set[str], withdrawn: set[str]) -> list[str]:
    seen: dict[str, list[str]] = {number: [] for number in stored}
    for number, verb in CaseEvent.objects.order_by("seq").values_list("case__number", "verb"):
        seen[number].append(verb)
    begun = ["open_case", "submit_case"]
    wanted = {number: begun + ["withdraw_case"] * (number in withdrawn) for number in stored}
    return [f"{number}: {verbs}" for number, verbs in seen.items() if verbs != wanted[number]]


def report(capsys: Any, answers: Answers, fired: int) -> None:
    """Figures of the run, for information only."""
    runs = SweepRun.objects.count()
    with capsys.disabled():
        sys.stdout.write(
            f"\n{SECONDS:.0f} s: {len(answers.seconds)} requests "
            f"({len(answers.seconds) / SECONDS:.1f}/s), p50 {answers.percentile(0.5) * 1000:.0f} ms, "
            f"p95 {answers.percentile(0.95) * 1000:.0f} ms, slowest {max(answers.seconds):.2f} s; "
            f"{len(answers.by_key)} keys, {len(answers.withdrawn)} withdrawn; "
            f"{runs} sweeps, {fired} stages, {Card.objects.count()} cards\n"
        )


def test_web_and_worker_share_one_file_for_a_minute(
    house: House, office: Office, capsys: Any
) -> None:
    assert not settings.REDIS_URL, "this test is about the embedded broker"
    token = issue_client_token(user=office.client, name="load")[1]
    count = max(int(SECONDS * CLOCKS_A_SECOND), 8)
    clocks = hour_clocks(office.department, office.reviewer, count=count, over=SECONDS)
    applicants = Applicants(house.port, token, office.point.code, office.item.code, THREADS)
    with Nudging():
        answers = applicants.run(SECONDS)
        fired = reached(clocks)
        wait_until_reached(clocks, house)
    report(capsys, answers, fired)
    assert answers.refused == []
    assert len(answers.by_key) > SECONDS
    assert any(len(rows) > 1 for rows in answers.by_key.values())
    assert Application.objects.count() == Case.objects.count() == len(answers.by_key)
    assert faults_of_cases(answers) == []
    withdrawn = Case.objects.filter(state=CaseState.WITHDRAWN).values_list("number", flat=True)
    assert set(withdrawn) == set(answers.withdrawn)
    sweep()
    assert fired > 0
    assert faults_of_ladders(clocks) == []
    assert Card.objects.filter(clock_id__in=clocks).count() == count
    assert list(all_chain_faults()) == []
    assert list(verify_clocks()) == []
    assert [line for line in house.log().splitlines() if any(word in line for word in LOCKED)] == []
