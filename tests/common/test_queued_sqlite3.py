"""Writers of one SQLite file queue, and nobody who is gone holds the queue up."""

import gc
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from common.queued_sqlite3.base import Turn

SHORT, LONG = 0.05, 5.0


@pytest.fixture
def turn_at(tmp_path: Path) -> Callable[[float], Turn]:
    return lambda patience: Turn(str(tmp_path / "district.sqlite3"), patience)


def has_it(turn: Turn) -> bool:
    turn.take()
    return turn._held


def test_it_works(turn_at: Callable[[float], Turn]) -> None:
    first, second = turn_at(SHORT), turn_at(SHORT)
    assert has_it(first)
    assert not has_it(second)
    first.give_back()
    assert has_it(second)


def test_whoever_has_it_keeps_it(turn_at: Callable[[float], Turn]) -> None:
    first, second = turn_at(SHORT), turn_at(SHORT)
    assert has_it(first)
    assert has_it(first)
    first.give_back()
    assert has_it(second)


def test_who_left_may_come_again(turn_at: Callable[[float], Turn]) -> None:
    first, second = turn_at(SHORT), turn_at(SHORT)
    first.take()
    first.leave()
    assert has_it(second)
    second.leave()
    assert has_it(first)


def test_a_connection_nobody_closed_holds_nothing(turn_at: Callable[[float], Turn]) -> None:
    lost = [turn_at(SHORT)]
    assert has_it(lost[0])
    lost.clear()
    gc.collect()
    assert has_it(turn_at(SHORT))


def writer_with_a_child(turn: Turn, told: int) -> None:
    """In a process of its own: take the turn, leave a child behind, wait to be killed."""
    turn.take()
    child = os.fork()
    if child:
        os.write(told, f"{child}\n".encode())
    time.sleep(60)


@pytest.fixture
def orphan_of_a_writer(turn_at: Callable[[float], Turn]) -> Iterator[int]:
    """The child of a writer that was killed while it was its turn."""
    heard, told = os.pipe()
    writer = os.fork()
    if writer == 0:
        try:
            writer_with_a_child(turn_at(LONG), told)
        finally:
            os._exit(1)
    with os.fdopen(heard) as says:
        orphan = int(says.readline())
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        yield orphan
    os.close(told)
    os.kill(orphan, signal.SIGKILL)


def test_a_child_takes_no_turn_along(
    orphan_of_a_writer: int, turn_at: Callable[[float], Turn]
) -> None:
    os.kill(orphan_of_a_writer, 0)
    assert has_it(turn_at(SHORT))
