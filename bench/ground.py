"""A district of nothing but clocks, in a temporary database, to measure in.

Importing this sets Django up on a SQLite file of its own, or on the empty database that
DATABASE_URL names; ``with ground():`` migrates it and removes the folder afterwards.
"""

import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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
from django.db import transaction  # noqa: E402

from common import time  # noqa: E402
from common.events import GENESIS  # noqa: E402
from deadlines.choices import Unit, Verb  # noqa: E402
from deadlines.models import Clock, ClockEvent, StageFire  # noqa: E402
from deadlines.rules import Entry, Limit, Terms, WorkCalendar, fold, project  # noqa: E402
from deadlines.rules.history import terms_as_data  # noqa: E402
from deadlines.rules.stages import Fired, light_of, pending  # noqa: E402
from deadlines.services import current_calendar  # noqa: E402
from deadlines.services.projecting import due_columns, state_columns  # noqa: E402
from organisations.models import Region, User  # noqa: E402
from organisations.models import Unit as Department  # noqa: E402
from organisations.services import system_user  # noqa: E402

CHUNK = 5_000
SEED = 20261124
TODAY = date(2026, 12, 10)
STREET = "410503004000"
# As in a district: the days of most open limits stand on a notice of acceptance.
SERVED_SHARE = 0.7


def say(**figures: Any) -> None:
    """One JSON line."""
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


@contextmanager
def ground() -> Iterator[None]:
    """Inside the block the tables stand; afterwards nothing is left."""
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


def department() -> Department:
    """The one unit that owes everything."""
    region, _new = Region.objects.get_or_create(
        code=STREET, defaults={"name": "示例街道", "level": "street"}
    )
    unit, _new = Department.objects.get_or_create(
        code="B", defaults={"name": "示例", "kind": "department", "region": region}
    )
    return unit


def history(dice: random.Random, at: Any) -> list[tuple[str, Any, dict[str, Any]]]:
    """What happened to one clock, as its events say it."""
    statutory = dice.randint(18, 47)
    begun = at - timedelta(days=dice.randint(0, 12), minutes=dice.randint(0, 600))
    terms = Terms(
        begun,
        Limit(statutory, Unit.WORKDAY),
        Limit(max(13, statutory // 2), Unit.WORKDAY),
        served=dice.random() < SERVED_SHARE,
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
        region_code=STREET,
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
    given = {"dice": dice, "department": department(), "actor": system_user("bench")}
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
