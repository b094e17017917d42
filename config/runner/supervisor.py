"""Keeps children alive while they should be, and leaves none behind."""

import subprocess
import time
from dataclasses import dataclass, field
from threading import Event
from typing import Final

from config.runner.processes import Child
from config.runner.words import say

LOOK_EVERY_SECONDS: Final = 0.5
CALM_AFTER_SECONDS: Final = 60.0
LONGEST_WAIT_SECONDS: Final = 30.0
STOP_WITHIN_SECONDS: Final = 8.0


@dataclass
class _Care:
    """What is known about one child's restarts."""

    child: Child
    started: float = 0.0
    wait: float = 1.0
    restart_at: float | None = None


@dataclass
class Supervisor:
    """Starts, watches, restarts with growing pauses, and stops."""

    children: list[Child]
    stopping: Event = field(default_factory=Event)
    _cares: list[_Care] = field(init=False)

    def __post_init__(self) -> None:
        self._cares = [_Care(child) for child in self.children]

    def start(self) -> None:
        """Every child runs."""
        for care in self._cares:
            self._start(care)

    def _start(self, care: _Care) -> None:
        care.child.start()
        care.started, care.restart_at = time.monotonic(), None

    def watch(self) -> None:
        """Return when told to stop; until then a dead child is started again."""
        while not self.stopping.wait(LOOK_EVERY_SECONDS):
            for care in self._cares:
                self._look_after(care)

    def _look_after(self, care: _Care) -> None:
        if care.child.alive():
            return
        if care.restart_at is None:
            self._plan_restart(care)
        elif time.monotonic() >= care.restart_at:
            self._start(care)

    def _plan_restart(self, care: _Care) -> None:
        # What an embedded child left behind would tick or serve twice.
        code = care.child.exit_code()
        care.child.kill()
        ran = time.monotonic() - care.started
        care.wait = 1.0 if ran > CALM_AFTER_SECONDS else min(care.wait * 2, LONGEST_WAIT_SECONDS)
        care.restart_at = time.monotonic() + care.wait
        say(
            f"  {care.child.name} 已退出（{code}），{care.wait:.0f} 秒后重启，日志 {care.child.log_file}  "
            f"{care.child.name} ended ({code}), restarting in {care.wait:.0f} s"
        )

    def stop(self) -> None:
        """No process of any group is left."""
        self.stopping.set()
        for child in self.children:
            child.terminate()
        end = time.monotonic() + STOP_WITHIN_SECONDS
        for child in self.children:
            try:
                child.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                continue
        for child in self.children:
            child.kill()
