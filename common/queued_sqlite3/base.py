"""SQLite whose writers queue: first come, first served.

SQLite's own waiting is a nap of growing length and another try, so whoever writes again
and again (the sweep) starves whoever is patient (a clerk) until "database is locked".
Here a writer first waits for its turn at two file locks, whose waiters the kernel wakes in
the order they came. The locks are only manners: SQLite's own lock stays the truth, and a
turn that doesn't come within ``timeout`` is left to it.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Final
from weakref import WeakSet

from django.db.backends.sqlite3 import base

NAP_SECONDS: Final = 0.001
WRITES: Final = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class Turn:
    """One connection's place among the writers of one file."""

    _living: ClassVar[WeakSet["Turn"]] = WeakSet()

    def __init__(self, database: str, patience: float) -> None:
        self._database = database
        self._patience = patience
        self._files: list[int] = []
        self._held = False
        self._living.add(self)

    def __del__(self) -> None:
        # A thread may end without closing its connection; its turn must not outlive it.
        self.forget()

    def take(self) -> None:
        """It is this connection's turn, or the patience is at an end."""
        if self._held:
            return
        self._files = self._files or self._open()
        queue, turn = self._files
        # Whoever has the first lock is next; nobody overtakes him while he waits for the other.
        fcntl.flock(queue, fcntl.LOCK_EX)
        try:
            self._held = self._wait_for(turn)
        finally:
            fcntl.flock(queue, fcntl.LOCK_UN)

    def _open(self) -> list[int]:
        return [
            os.open(Path(f"{self._database}-{name}"), os.O_RDWR | os.O_CREAT, 0o600)
            for name in ("next", "turn")
        ]

    def _wait_for(self, turn: int) -> bool:
        end = time.monotonic() + self._patience
        while time.monotonic() < end:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(NAP_SECONDS)
            else:
                return True
        return False

    def give_back(self) -> None:
        """The next one may write."""
        if self._held:
            self._held = False
            fcntl.flock(self._files[1], fcntl.LOCK_UN)

    def leave(self) -> None:
        """Nothing is held or open."""
        self.give_back()
        self.forget()

    def forget(self) -> None:
        """This process has nothing open; one that shares the files keeps what it holds."""
        self._held = False
        while self._files:
            os.close(self._files.pop())

    @classmethod
    def forget_all(cls) -> None:
        """A forked child takes no turn along: its parent's would last until the child's end."""
        for turn in list(cls._living):
            turn.forget()


os.register_at_fork(after_in_child=Turn.forget_all)


@contextmanager
def _one_turn(turn: Turn | None) -> Iterator[None]:
    if turn is None:
        yield
        return
    turn.take()
    try:
        yield
    finally:
        turn.give_back()


class Cursor(base.SQLiteCursorWrapper):
    """A write outside a transaction takes its turn for that one statement."""

    turn: Turn | None = None

    def execute(self, query: str, params: Any = None) -> Any:
        """As Django's, in turn."""
        if not self._writes_alone(query):
            return super().execute(query, params)
        with _one_turn(self.turn):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        """As Django's, in turn."""
        if not self._writes_alone(query):
            return super().executemany(query, param_list)
        with _one_turn(self.turn):
            return super().executemany(query, param_list)

    def _writes_alone(self, query: str) -> bool:
        alone = not self.connection.in_transaction
        return alone and query.lstrip()[:7].upper().startswith(WRITES)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite, with manners among writers."""

    turn: Turn | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection with its place among the writers of its file."""
        if not self.is_in_memory_db():
            patience = float(conn_params.get("timeout", 5))
            self.turn = Turn(str(self.settings_dict["NAME"]), patience)
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor that knows the place."""
        cursor = self.connection.cursor(factory=Cursor)
        cursor.turn = self.turn
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        if self.turn:
            self.turn.take()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_back()
            raise

    def _give_back(self) -> None:
        if self.turn:
            self.turn.give_back()

    def _commit(self) -> Any:
        done = super()._commit()  # type: ignore[misc]
        self._give_back()
        return done

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._give_back()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            if self.turn:
                self.turn.leave()
            self.turn = None
