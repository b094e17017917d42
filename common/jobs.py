"""Background work: a hint to a worker after commit, and rows that show progress.

The database is the truth, a message only wakes somebody up. Deadlines never hang on a
nudge: the sweep finds them. Work that is nudged only, such as a large import, stands in its
``Job`` row, and ``common.tending`` sends it again.
"""

import logging
import time as machine_time
from functools import partial
from typing import Any

from django.db import transaction
from kombu.exceptions import KombuError

logger = logging.getLogger(__name__)

BREAK_SECONDS = 30.0


class CircuitBreaker:
    """After one failure nothing is tried for a while, so an outage stays cheap."""

    def __init__(self, seconds: float = BREAK_SECONDS) -> None:
        self.seconds = seconds
        self._closed_again_at = 0.0

    @property
    def is_open(self) -> bool:
        """Whether to leave the broker alone just now."""
        return machine_time.monotonic() < self._closed_again_at

    def trip(self) -> None:
        """The broker failed: leave it alone for ``seconds``."""
        self._closed_again_at = machine_time.monotonic() + self.seconds

    def reset(self) -> None:
        """The broker may be tried again."""
        self._closed_again_at = 0.0


breaker = CircuitBreaker()


def _send(task: Any, args: tuple[Any, ...]) -> None:
    if breaker.is_open:
        return
    try:
        task.apply_async(args=args)
    except (KombuError, OSError) as fault:
        breaker.trip()
        logger.warning("broker away, %s left to the sweep: %s", task.name, fault)


def nudge(task: Any, *args: int | str) -> None:
    """After commit a worker is told to run ``task``; never raises, never waits long."""
    transaction.on_commit(partial(_send, task, args), robust=True)
