"""Applications handed in and listed over the API a second, by the web server the house runs.

Eight clients at once (http, kept open, loopback only) ask gunicorn with two processes of four
threads, as ``make run`` starts it, on a PostgreSQL database of this bench's own, which is
dropped afterwards: first everybody hands in at one point, so all draw from one receipt series;
then each at a point of its own; then everybody reads the first page of applications (fifty).
Every application has one item, three materials and a new applicant, and is printed its receipt.
Beside it the least SQL: one connection that commits 18 bare inserts and 7 selects at a time.
``make bench-intake``; DATABASE_URL names the server (default: this machine's), BENCH_SECONDS the
length of each part. JSON lines: ``{"bench", "vendor", "part", "clients", "seconds", "requests",
"refused", "per_second", "p50_ms", "p95_ms", "plain_p50_ms", "plain_per_second"}``.
"""

import json
import os
import socket
import statistics
import sys
import time as machine_time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

SERVER = urlsplit(os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres")
OWN = f"yichuang_bench_{os.getpid()}"
os.environ["DATABASE_URL"] = urlunsplit(SERVER._replace(path=f"/{OWN}"))
os.environ["REDIS_URL"] = ""

from django.conf import settings  # noqa: E402
from django.db import connection, connections  # noqa: E402
from ground import FOLDER, ground, say  # noqa: E402

from config.environment import Environment  # noqa: E402
from config.runner.house import children, wait_until_open  # noqa: E402
from config.runner.supervisor import Supervisor  # noqa: E402
from organisations.models import User  # noqa: E402
from tests.factories.catalogue import MATERIALS, make_point  # noqa: E402
from tests.factories.intake import an_office, token_of, valid_id  # noqa: E402
from tests.worker import same_house  # noqa: E402

CLIENTS = 8
SECONDS = float(os.environ.get("BENCH_SECONDS", "20"))
PLAIN_ROUNDS, INSERTS, SELECTS = 200, 18, 7
WAIT_SECONDS = 30
APPLICATIONS = "/api/v1/intake/applications/"
Ask = Callable[[HTTPConnection, int], int]


@contextmanager
def own_database() -> Iterator[None]:
    """Inside the block the empty database stands; afterwards it is dropped."""
    name = sql.Identifier(OWN)
    with psycopg.connect(urlunsplit(SERVER), autocommit=True, connect_timeout=5) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            yield
        finally:
            connections.close_all()
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def web() -> Iterator[int]:
    """The port of the running web server."""
    env = Environment(bind="127.0.0.1", port=free_port(), web_workers=2)
    environment = same_house(connection.settings_dict, FOLDER)
    supervisor = Supervisor(children(env, FOLDER, environment)[:1])
    supervisor.start()
    try:
        wait_until_open(env, supervisor)
        yield env.port
    finally:
        supervisor.stop()


class Clients:
    """Clients that ask one after the other until the time is over."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.keys = port, count(1)
        self.headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}

    def hand_in(self, points: list[str], item: str) -> Ask:
        """Each client hands in at its own of these points."""

        def ask(web: HTTPConnection, place: int) -> int:
            key = next(self.keys)
            body = json.dumps(application(points[place % len(points)], item, key))
            headers = self.headers | {"Idempotency-Key": f"bench-{key}"}
            return _answer(web, "POST", headers, body)

        return ask

    def read(self, web: HTTPConnection, _place: int) -> int:
        """The first page is read."""
        return _answer(web, "GET", self.headers, None)

    def run(self, ask: Ask, seconds: float) -> tuple[list[float], int]:
        """Seconds of each answered request, and how many were refused."""
        end = machine_time.monotonic() + seconds
        with ThreadPoolExecutor(CLIENTS) as pool:
            rounds = list(pool.map(lambda place: self._one(ask, place, end), range(CLIENTS)))
        return [s for took, _no in rounds for s in took], sum(no for _took, no in rounds)

    def _one(self, ask: Ask, place: int, end: float) -> tuple[list[float], int]:
        web = HTTPConnection("127.0.0.1", self.port, timeout=WAIT_SECONDS)
        took, refused = list[float](), 0
        while machine_time.monotonic() < end:
            began = machine_time.perf_counter()
            refused += ask(web, place) // 100 != 2
            took.append(machine_time.perf_counter() - began)
        web.close()
        return took, refused


def _answer(web: HTTPConnection, verb: str, headers: dict[str, str], body: str | None) -> int:
    web.request(verb, APPLICATIONS, body, headers)
    answer = web.getresponse()
    answer.read()
    return answer.status


def application(point: str, item: str, number: int) -> dict[str, Any]:
    """What one client sends."""
    return {
        "point": point,
        "items": [{"code": item, "form": {"disability_kind": "肢体"}}],
        "applicant": {"name": "李四", "id_number": valid_id(number), "mobile": "13837212345"},
        "materials": [{"name": entry["name"]} for entry in MATERIALS],
    }


def plain() -> list[float]:
    """Seconds of each of the least transactions."""
    took = list[float]()
    with psycopg.connect(os.environ["DATABASE_URL"]) as least:
        least.execute("CREATE TABLE plain (id bigserial PRIMARY KEY, said text UNIQUE)")
        least.commit()
        for place in range(PLAIN_ROUNDS):
            began = machine_time.perf_counter()
            for step in range(INSERTS):
                least.execute("INSERT INTO plain (said) VALUES (%s)", [f"{place}-{step}"])
            for step in range(SELECTS):
                least.execute("SELECT * FROM plain WHERE said = %s", [f"{place}-{step}"])
            least.commit()
            took.append(machine_time.perf_counter() - began)
    return took


def percentile(took: list[float], share: float) -> float:
    """Milliseconds within which this share was done."""
    ordered = sorted(took)
    return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000, 1)


def tell(part: str, took: list[float], refused: int, least: list[float]) -> None:
    """One line."""
    say(
        bench="intake",
        vendor=connection.vendor,
        part=part,
        clients=CLIENTS,
        seconds=SECONDS,
        requests=len(took),
        refused=refused,
        per_second=round(len(took) / SECONDS, 1),
        p50_ms=percentile(took, 0.5),
        p95_ms=percentile(took, 0.95),
        plain_p50_ms=round(statistics.median(least) * 1000, 1),
        plain_per_second=round(len(least) / sum(least), 1),
    )


def main() -> None:
    """One line a part."""
    office, least = an_office(), plain()
    client = User.objects.get(pk=office.client.pk)
    points = [
        make_point(f"4105030{place}000", f"便民服务中心{place}").code for place in range(10, 18)
    ]
    with web() as port:
        clients = Clients(port, token_of(client))
        clients.run(clients.hand_in(points, office.item.code), 2)
        parts = {
            "create, one series": clients.hand_in([office.point.code], office.item.code),
            "create, a series each": clients.hand_in(points, office.item.code),
            "list": clients.read,
        }
        for part, ask in parts.items():
            tell(part, *clients.run(ask, SECONDS), least)


if __name__ == "__main__":
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    try:
        with own_database(), ground():
            main()
    except psycopg.OperationalError as fault:
        sys.exit(f"bench-intake needs a PostgreSQL server, see DATABASE_URL: {fault}")
