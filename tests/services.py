"""Which servers and programs this machine has, and what a test asks for."""

import os
import shutil
import socket
from functools import cache
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

FIRST_TEST_REDIS = 8


def _reachable(url: str, port: int) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or port), 1):
            return True
    except OSError:
        return False


def postgres_url() -> str:
    """The server of DATABASE_URL, or this machine's."""
    given = os.environ.get("DATABASE_URL", "")
    default = "postgres://postgres@127.0.0.1:5432/postgres"
    return given if given.startswith("postgres") else default


def redis_url() -> str:
    """The server of REDIS_URL, or this machine's."""
    return os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/0"


def own_redis_url(url: str) -> str:
    """The same server with a numbered database of this test process alone; empty stays empty."""
    if not url:
        return ""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return urlunsplit(urlsplit(url)._replace(path=f"/{FIRST_TEST_REDIS + number % 8}"))


def chromium() -> str | None:
    """The path of the machine's Chromium, if there is one."""
    given = os.environ.get("CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome")
    return given or next((path for name in names if (path := shutil.which(name))), None)


@cache
def has(service: str) -> bool:
    """Whether the machine offers the service now."""
    answers = {
        "postgresql": lambda: _reachable(postgres_url(), 5432),
        "redis": lambda: _reachable(redis_url(), 6379),
        "chromium": lambda: chromium() is not None,
    }
    return bool(answers[service]())


def lacking_for(item: pytest.Item) -> list[str]:
    """Services the test asks for by its marks and this machine lacks."""
    wanted: list[str] = []
    for mark in item.iter_markers("needs_services"):
        wanted += mark.args or ("postgresql", "redis")
    if item.get_closest_marker("browser"):
        wanted.append("chromium")
    return [service for service in wanted if not has(service)]


def refuse_other_database(item: pytest.Item) -> None:
    """A test of one database's own behaviour sits out the pass on the other."""
    for mark, vendor in (("postgres_only", "postgresql"), ("sqlite_only", "sqlite")):
        if item.get_closest_marker(mark) and connection.vendor != vendor:
            pytest.skip(f"{vendor} only; this pass runs on {connection.vendor}")
