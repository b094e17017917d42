"""Counting open clocks anew on another calendar, beside the least SQL that could do it.

Measures, in a temporary database with N open clocks (default 100,000; starts over sixty days,
thirty pairs of limits, 8 % paused, 4 % extended, reminders reached), the time from loading next
year's notice to the last clock standing on it, and of one plain ``UPDATE`` of the same columns.
One JSON line: ``{"bench", "vendor", "clocks", "changed", "moved", "failed", "seconds",
"cpu_seconds", "per_second", "plain_update_seconds", "ratio"}``. ``make bench-reprojection``;
DATABASE_URL of an empty PostgreSQL database measures there.
"""

import sys
import time as machine_time
from typing import Any

from django.db import connection, transaction
from ground import TODAY, ground, load, say

from common import time
from deadlines.models import Clock
from deadlines.services import load_notice, reproject
from organisations.services import system_user

CLOCKS = 100_000
NOTICE = {
    "year": 2027,
    "title": "示例: 2027年部分节假日安排",
    "notices": [{"number": "示例〔2026〕1号", "published_on": "2026-12-10"}],
    "holidays": [
        {"name": "元旦", "from": "2026-12-31", "to": "2027-01-03"},
        {"name": "春节", "from": "2027-02-05", "to": "2027-02-13"},
        {"name": "清明节", "from": "2027-04-03", "to": "2027-04-05"},
        {"name": "劳动节", "from": "2027-05-01", "to": "2027-05-05"},
        {"name": "端午节", "from": "2027-06-09", "to": "2027-06-09"},
        {"name": "中秋节", "from": "2027-09-15", "to": "2027-09-15"},
        {"name": "国庆节", "from": "2027-10-01", "to": "2027-10-07"},
    ],
    "workdays": ["2026-12-26", "2027-01-30", "2027-02-20", "2027-05-08"],
}


def plain_update() -> float:
    """Seconds for the least SQL that touches the same columns of every clock."""
    table = Clock._meta.db_table
    began = machine_time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET epoch = epoch + 1, due_at = due_at, due_on = due_on, "  # noqa: S608
            "promised_due_at = promised_due_at, statutory_due_at = statutory_due_at, "
            "plan = plan, next_stage_at = next_stage_at, calendar_id = calendar_id"
        )
    return machine_time.perf_counter() - began


def main(size: int) -> dict[str, Any]:
    """The figures of one size."""
    with time.freeze(time.at_local(TODAY, time.now().time())):
        load(size)
        began, busy = machine_time.perf_counter(), machine_time.process_time()
        loaded = load_notice(actor=system_user("calendar"), notice=NOTICE)
        job = reproject(job_id=loaded.job.pk)
        seconds = machine_time.perf_counter() - began
        busy = machine_time.process_time() - busy
    plain = plain_update()
    return {
        "bench": "reprojection",
        "vendor": connection.vendor,
        "clocks": size,
        "changed": job.report["changed"],
        "moved": job.report["moved"],
        "failed": len(job.report["failed"]),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(busy, 2),
        "per_second": round(size / seconds),
        "plain_update_seconds": round(plain, 2),
        "ratio": round(seconds / plain, 1),
    }


if __name__ == "__main__":
    with ground():
        say(**main(int(sys.argv[1]) if sys.argv[1:] else CLOCKS))
