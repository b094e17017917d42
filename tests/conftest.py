"""What every test stands on: its own folder, its own database file, its own broker.

Fixtures of a business word live in tests/factories/<app>.py.
"""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.utils import translation
from playwright.sync_api import BrowserContext, Page

from config.queue import broker_options, broker_url
from tests import services
from tests.browser import Watch
from tests.worker import LiveWorker

VAR_DIR = Path(tempfile.mkdtemp(prefix="yichuang-test-"))


def _own_folder() -> None:
    settings.VAR_DIR = VAR_DIR
    settings.MEDIA_ROOT = VAR_DIR / "media"
    settings.ANCHOR_DIR = VAR_DIR / "anchors"


def _own_broker() -> None:
    redis_url = services.own_redis_url(settings.REDIS_URL)
    settings.REDIS_URL = redis_url
    settings.CELERY_BROKER_URL = broker_url(redis_url)
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(redis_url, VAR_DIR)
    settings.CACHES["default"]["BACKEND"] = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES["default"].pop("OPTIONS", None)


def _own_database() -> None:
    # A file, for a real worker process can't see ``:memory:``.
    database = connections.settings["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(VAR_DIR / "test.sqlite3")
        database["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"
    else:
        database["CONN_MAX_AGE"] = 0


# Playwright's loop runs in the test's thread; Django would refuse every query beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
_own_folder()
_own_broker()
_own_database()
logging.getLogger().setLevel(logging.WARNING)
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure() -> None:
    """Nothing of the run stays on the disk."""
    shutil.rmtree(VAR_DIR, ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests begin first, so that no process waits for another's last one."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test without its services is skipped with the reason, or fails where they are required."""
    services.refuse_other_database(item)
    if not (lacking := services.lacking_for(item)):
        return
    reason = f"needs {', '.join(lacking)}"
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"REQUIRE_SERVICES=1, but this test {reason}")
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    # A page read in English leaves its language in the thread, until the next page chooses its own.
    yield
    cache.clear()
    translation.deactivate()


@pytest.fixture
def var_dir() -> Path:
    """The folder this test process writes to."""
    return VAR_DIR


@pytest.fixture
def postgres_url() -> str:
    """Address of a reachable PostgreSQL server; mark the test ``needs_services("postgresql")``."""
    return services.postgres_url()


@pytest.fixture
def redis_url() -> str:
    """Address of a reachable Redis server; mark the test ``needs_services("redis")``."""
    return services.own_redis_url(services.redis_url())


@pytest.fixture
def start_worker(transactional_db: None) -> Iterator[Callable[..., LiveWorker]]:
    """Starts real worker processes on the test's database and broker; they end with the test."""
    started: list[LiveWorker] = []

    def start(**options: Any) -> LiveWorker:
        worker = LiveWorker(connection.settings_dict, VAR_DIR, **options)
        started.append(worker)
        return worker.wait_until_ready()

    yield start
    for worker in started:
        worker.stop()


@pytest.fixture
def live_worker(start_worker: Callable[..., LiveWorker]) -> LiveWorker:
    """One real Celery worker that sees what the test commits."""
    return start_worker()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium, without a sandbox so that root may run it."""
    return {
        **browser_type_launch_args,
        "executable_path": services.chromium(),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    }


@pytest.fixture
def new_page(
    live_server: Any, new_context: Callable[..., BrowserContext]
) -> Iterator[Callable[..., Page]]:
    """Opens pages of the live site; any CSP message, script error or outside request is a fault."""
    watch = Watch(live_server.url)

    def open_page(**options: Any) -> Page:
        context = new_context(
            base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai", **options
        )
        return watch.over(context).new_page()

    yield open_page
    assert not watch.faults, "\n".join(watch.faults)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A desktop page of the live site, 1440 x 900; mark the test ``browser``."""
    return new_page(viewport={"width": 1440, "height": 900})


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """A phone-width page of the live site, 390 x 844; mark the test ``browser``."""
    return new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
