"""Stages reached a second by the real sweep, beside the least SQL that could record them.

N clocks (default 2,000) were left alone for ten days and more: one sweep reaches every rung
that passed, each in a transaction of its own with its event, its light, its card where one is
due, and one message a clock. Beside it the same number of transactions that insert a row of
the same table and update the same clock, and do nothing else. One JSON line: ``{"bench",
"vendor", "clocks", "fired", "failed", "seconds", "per_second", "plain_per_second", "ratio"}``.
``make bench-stages``; DATABASE_URL of an empty PostgreSQL database measures there.
"""

import sys
import time as machine_time
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from ground import TODAY, ground, load, say

from common import time
from deadlines.models import Clock, StageFire
from deadlines.services import sweep

CLOCKS = 2_000
AWAY = timedelta(days=12)


def plain(rows: int) -> float:
    """Seconds for ``rows`` transactions of one insert and one update."""
    table, clocks = StageFire._meta.db_table, Clock._meta.db_table
    keys = list(Clock.objects.order_by("pk").values_list("pk", flat=True))
    insert = (
        f"INSERT INTO {table} (clock_id, epoch, stage, planned_for, fired_at, late_by, inherited)"  # noqa: S608
        " VALUES (%s, %s, 'plain', %s, %s, 0, %s)"
    )
    if connection.vendor == "postgresql":
        insert = insert.replace("%s, 0, %s)", "%s, '0'::interval, %s)")
    moment, began = time.now(), machine_time.perf_counter()
    for place in range(rows):
        key, epoch = keys[place % len(keys)], 1000 + place // len(keys)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert, [key, epoch, moment, moment, False])
            cursor.execute(f"UPDATE {clocks} SET next_stage_at = %s WHERE id = %s", [moment, key])  # noqa: S608
    return machine_time.perf_counter() - began


def main(size: int) -> dict[str, Any]:
    """The figures of one size."""
    with time.freeze(time.at_local(TODAY, time.now().time())):
        load(size)
    with time.freeze(time.at_local(TODAY, time.now().time()) + AWAY):
        began = machine_time.perf_counter()
        done = sweep()
        seconds = machine_time.perf_counter() - began
    least = plain(done.fired)
    return {
        "bench": "stages",
        "vendor": connection.vendor,
        "clocks": size,
        "fired": done.fired,
        "failed": len(done.failed),
        "seconds": round(seconds, 2),
        "per_second": round(done.fired / seconds),
        "plain_per_second": round(done.fired / least),
        "ratio": round(seconds / least, 1),
    }


if __name__ == "__main__":
    with ground():
        say(**main(int(sys.argv[1]) if sys.argv[1:] else CLOCKS))
