"""Counting open clocks anew on another calendar, beside the least SQL that could do it.

Measures, in a temporary database with N open clocks (default 100,000; starts over sixty days,
thirty pairs of limits, 8 % paused, 4 % extended, reminders reached), the time from loading next
year's notice to the last clock standing on it, and of one plain ``UPDATE`` of the same columns.
One JSON line: ``{"bench", "vendor", "clocks", "changed", "moved", "seconds", "cpu_seconds",
"per_second",
"plain_update_seconds"}``. ``.venv/bin/python bench/reprojection.py [clocks]``; DATABASE_URL of an
empty PostgreSQL database measures there.
"""

import json
import os
import random
import shutil
import sys
import tempfile
import time as machine_time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(tempfile.mkdtemp(prefix="yichuang-bench-"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER / 'bench.sqlite3'}")
os.environ["VAR_DIR"] = str(FOLDER)

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from common import time  # noqa: E402
from common.events import GENESIS  # noqa: E402
from deadlines.choices import Unit, Verb  # noqa: E402
from deadlines.models import Clock, ClockEvent, StageFire  # noqa: E402
from deadlines.rules import Entry, Limit, Terms, WorkCalendar, fold, project  # noqa: E402
from deadlines.rules.history import terms_as_data  # noqa: E402
from deadlines.rules.stages import Fired, light_of, pending  # noqa: E402
from deadlines.services import current_calendar, load_notice, reproject  # noqa: E402
from deadlines.services.projecting import due_columns, state_columns  # noqa: E402
from organisations.models import Region, User  # noqa: E402
from organisations.models import Unit as Department  # noqa: E402
from organisations.services import system_user  # noqa: E402

CLOCKS = 100_000
CHUNK = 5_000
SEED = 20261124
TODAY = date(2026, 12, 10)
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


def history(dice: random.Random, at: Any) -> list[tuple[str, Any, dict[str, Any]]]:
    """What happened to one clock, as its events say it."""
    statutory = dice.randint(18, 47)
    begun = at - timedelta(days=dice.randint(0, 12), minutes=dice.randint(0, 600))
    terms = Terms(
        begun, Limit(statutory, Unit.WORKDAY), Limit(max(13, statutory // 2), Unit.WORKDAY)
    )
    found = [(Verb.START, begun, terms_as_data(terms))]
    fate = dice.random()
    if fate < 0.08:
        day = time.local_date(at)
        told = day + timedelta(days=dice.randint(3, 30))
        days = {"started_on": day.isoformat(), "told_until": told.isoformat()}
        stops = {"ground": "听证", "stops_statute": 1, "stops_promise": 1}
        found.append((Verb.PAUSE, at, days | stops))
    elif fate < 0.12:
        found.append((Verb.EXTEND, at, {"amount": dice.randint(1, 10), "moves_promise": 0}))
    return found


def fill(
    number: int,
    *,
    dice: random.Random,
    actor: User,
    department: Department,
    calendar: WorkCalendar,
    at: Any,
) -> tuple[Clock, list[ClockEvent], list[StageFire]]:
    """One open clock with its chain and its rungs, as the services would leave them."""
    told = history(dice, at)
    course = fold(Entry(*entry) for entry in told)
    projection = project(course, calendar)
    reached = [stage for stage, when in projection.plan.items() if when <= at]
    fired = [Fired(stage, at) for stage in reached]
    plan = pending(projection, fired, course.terms.thresholds, calendar)
    clock = Clock(
        pk=number,
        subject_kind="bench",
        subject_label="残疾人证办理",
        subject_number=f"B-{number}",
        region_code="410503004000",
        department=department,
        handler=actor,
        calendar_id=calendar.code,
        started_at=course.terms.start,
        light=str(light_of(reached)),
        **due_columns(course, projection),
        **state_columns(course, projection, plan),
    )
    mac, events = GENESIS, []
    for seq, (verb, when, data) in enumerate(told, start=1):
        event = ClockEvent(
            clock_id=number, seq=seq, actor=actor, at=when, verb=verb, data=data, previous_mac=mac
        )
        event.mac = mac = event.computed_mac()
        events.append(event)
    fires = [
        StageFire(
            clock_id=number,
            epoch=1,
            stage=stage,
            planned_for=at,
            fired_at=at,
            late_by=timedelta(),
            told_at=at,
        )
        for stage in reached
    ]
    return clock, events, fires


def chunks(size: int) -> Iterator[list[tuple[Clock, list[ClockEvent], list[StageFire]]]]:
    """Every clock of the bench, some at a time."""
    dice = random.Random(SEED)  # noqa: S311 - a repeatable load, no secret
    region = Region.objects.create(code="410503004000", name="示例街道", level="street")
    department = Department.objects.create(code="B", name="示例", kind="department", region=region)
    given = {"dice": dice, "department": department, "actor": system_user("bench")}
    given |= {"calendar": current_calendar(), "at": time.now()}
    for first in range(1, size + 1, CHUNK):
        yield [fill(number, **given) for number in range(first, min(first + CHUNK, size + 1))]


def load(size: int) -> None:
    """The clocks stand in the database."""
    for chunk in chunks(size):
        with transaction.atomic():
            Clock.objects.bulk_create([clock for clock, _events, _fires in chunk])
            ClockEvent.objects.bulk_create([one for _c, events, _f in chunk for one in events])
            StageFire.objects.bulk_create([one for _c, _e, fires in chunk for one in fires])


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
    call_command("migrate", verbosity=0)
    with time.freeze(time.at_local(TODAY, time.now().time())):
        load(size)
        began, busy = machine_time.perf_counter(), machine_time.process_time()
        loaded = load_notice(actor=system_user("calendar"), notice=NOTICE)
        job = reproject(job_id=loaded.job.pk)
        seconds = machine_time.perf_counter() - began
        busy = machine_time.process_time() - busy
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
        "plain_update_seconds": round(plain_update(), 2),
    }


if __name__ == "__main__":
    try:
        sys.stdout.write(json.dumps(main(int(sys.argv[1]) if sys.argv[1:] else CLOCKS)) + "\n")
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
