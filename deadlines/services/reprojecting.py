"""Open clocks are counted anew when the calendar has a new edition.

A clock's own ``calendar`` is the marker: whoever still carries an older edition is not
done. So the work may be killed at any moment and taken up by anyone; each batch commits
clocks, events, rungs and the job's counts together.
"""

import logging
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from datetime import time as clock_time
from functools import cached_property
from typing import Any, Self, cast

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import time
from common.errors import DomainError
from common.models import Job
from deadlines.choices import Light, Unit, Verb
from deadlines.models import CalendarVersion, Clock, ClockEvent, StageFire
from deadlines.rules import Course, Entry, Projection, WorkCalendar, fold, project
from deadlines.rules.notices import Moved
from deadlines.rules.stages import Fired, light_of, pending
from deadlines.services.calendars import calendar_of, current_edition
from deadlines.services.projecting import carried_over, due_columns, state_columns, store_columns
from deadlines.services.recipients import handlers, heads
from deadlines.signals import clocks_recounted
from notifications.services import notify
from organisations.models import User
from organisations.services import system_user

logger = logging.getLogger(__name__)

KIND = "deadlines.reproject"
BATCH = 1000
PASSES = 3
MOST_KNOWN = 50_000
MIDNIGHT = clock_time(0)
DUES = ("promised_due_on", "promised_due_at", "statutory_due_on", "statutory_due_at")
SHOWN = (
    *DUES,
    "due_on",
    "due_at",
    "provisional",
    "statute_stopped",
    "promise_stopped",
    "light",
    "plan",
    "next_stage_at",
)
READ = ("pk", "calendar_id", "epoch", "department_id", "post_id", "handler_id", *SHOWN)
OVER = (Job.State.DONE, Job.State.FAILED)
CALM = (Light.GREEN, Light.AMBER)


@dataclass
class Batch:
    """Some clocks on their way to another edition, and what was read of them at once."""

    edition: CalendarVersion
    actor: User
    basis: str
    at: datetime
    rows: list[dict[str, Any]]
    entries: dict[int, list[Entry]] = field(default_factory=dict)
    heads: dict[int, tuple[int, str]] = field(default_factory=dict)
    fires: dict[int, list[StageFire]] = field(default_factory=dict)
    events: list[ClockEvent] = field(default_factory=list)
    copies: list[StageFire] = field(default_factory=list)
    columns: dict[int, dict[str, Any]] = field(default_factory=dict)
    moves: list[Moved] = field(default_factory=list)
    told: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    failed: dict[str, str] = field(default_factory=dict)

    @cached_property
    def post_label(self) -> str:
        """Under which post the actor counts anew."""
        return str(self.actor.post_label or "")[:120]


class Memo:
    """Projections already made: clocks of one day, one pair of limits and one course share them."""

    def __init__(self) -> None:
        self.edition = ""
        self.known: dict[Course, tuple[Projection, dict[str, Any]]] = {}

    def on(self, edition: str) -> Self:
        """The same memo, emptied where the calendar has changed meanwhile, or it grew too large."""
        if edition != self.edition or len(self.known) > MOST_KNOWN:
            self.edition, self.known = edition, {}
        return self

    def projected(
        self, course: Course, calendar: WorkCalendar
    ) -> tuple[Projection, dict[str, Any]]:
        """The projection, and the columns of a clock that has no rung behind it."""
        key = _same_count(course)
        if key not in self.known:
            projection = project(key, calendar)
            columns = due_columns(key, projection)
            columns |= state_columns(key, projection, projection.plan)
            self.known[key] = projection, columns | {"light": str(Light.GREEN)}
        return self.known[key]


def queue_reprojection(*, edition: CalendarVersion, actor: User, basis: str) -> Job:
    """A job stands that counts the open clocks on ``edition``; a worker or a command runs it."""
    return Job.objects.create(
        kind=KIND,
        created_by=actor,
        progress_total=Clock.objects.on_older_calendar(edition).count(),
        message=basis,
        payload={"edition": edition.pk, "basis": basis},
        report={"changed": 0, "moved": 0, "told": {}, "failed": {}},
    )


def waiting_job() -> Job | None:
    """The job whose turn it is; one is made where clocks were left on an older edition."""
    edition = CalendarVersion.objects.newest()
    if edition is None:
        return None
    jobs = Job.objects.filter(kind=KIND)
    waiting = jobs.exclude(state__in=OVER).order_by("pk").first()
    if waiting is not None:
        return waiting
    last = jobs.filter(payload__edition=edition.pk).order_by("-pk").first()
    known = [int(pk) for pk in last.report["failed"]] if last else []
    if not Clock.objects.on_older_calendar(edition).exclude(pk__in=known).exists():
        return None
    basis = edition.source.splitlines()[-1] if edition.source else edition.code
    return queue_reprojection(edition=edition, actor=system_user("calendar"), basis=basis[:300])


def continue_reprojection() -> Job | None:
    """No open clock is left on an older edition than the newest; safe to repeat, cheap if idle."""
    job = waiting_job()
    return reproject(job_id=job.pk) if job else None


