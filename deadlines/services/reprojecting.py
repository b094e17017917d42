"""Open clocks are counted anew when the calendar has a new edition.

A clock's own ``calendar`` is the marker: whoever still carries an older edition is not
done. So the work may be killed at any moment and taken up by anyone; each batch commits
clocks, events, rungs and the job's counts together.
"""

import gc
import logging
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import time
from common.canonical import canonical_json
from common.errors import DomainError
from common.models import Job
from deadlines.choices import Light, Verb
from deadlines.models import CalendarVersion, Clock, StageFire
from deadlines.rules.notices import Moved
from deadlines.services.bulk import Among, EventWriter, as_stored, raw_rows, store_columns
from deadlines.services.calendars import calendar_of, current_edition
from deadlines.services.foreseeing import (
    SHOWN,
    Before,
    Foreseen,
    Foresight,
    History,
    read_histories,
)
from deadlines.services.projecting import carried_over
from deadlines.services.recipients import handlers, heads
from deadlines.signals import clocks_recounted
from notifications.services import notify
from organisations.models import User
from organisations.services import system_user

logger = logging.getLogger(__name__)

KIND = "deadlines.reproject"
BATCH = 2000
PASSES = 3
CALM = (Light.GREEN, Light.AMBER)
OVER = (Job.State.DONE, Job.State.FAILED)


class Standing(NamedTuple):
    """A clock as its row stands, in the values of the driver; ``SHOWN`` follows the keys."""

    pk: int
    calendar_id: str
    epoch: int
    department_id: int
    post_id: int | None
    handler_id: int | None
    promised_due_at: Any
    statutory_due_at: Any
    promised_due_on: Any
    statutory_due_on: Any
    due_on: Any
    due_at: Any
    provisional: Any
    statute_stopped: Any
    promise_stopped: Any
    light: str
    next_stage_at: Any
    plan: Any


FIRST_SHOWN = Standing._fields.index(SHOWN[0])
DUES = slice(FIRST_SHOWN, FIRST_SHOWN + 2)
# A clock whose dues stay keeps the columns that most indexes are made of.
STAYING_FROM = SHOWN.index("provisional")


@dataclass
class Batch:
    """Some clocks on their way to another edition."""

    edition: CalendarVersion
    actor: User
    basis: str
    at: datetime
    rows: list[Standing]
    spelled: dict[Any, str]
    copies: list[StageFire] = field(default_factory=list)
    moved: list[tuple[Any, ...]] = field(default_factory=list)
    staying: list[tuple[Any, ...]] = field(default_factory=list)
    same: list[int] = field(default_factory=list)
    moves: list[Moved] = field(default_factory=list)
    told: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    by_closure: dict[str, bool] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    @cached_property
    def events(self) -> EventWriter:
        """Events that wait to be stored."""
        said = {"verb": Verb.RECOUNT, "legal_basis": self.basis}
        return EventWriter(actor=self.actor, at=self.at, **said)


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
    known: dict[str, Foresight] = {}
    # What stands already is no garbage of this work; searching it again and again costs 7 %.
    gc.freeze()
    try:
        for _pass in range(PASSES):
            _pass_through(job_id, known)
            if _finished(job_id):
                break
    finally:
        gc.unfreeze()
    return Job.objects.get(pk=job_id)


def _pass_through(job_id: int, known: dict[str, Foresight]) -> None:
    after = 0
    while (last := _step(job_id, after, known)) is not None:
        after = last


@transaction.atomic
def _step(job_id: int, after: int, known: dict[str, Foresight]) -> int | None:
    """The next batch is counted; its last key, or None where no clock is left to count."""
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state in OVER:
        return None
    edition = current_edition()
    stale = Clock.objects.on_older_calendar(edition).filter(pk__gt=after)
    locked = stale.select_for_update(skip_locked=True, of=("self",))
    rows = raw_rows(locked.values_list(*as_stored(Standing._fields))[:BATCH])
    if not rows:
        return None
    standing = [Standing(*row) for row in rows]
    ahead = known.get(edition.pk) or Foresight(calendar_of(edition.pk))
    known[edition.pk] = ahead
    batch = Batch(
        edition, job.created_by, job.payload["basis"], time.now(), standing, ahead.spelled
    )
    _count_anew(batch, ahead)
    _add_up(job, batch)
    return standing[-1].pk


def _count_anew(batch: Batch, foresight: Foresight) -> None:
    """The clocks of the batch stand on its edition, with everything that follows from it."""
    editions = {row.calendar_id for row in batch.rows}
    since = {code: foresight.calendar.differs_from(calendar_of(code)) for code in editions}
    closed = foresight.calendar.closures
    batch.by_closure = {code: closed != calendar_of(code).closures for code in editions}
    touched = {row.pk: row for row in batch.rows if _may_change(row, since[row.calendar_id])}
    batch.same += [row.pk for row in batch.rows if row.pk not in touched]
    histories = read_histories({pk: row.epoch for pk, row in touched.items()})
    for pk, row in touched.items():
        try:
            _recount(batch, row, histories[pk], foresight)
        except (DomainError, LookupError, ValueError, TypeError) as fault:
            logger.warning("clock %s cannot be counted anew", pk, exc_info=not batch.failed)
            batch.failed[str(pk)] = f"{type(fault).__name__}: {fault}"[:200]
    _write(batch)


