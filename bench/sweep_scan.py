"""Finding what is due: the sweep's own indexed query against a scan of every clock.

Measures, in a temporary SQLite file with 100,000 and then 1,000,000 clocks of which 2,000
are due, the time of the sweep's first page (``with_stage_due``, 500 keys, best of 20) and of
the same test made on every row without the index (best of 3). One JSON line a size:
``{"bench", "clocks", "due", "page", "indexed_us", "full_scan_us", "ratio"}``.
``.venv/bin/python bench/sweep_scan.py [clocks ...]``; the file is removed afterwards.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(tempfile.mkdtemp(prefix="yichuang-bench-"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ |= {"VAR_DIR": str(FOLDER), "DATABASE_URL": f"sqlite:///{FOLDER / 'bench.sqlite3'}"}

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from common.time import now  # noqa: E402
from deadlines.models import Clock  # noqa: E402
from deadlines.services import current_edition  # noqa: E402
from organisations.models import Region, Unit  # noqa: E402

SIZES = (100_000, 1_000_000)
DUE = 2_000
PAGE = 500
BATCH = 2_000
INDEXED_ROUNDS, SCAN_ROUNDS = 20, 3


def clocks(first: int, until: int, department: Unit, size: int) -> Iterator[Clock]:
    """Plain rows; every ``size / DUE``-th has a rung that is due."""
    calendar, at = current_edition(), now()
    for number in range(first, until):
        due = number % (size // DUE) == 0
        ahead = timedelta(minutes=-(number % 600) - 1 if due else number % 40_000 + 10)
        yield Clock(
            subject_kind="bench",
            subject_label="残疾人证办理",
            subject_number=f"B-{number}",
            region_code="410503004000",
            department=department,
            calendar=calendar,
            started_at=at - timedelta(days=3),
            promised_due_on=(at + timedelta(days=5)).date(),
            promised_due_at=at + timedelta(days=5),
            due_on=(at + timedelta(days=5)).date(),
            due_at=at + timedelta(days=5),
            due_unit="workday",
            next_stage_at=at + ahead,
        )


def fill(department: Unit, size: int) -> None:
    """Exactly ``size`` clocks stand in the file."""
    Clock.objects.all().delete()
    for first in range(0, size, BATCH):
        until = min(first + BATCH, size)
        Clock.objects.bulk_create(clocks(first, until, department, size), batch_size=BATCH)
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
    sizes = [int(text) for text in sys.argv[1:]] or SIZES
    call_command("migrate", verbosity=0)
    region = Region.objects.create(code="410503004000", name="灯塔路街道", level="street")
    department = Unit.objects.create(code="B", name="区残联", kind="department", region=region)
    for size in sizes:
        fill(department, size)
        sys.stdout.write(json.dumps(measure(size)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    try:
        main()
    finally:
        connection.close()
        shutil.rmtree(FOLDER, ignore_errors=True)