def reproject(*, job_id: int) -> Job:
    """Every open clock is counted on the newest edition, and its handlers are told once.

    A clock that cannot be counted stays as it was and is named in the job's report.
    """
    memo = Memo()
    for _pass in range(PASSES):
        after = 0
        while (last := _step(job_id, after, memo)) is not None:
            after = last
        if _finished(job_id):
            break
    return Job.objects.get(pk=job_id)


@transaction.atomic
def _step(job_id: int, after: int, memo: Memo) -> int | None:
    """The next batch is counted; its last key, or None where no clock is left to count."""
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state in OVER:
        return None
    edition = current_edition()
    stale = Clock.objects.on_older_calendar(edition).filter(pk__gt=after)
    locked = stale.select_for_update(skip_locked=True, of=("self",))
    rows = list(locked.values(*READ)[:BATCH])
    if not rows:
        return None
    batch = Batch(edition, job.created_by, job.payload["basis"], time.now(), rows)
    _count_anew(batch, memo.on(edition.pk))
    _add_up(job, batch)
    return int(rows[-1]["pk"])


def _count_anew(batch: Batch, memo: Memo) -> None:
    """The clocks of the batch stand on its edition, with everything that follows from it."""
    by_edition: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in batch.rows:
        by_edition[row["calendar_id"]].append(row)
    calendar, touched = calendar_of(batch.edition.pk), []
    for code, rows in by_edition.items():
        since = calendar.differs_from(calendar_of(code))
        touched += [row for row in rows if _may_change(row, since)]
    _read(batch, [row["pk"] for row in touched])
    for row in touched:
        _try(batch, row, calendar, memo)
    _write(batch)


def _may_change(row: dict[str, Any], since: date | None) -> bool:
    """Whether a count of the clock reaches the first day that the editions see differently.

    Without a card nothing hangs on the clock beyond the last of its dues.
    """
    if since is None:
        return False
    last = row["statutory_due_on"] or row["promised_due_on"]
    return row["light"] not in CALM or last >= since


def _read(batch: Batch, keys: list[int]) -> None:
    """Events and rungs of the clocks that may change are at hand."""
    events = ClockEvent.objects.filter(clock_id__in=keys).order_by("clock_id", "seq")
    batch.entries = defaultdict(list)
    for pk, seq, mac, verb, at, data in events.values_list(
        "clock_id", "seq", "mac", "verb", "at", "data"
    ):
        batch.entries[pk].append(Entry(verb, at, cast("Any", data)))
        batch.heads[pk] = (seq, mac)
    epochs = {row["pk"]: row["epoch"] for row in batch.rows}
    batch.fires = defaultdict(list)
    for fire in StageFire.objects.filter(clock_id__in=keys).order_by("pk"):
        if fire.epoch == epochs[fire.clock_id]:
            batch.fires[fire.clock_id].append(fire)


def _try(batch: Batch, row: dict[str, Any], calendar: WorkCalendar, memo: Memo) -> None:
    try:
        _recount(batch, row, calendar, memo)
    except (DomainError, LookupError, ValueError, TypeError) as fault:
        logger.warning("clock %s cannot be counted anew", row["pk"], exc_info=True)
        batch.failed[str(row["pk"])] = f"{type(fault).__name__}: {fault}"[:200]


def _same_count(course: Course) -> Course:
    """A course that is counted just alike, with a start common to all clocks of its day.

    Only hours count from the minute; for the other units it matters no more than that
    nothing is reminded of before the start, and reminders come at closing time.
    """
    terms = course.terms
    if any(limit and limit.unit == Unit.HOUR for limit in (terms.statutory, terms.promised)):
        return course
    begun, closing = time.local(terms.start), terms.thresholds.closing
    same = time.at_local(begun.date(), closing if begun.time() >= closing else MIDNIGHT)
    return replace(course, terms=replace(terms, start=same))


def _recount(batch: Batch, row: dict[str, Any], calendar: WorkCalendar, memo: Memo) -> None:
    """What becomes of one clock is noted in the batch; nothing is written yet."""
    course = fold(batch.entries[row["pk"]])
    projection, plain = memo.projected(course, calendar)
    moved = any(row[name] != plain[name] for name in ("promised_due_at", "statutory_due_at"))
    fires = batch.fires.get(row["pk"], [])
    if moved:
        fires = carried_over(fires, projection, row["epoch"] + 1, batch.at)
    columns = plain if not fires else _climbed(course, projection, calendar, fires, plain)
    if all(row[name] == columns[name] for name in SHOWN):
        return
    epoch = row["epoch"] + 1 if moved else row["epoch"]
    batch.columns[row["pk"]] = columns | {"epoch": epoch}
    batch.events.append(_event(batch, row, columns))
    if moved:
        batch.copies += fires
        _note_move(batch, row, columns)