def _may_change(row: Standing, since: date | None) -> bool:
    """Whether a count of the clock reaches the first day that the editions see differently.

    Without a card nothing hangs on the clock beyond the last of its dues.
    """
    if since is None:
        return False
    last = row.statutory_due_on or row.promised_due_on
    return row.light not in CALM or str(last) >= since.isoformat()


def _recount(batch: Batch, row: Standing, history: History, foresight: Foresight) -> None:
    """What becomes of one clock is noted in the batch; nothing is written yet."""
    seen, fires = foresight.of(history.said, _before(batch, row, history)), history.fires
    moved = row[DUES] != seen.prepared[:2]
    if moved:
        fires = carried_over(fires, seen.projection, row.epoch + 1, batch.at)
    if fires:
        seen = foresight.climbed(seen, fires)
    if not moved and seen.is_stored(row[FIRST_SHOWN:]):
        batch.same.append(row.pk)
        return
    _note_event(batch, row, history, seen)
    if moved:
        batch.copies += fires
        batch.moved.append((*seen.prepared, batch.edition.pk, row.epoch + 1, row.pk))
        _note_move(batch, row, seen)
    else:
        batch.staying.append((*seen.prepared[STAYING_FROM:], batch.edition.pk, row.pk))


def _before(batch: Batch, row: Standing, history: History) -> Before | None:
    """What a served paper holds against the new edition; None where no paper names a day."""
    if not history.is_served:
        return None
    return row.promised_due_on, row.statutory_due_on, batch.by_closure[row.calendar_id]


def _note_event(batch: Batch, row: Standing, history: History, seen: Foreseen) -> None:
    """The next event of the clock's chain waits in the batch; its row lock is held."""
    days = (row.promised_due_on, *seen.due_days, row.statutory_due_on, *seen.counted_days)
    key = (row.calendar_id, *days, seen.course.terms.served)
    text = batch.spelled.get(key)
    if text is None:
        text = batch.spelled[key] = canonical_json(_facts(batch, row, seen))
    batch.events.add(row.pk, history.seq + 1, history.mac, text)


def _facts(batch: Batch, row: Standing, seen: Foreseen) -> dict[str, Any]:
    promised, statutory = seen.due_days
    by_closure = seen.course.terms.served and batch.by_closure[row.calendar_id]
    return (
        ({"closure": 1} if by_closure else {})
        | _held(seen)
        | {
            "calendar": batch.edition.pk,
            "previous": row.calendar_id,
            "promised": [str(row.promised_due_on or ""), str(promised or "")],
            "statutory": [str(row.statutory_due_on or ""), str(statutory or "")],
        }
    )


def _held(seen: Foreseen) -> dict[str, Any]:
    """What the calendar alone counts, where a served paper holds against it."""
    if seen.due_days == seen.counted_days:
        return {}
    return {"counted": [str(day or "") for day in seen.counted_days]}


def _note_move(batch: Batch, row: Standing, seen: Foreseen) -> None:
    desk = (row.department_id, row.handler_id or 0, row.post_id or 0)
    batch.told[":".join(map(str, desk))] += 1
    batch.moves.append(
        Moved(
            clock_id=row.pk,
            promised_before=_day(row.promised_due_on),
            promised_after=seen.due_days[0],
            statutory_before=_day(row.statutory_due_on),
            statutory_after=seen.due_days[1],
        )
    )


def _day(stored: Any) -> date | None:
    return date.fromisoformat(str(stored)) if stored else None


def _write(batch: Batch) -> None:
    """Events, rungs and columns of the batch are stored, and whoever listens has heard."""
    batch.events.store()
    StageFire.objects.bulk_create(batch.copies)
    store_columns((*SHOWN, "calendar_id", "epoch"), batch.moved)
    store_columns((*SHOWN[STAYING_FROM:], "calendar_id"), batch.staying)
    Clock.objects.filter(Among(F("id"), batch.same)).update(calendar_id=batch.edition.pk)
    if batch.moves:
        facts = {"edition": batch.edition, "actor": batch.actor, "moves": batch.moves}
        clocks_recounted.send(sender=Clock, **facts)


def _add_up(job: Job, batch: Batch) -> None:
    """The job's counts include the batch; they commit with it."""
    report, keys = job.report, {str(row.pk) for row in batch.rows}
    report["changed"] += len(batch.moved) + len(batch.staying)
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
