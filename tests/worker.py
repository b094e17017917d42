"""A real Celery worker process beside a test."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings

from config.celery import app
from config.environment import BASE_DIR
from config.runner.processes import Child


def database_url(database: dict[str, Any]) -> str:
    """The address of the database a connection uses just now."""
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    user = ":".join(quote(database[part]) for part in ("USER", "PASSWORD") if database[part])
    host = ":".join(str(database[part]) for part in ("HOST", "PORT") if database[part])
    return f"postgres://{user}@{host}/{database['NAME']}"


def same_house(database: dict[str, Any], var_dir: Path) -> dict[str, str]:
    """An environment in which another process sees this test's rows, files and messages."""
    keys = ",".join(f"{name}:{key}" for name, key in settings.FIELD_MASTER_KEYS.items())
    return {
        **os.environ,
        "DATABASE_URL": database_url(database),
        "REDIS_URL": settings.REDIS_URL,
        "VAR_DIR": str(var_dir),
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_MASTER_KEYS": keys,
        "INDEX_KEY": settings.INDEX_KEY.hex(),
        "CHAIN_KEY": settings.CHAIN_KEY.hex(),
        "ANCHOR_DIR": str(settings.ANCHOR_DIR),
    }


class LiveWorker:
    """One worker; ``wait_for`` polls what it should bring about."""

    def __init__(
        self, database: dict[str, Any], var_dir: Path, *, threads: int = 2, beat: bool = False
    ) -> None:
        app.control.purge()
        self.log_file = var_dir / f"worker-{time.monotonic_ns()}.log"
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "threads"]
        command += ["--concurrency", str(threads), "--loglevel", "INFO"]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        command += ["-B", "-s", str(var_dir / f"beat-{time.monotonic_ns()}")] if beat else []
        environment = same_house(database, var_dir)
        self.child = Child("worker", command, environment, self.log_file, BASE_DIR)
        self.child.start()

    @property
    def pid(self) -> int:
        """The process number."""
        return self.child.pid

    def log(self) -> str:
        """Everything it said so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def wait_until_ready(self, seconds: float = 60) -> "LiveWorker":
        """Itself, once it takes tasks."""
        self.wait_for(lambda: " ready." in self.log(), seconds)
        return self

    def wait_for(self, true: Callable[[], Any], seconds: float = 20) -> None:
        """Return once ``true()`` holds; fail with the worker's own words if it never does."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end or not self.child.alive():
                raise AssertionError(f"not within {seconds} s; the worker said:\n{self.log()}")
            time.sleep(0.1)

    def kill(self) -> None:
        """As a power cut would."""
        self.child.kill()

    def stop(self) -> None:
        """Gone, with everything it started."""
        self.child.terminate()
        try:
            self.child.wait(15)
        except subprocess.TimeoutExpired:
            self.child.kill()