def _climbed(
    course: Course,
    projection: Projection,
    calendar: WorkCalendar,
    fires: list[StageFire],
    plain: dict[str, Any],
) -> dict[str, Any]:
    """The columns of a clock that has rungs behind it."""
    fired = [
        Fired(fire.stage, fire.fired_at, answered=fire.answered_at is not None) for fire in fires
    ]
    plan = pending(projection, fired, course.terms.thresholds, calendar)
    state = state_columns(course, projection, plan)
    return plain | state | {"light": str(light_of(fire.stage for fire in fires))}


def _pair(before: date | None, after: date | None) -> list[str]:
    return [day.isoformat() if day else "" for day in (before, after)]


def _event(batch: Batch, row: dict[str, Any], columns: dict[str, Any]) -> ClockEvent:
    """The next event in the clock's chain; its row lock is held."""
    seq, mac = batch.heads[row["pk"]]
    facts = {
        "calendar": batch.edition.pk,
        "previous": row["calendar_id"],
        "promised": _pair(row["promised_due_on"], columns["promised_due_on"]),
        "statutory": _pair(row["statutory_due_on"], columns["statutory_due_on"]),
    }
    event = ClockEvent(
        clock_id=row["pk"],
        seq=seq + 1,
        actor=batch.actor,
        post_label=batch.post_label,
        at=batch.at,
        verb=str(Verb.RECOUNT),
        legal_basis=batch.basis[:300],
        data=cast("Any", facts),
        previous_mac=mac,
    )
    event.mac = event.computed_mac()
    return event


def _note_move(batch: Batch, row: dict[str, Any], columns: dict[str, Any]) -> None:
    keys = ("department_id", "handler_id", "post_id")
    batch.told[":".join(str(row[key] or 0) for key in keys)] += 1
    batch.moves.append(
        Moved(
            clock_id=row["pk"],
            promised_before=row["promised_due_on"],
            promised_after=columns["promised_due_on"],
            statutory_before=row["statutory_due_on"],
            statutory_after=columns["statutory_due_on"],
        )
    )


def _write(batch: Batch) -> None:
    """Events, rungs and columns of the batch are stored, and whoever listens has heard."""
    ClockEvent.objects.bulk_create(batch.events)
    StageFire.objects.bulk_create(batch.copies)
    names = ("calendar_id", "epoch", *SHOWN)
    edition = {"calendar_id": batch.edition.pk}
    store_columns({pk: columns | edition for pk, columns in batch.columns.items()}, names)
    failed = set(batch.failed)
    same = [row["pk"] for row in batch.rows if row["pk"] not in batch.columns]
    same = [pk for pk in same if str(pk) not in failed]
    Clock.objects.filter(pk__in=same).update(calendar_id=batch.edition.pk)
    if batch.moves:
        facts = {"edition": batch.edition, "actor": batch.actor, "moves": batch.moves}
        clocks_recounted.send(sender=Clock, **facts)


def _add_up(job: Job, batch: Batch) -> None:
    """The job's counts include the batch; they commit with it."""
    report, keys = job.report, {str(row["pk"]) for row in batch.rows}
    report["changed"] += len(batch.columns)
    report["moved"] += len(batch.moves)
    for desk, count in batch.told.items():
        report["told"][desk] = report["told"].get(desk, 0) + count
    kept = {pk: fault for pk, fault in report["failed"].items() if pk not in keys}
    report["failed"] = kept | batch.failed
    job.save(update_fields=["report"])
    done = len(batch.rows) - len(batch.failed)
    job.advance(job.progress_done + done, total=max(job.progress_total, job.progress_done + done))


@transaction.atomic
def _finished(job_id: int) -> bool:
    """Whether nothing is left; then the handlers have been told and the job is over."""
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state in OVER:
        return True
    failed = [int(pk) for pk in job.report["failed"]]
    if Clock.objects.on_older_calendar(current_edition()).exclude(pk__in=failed).exists():
        return False
    _tell(job)
    job.finish(job.report, failed=bool(failed), message=job.message)
    return True


def _told_counts(job: Job) -> dict[User, int]:
    """How many moved dues each person answers for; heads where no handler is found."""
    counts: dict[User, int] = defaultdict(int)
    for desk, count in job.report["told"].items():
        department, handler, post = (int(part) for part in desk.split(":"))
        clock = Clock(department_id=department, handler_id=handler or None, post_id=post or None)
        for user in handlers(clock, time.now()) or heads(clock, time.now()):
            counts[user] += count
    return counts


def _tell(job: Job) -> None:
    """Everyone whose clocks end on another day has one message, whatever their number."""
    for user, count in _told_counts(job).items():
        title = ngettext(
            "%(count)s of your time limits ends on another day",
            "%(count)s of your time limits end on another day",
            count,
        )
        notify(
            recipients=[user],
            title=title % {"count": count},
            body=_("The calendar of working days has changed: %(basis)s")
            % {"basis": job.payload["basis"]},
            link=reverse("admin:deadlines_clock_changelist"),
            subject_kind="calendar",
            subject_id=job.payload["edition"],
            dedupe_key=f"calendar:{job.payload['edition']}:{job.pk}",
        )
