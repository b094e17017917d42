"""Nudges: after commit, bounded, never raising; and the circuit breaker."""

from collections.abc import Iterator

import pytest
from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from common.jobs import breaker, nudge


class Broker:
    """Stands for a task whose broker is away; counts how often it was tried."""

    name = "test.away"

    def __init__(self) -> None:
        self.tries = 0

    def apply_async(self, args: tuple[object, ...]) -> None:
        """The broker refuses."""
        self.tries += 1
        raise OperationalError("refused")


@pytest.fixture(autouse=True)
def closed_breaker() -> Iterator[None]:
    breaker.reset()
    yield
    breaker.reset()


@shared_task(name="tests.never_runs")
def never_runs(_key: int) -> None:
    """Exists to be nudged."""


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_is_tried_once_and_then_left_alone() -> None:
    away = Broker()
    for _round in range(3):
        with transaction.atomic():
            nudge(away, 1)
    assert away.tries == 1
    assert breaker.is_open


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_before_commit() -> None:
    away = Broker()

    class Undone(Exception):
        """Rolls back."""

    def nudge_and_fail() -> None:
        with transaction.atomic():
            nudge(away, 1)
            raise Undone

    with pytest.raises(Undone):
        nudge_and_fail()
    assert away.tries == 0
