"""A broker that is shut or hung costs a clerk nothing but one short wait."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.db import connection

from config.environment import BASE_DIR
from intake.choices import CaseState
from intake.models import Case, CaseEvent
from tests.factories.intake import PASSWORD, Office, a_case_at, an_office
from tests.resilience.broken_broker import HungServer, closed_port
from tests.resilience.clerk import START
from tests.worker import same_house

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CASES = 3


@pytest.fixture
def office(transactional_db: None) -> Office:
    made = an_office()
    # Another process knows the settings' hashers only, not the quick one of the tests.
    made.clerk.password = make_password(PASSWORD, hasher=PBKDF2PasswordHasher())
    made.clerk.save(update_fields=["password"])
    return made


@pytest.fixture
def cases(office: Office) -> list[int]:
    return [a_case_at(CaseState.SUBMITTED, office).pk for _case in range(CASES)]


@pytest.fixture
def hung() -> Iterator[HungServer]:
    server = HungServer()
    yield server
    server.close()


class Clerk:
    """A process with its own broker address, its lines read one by one."""

    def __init__(self, cases: list[int], var_dir: Path, redis_url: str) -> None:
        environment = same_house(connection.settings_dict, var_dir) | {"REDIS_URL": redis_url}
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, *map(str, cases)],
            env=environment | {"DJANGO_SETTINGS_MODULE": "config.settings"},
            cwd=BASE_DIR,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def next_line(self) -> dict[str, Any]:
        """What the next request came to."""
        assert self.process.stdout is not None
        while line := self.process.stdout.readline():
            if line.startswith('{"what"'):
                return json.loads(line)
        raise AssertionError(self.process.communicate(timeout=30)[1][-4000:])

    def end(self) -> None:
        """Gone."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def start_clerk(cases: list[int], var_dir: Path) -> Iterator[Any]:
    started: list[Clerk] = []

    def start(port: int) -> Clerk:
        clerk = Clerk(cases, var_dir, f"redis://127.0.0.1:{port}/0")
        started.append(clerk)
        return clerk

    yield start
    for clerk in started:
        clerk.end()


def assert_all_received(cases: list[int]) -> None:
    assert list(Case.objects.filter(pk__in=cases).values_list("state", flat=True)) == [
        CaseState.RECEIVED
    ] * len(cases)
    received = CaseEvent.objects.filter(verb="receive_case", actor__username="it_clerk")
    assert received.count() == len(cases)


def show(capsys: Any, what: str, lines: list[dict[str, Any]]) -> None:
    shown = ", ".join(f"{line['what']} {line['seconds']:.2f} s" for line in lines)
    with capsys.disabled():
        sys.stdout.write(f"\n{what}: {shown}\n")


def test_it_works_with_a_closed_port(start_clerk: Any, cases: list[int], capsys: Any) -> None:
    clerk = start_clerk(closed_port())
    lines = [clerk.next_line() for _line in range(1 + CASES)]
    show(capsys, "broker refuses", lines)
    assert [line["status"] for line in lines] == [302] * (1 + CASES)
    assert [line["open"] for line in lines] == [0, 1, 1, 1]
    assert_all_received(cases)


def test_a_hung_broker_is_tried_once_and_then_left_alone(
    start_clerk: Any, cases: list[int], hung: HungServer, capsys: Any
) -> None:
    clerk = start_clerk(hung.port)
    lines, tries = [], []
    for _line in range(1 + CASES):
        lines.append(clerk.next_line())
        tries.append(hung.connections)
    show(capsys, f"broker hangs, connections {tries}", lines)
    assert [line["status"] for line in lines] == [302] * (1 + CASES)
    assert tries[1] > tries[0], "the first nudge never met the hung broker"
    assert tries[1:] == [tries[1]] * CASES
    assert [line["open"] for line in lines] == [0, 1, 1, 1]
    assert_all_received(cases)


@pytest.mark.parametrize("kind", ["closed", "hung"])
def test_a_citizen_still_reads_without_the_cache(
    start_clerk: Any, hung: HungServer, kind: str, capsys: Any
) -> None:
    clerk = start_clerk(hung.port if kind == "hung" else closed_port())
    lines = [clerk.next_line() for _line in range(2 + CASES)]
    show(capsys, f"cache {kind}", lines[-1:])
    assert lines[-1]["status"] == 404
