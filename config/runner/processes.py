"""One child process: its own group, dying with its parent, killed with all it started."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

PR_SET_PDEATHSIG: Final = 1
LOG_LIMIT_BYTES: Final = 10 * 1024 * 1024


def dying_with(parent: int, death_signal: int) -> Callable[[], None]:
    """What a child does between fork and exec so that it never outlives ``parent``.

    Only system calls and no lock, so it is safe before exec. Beyond Linux it does nothing.
    """
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None

    def ask() -> None:
        if libc is None:
            return
        libc.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # it died before we could ask
            os.kill(os.getpid(), signal.SIGKILL)

    return ask


class Child:
    """A named command; ``start`` may be called again after it died."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        log_file: Path,
        folder: Path,
        *,
        death_signal: int = signal.SIGKILL,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.environment = dict(environment)
        self.log_file = log_file
        self.folder = folder
        self.death_signal = death_signal
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process number; 0 before the first start."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """The command runs in a session of its own, writing to its log."""
        self._turn_log_over()
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dying_with(os.getpid(), self.death_signal),  # noqa: PLW1509
            )

    def _turn_log_over(self) -> None:
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        if self.log_file.exists() and self.log_file.stat().st_size > LOG_LIMIT_BYTES:
            self.log_file.replace(self.log_file.with_suffix(".old.log"))

    def alive(self) -> bool:
        """Whether the process itself still runs."""
        return self._process is not None and self._process.poll() is None

    def exit_code(self) -> int | None:
        """How it ended, if it did."""
        return self._process.poll() if self._process else None

    def terminate(self) -> None:
        """The child is asked to end in good order."""
        if self.alive():
            self._signal_process(signal.SIGTERM)

    def wait(self, seconds: float) -> None:
        """Return when it has ended.

        Raises:
            subprocess.TimeoutExpired: it hasn't within ``seconds``.
        """
        if self._process:
            self._process.wait(seconds)

    def kill(self) -> None:
        """Nothing of its group is left, whether the child itself still lived or not."""
        if not self._process:
            return
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return
        finally:
            self._process.wait(5)

    def _signal_process(self, number: int) -> None:
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return
