"""Finding what is due: the sweep's own indexed query against a scan of every clock.

Measures, in a temporary SQLite file with 10,000, 100,000 and 1,000,000 clocks of which 2,000
are due, the time of the sweep's first page (``with_stage_due``, 500 keys, best of 20) and of
the same test made on every row without the index (best of 3). One JSON line a size:
``{"bench", "clocks", "due", "page", "indexed_us", "full_scan_us", "ratio"}``.
``make bench-sweep_scan``, or with sizes as arguments; the file is removed afterwards.
"""

import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.db import connection
from ground import STREET, department, ground, say

from common.time import now
from deadlines.models import Clock
from deadlines.services import current_edition
from organisations.models import Unit

SIZES = (10_000, 100_000, 1_000_000)
DUE = 2_000
PAGE = 500
BATCH = 2_000
INDEXED_ROUNDS, SCAN_ROUNDS = 20, 3


def clocks(first: int, until: int, unit: Unit, size: int) -> Iterator[Clock]:
    """Plain rows; every ``size / DUE``-th has a rung that is due."""
    calendar, at = current_edition(), now()
    for number in range(first, until):
        due = number % (size // DUE) == 0
        ahead = timedelta(minutes=-(number % 600) - 1 if due else number % 40_000 + 10)
        yield Clock(
            subject_kind="bench",
            subject_label="残疾人证办理",
            subject_number=f"B-{number}",
            region_code=STREET,
            department=unit,
            calendar=calendar,
            started_at=at - timedelta(days=3),
            promised_due_on=(at + timedelta(days=5)).date(),
            promised_due_at=at + timedelta(days=5),
            due_on=(at + timedelta(days=5)).date(),
            due_at=at + timedelta(days=5),
            due_unit="workday",
            next_stage_at=at + ahead,
        )


def fill(unit: Unit, size: int) -> None:
    """Exactly ``size`` clocks stand in the file."""
    Clock.objects.all().delete()
    for first in range(0, size, BATCH):
        until = min(first + BATCH, size)
        Clock.objects.bulk_create(clocks(first, until, unit, size), batch_size=BATCH)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def best_us(read: Callable[[], Any], rounds: int) -> float:
    """Microseconds of the best round."""
    best = float("inf")
    for _round in range(rounds):
        began = time.perf_counter_ns()
        read()
        best = min(best, (time.perf_counter_ns() - began) / 1000)
    return best


def statement(rows: Any, *, indexed: bool) -> Callable[[], list[Any]]:
    """The query of ``rows`` as SQL; without the index if so told."""
    sql, params = rows.query.sql_with_params()
    table = '"deadlines_clock"'
    sql = sql if indexed else sql.replace(f"FROM {table}", f"FROM {table} NOT INDEXED", 1)

    def read() -> list[Any]:
        with connection.cursor() as cursor:
            return cursor.execute(sql, params).fetchall()

    return read


def measure(size: int) -> dict[str, Any]:
    """The figures of one size."""
    due = Clock.objects.with_stage_due(now()).values_list("pk", flat=True)
    page = due[:PAGE]
    fast, slow = statement(page, indexed=True), statement(page, indexed=False)
    if fast() != slow():
        raise SystemExit("index and scan find different clocks")
    indexed, scan = best_us(fast, INDEXED_ROUNDS), best_us(slow, SCAN_ROUNDS)
    figures = {"indexed_us": round(indexed), "full_scan_us": round(scan)}
    found = {"due": due.count(), "page": len(fast())}
    ratio = round(scan / indexed, 1)
    return {"bench": "sweep_scan", "clocks": size, **found, **figures, "ratio": ratio}


def main() -> None:
    """A line a size."""
    for size in [int(text) for text in sys.argv[1:]] or SIZES:
        fill(department(), size)
        say(**measure(size))


if __name__ == "__main__":
    with ground():
        main()
