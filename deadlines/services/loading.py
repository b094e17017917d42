"""Loading a holiday notice or a closure: what it would change, then the change itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.models import Job
from common.time import now
from deadlines.choices import DayStatus
from deadlines.errors import CalendarFaulty, ClosureRefused, NothingChanges
from deadlines.models import CalendarDay, CalendarVersion, Closure
from deadlines.rules.calendar import FIRST_DAY, LAST_DAY, SATURDAY, span_days
from deadlines.rules.notices import faults_of, missing_years
from deadlines.services.calendars import (
    DayRow,
    current_edition,
    lunar_days,
    notices_in_force,
    rows_of,
    settle_edition,
    source_of,
    standing_closures,
    store_notice,
)
from deadlines.services.reprojecting import queue_reprojection
from organisations.models import Region, User

LONGEST_CLOSURE = 31


@dataclass(frozen=True)
class DayChange:
    """A day that another edition sees otherwise; an empty label is an ordinary weekday."""

    day: date
    was_workday: bool
    is_workday: bool
    label_before: str
    label_after: str
    was_provisional: bool

    @property
    def counts_otherwise(self) -> bool:
        """Whether limits that cross the day end on another day."""
        return self.was_workday != self.is_workday


@dataclass(frozen=True)
class Preview:
    """What loading would do; nothing has been done yet."""

    title: str
    edition: str
    official_until: date
    changes: list[DayChange] = field(default_factory=list)

    @property
    def moved_days(self) -> list[DayChange]:
        """Days that stop or begin to be working days."""
        return [change for change in self.changes if change.counts_otherwise]


@dataclass(frozen=True)
class Loaded:
    """The new edition, and the job that counts the open clocks on it."""

    edition: CalendarVersion
    job: Job


def _with(notice: dict[str, Any]) -> list[dict[str, Any]]:
    others = [known for known in notices_in_force() if known["year"] != notice["year"]]
    return sorted([*others, notice], key=lambda known: int(known["year"]))


def _refuse_faulty(notice: Any) -> None:
    year = notice.get("year") if isinstance(notice, dict) else None
    faults = faults_of(notice, lunar_days(year) if isinstance(year, int) else ())
    if not faults:
        years = [known["year"] for known in _with(notice)]
        faults = [
            _("the notice of %(year)s is missing; load it first") % {"year": lacking}
            for lacking in missing_years(years)
        ]
    if faults:
        raise CalendarFaulty(_("; ").join(faults), fields={"file": faults})


def _stored_rows(edition: CalendarVersion) -> list[DayRow]:
    return [
        DayRow(day.day, day.is_workday, day.label, day.status, day.notice)
        for day in CalendarDay.objects.filter(version=edition)
    ]


def _change(day: date, old: DayRow | None, new: DayRow | None) -> DayChange:
    plain = day.weekday() < SATURDAY
    return DayChange(
        day=day,
        was_workday=old.is_workday if old else plain,
        is_workday=new.is_workday if new else plain,
        label_before=old.label if old else "",
        label_after=new.label if new else "",
        was_provisional=old is not None and old.status == DayStatus.PROVISIONAL,
    )


def difference(before: Iterable[DayRow], after: Iterable[DayRow]) -> list[DayChange]:
    """Every day that two editions see differently, in order."""
    old, new = ({row.day: row for row in rows} for rows in (before, after))
    days = sorted(day for day in old.keys() | new.keys() if old.get(day) != new.get(day))
    return [_change(day, old.get(day), new.get(day)) for day in days]


def preview_notice(notice: Any) -> Preview:
    """Which days loading the notice would change; nothing has been stored.

    Raises:
        CalendarFaulty: duplicate, missing or contradictory days, each named.
    """
    _refuse_faulty(notice)
    notices, edition = _with(notice), current_edition()
    return Preview(
        title=source_of(notice),
        edition=edition.code,
        official_until=date(notices[-1]["year"], 12, 31),
        changes=difference(_stored_rows(edition), rows_of(notices, standing_closures())),
    )


@transaction.atomic
def load_notice(*, actor: User, notice: Any) -> Loaded:
    """The notice counts for its year, and a job stands that counts all open clocks anew.

    Raises:
        CalendarFaulty: duplicate, missing or contradictory days, each named.
        NothingChanges: the calendar says the same already.
    """
    before = CalendarVersion.objects.select_for_update().newest()
    _refuse_faulty(notice)
    store_notice(notice, loaded_by=actor)
    return _settled(before, actor, source_of(notice))


def _settled(before: CalendarVersion | None, actor: User, basis: str) -> Loaded:
    edition = settle_edition()
    if edition == before:
        raise NothingChanges
    return Loaded(edition, queue_reprojection(edition=edition, actor=actor, basis=basis))


def _closure_faults(first_on: date, last_on: date, reason: str, legal_basis: str) -> list[str]:
    if not FIRST_DAY <= first_on <= last_on <= LAST_DAY:
        return [_("the closure ends before it begins, or lies outside the calendar")]
    days = span_days(first_on, last_on)
    faults = [] if len(days) <= LONGEST_CLOSURE else [_("a closure lasts at most 31 days")]
    if not reason.strip() or not legal_basis.strip():
        faults.append(_("a closure needs its reason and its legal basis"))
    shut = {
        day for known in standing_closures() for day in span_days(known.first_on, known.last_on)
    }
    faults += [_("%(day)s is closed already") % {"day": day} for day in days if day in shut]
    return faults


def _closed_calendar(closure: Closure) -> list[DayChange]:
    rows = rows_of(notices_in_force(), [*standing_closures(), closure])
    return difference(_stored_rows(current_edition()), rows)


def _drafted(region: Region, first_on: date, last_on: date, said: tuple[str, str]) -> Closure:
    if faults := _closure_faults(first_on, last_on, *said):
        raise ClosureRefused(_("; ").join(faults), fields={"first_on": faults})
    return Closure(
        region=region,
        first_on=first_on,
        last_on=last_on,
        reason=said[0].strip()[:30],
        legal_basis=said[1].strip()[:80],
    )


def preview_closure(
    *,
    region: Region,
    first_on: date,
    last_on: date,
    reason: str,
    legal_basis: str,
) -> Preview:
    """Which days the closure would take out; nothing has been stored.

    Raises:
        ClosureRefused: impossible days, no legal basis, or nothing that would be closed.
    """
    closure = _drafted(region, first_on, last_on, (reason, legal_basis))
    changes, edition = _closed_calendar(closure), current_edition()
    if not changes:
        raise ClosureRefused(_("nobody works on these days anyway"))
    title = f"{closure.reason}({closure.legal_basis})"
    return Preview(title, edition.code, edition.official_until, changes)


@transaction.atomic
def record_closure(
    *,
    actor: User,
    region: Region,
    first_on: date,
    last_on: date,
    reason: str,
    legal_basis: str,
) -> Loaded:
    """The district's offices are shut on these days, and open clocks are counted anew.

    Raises:
        ClosureRefused: impossible days, no legal basis, or nothing that would be closed.
    """
    before = CalendarVersion.objects.select_for_update().newest()
    closure = _drafted(region, first_on, last_on, (reason, legal_basis))
    if not _closed_calendar(closure):
        raise ClosureRefused(_("nobody works on these days anyway"))
    closure.recorded_by = actor
    closure.save()
    return _settled(before, actor, f"{closure.reason} {closure.legal_basis}")


@transaction.atomic
def revoke_closure(*, closure_id: int, actor: User, reason: str) -> Loaded:
    """The closure no longer counts; it stays on record with who took it back and why.

    Raises:
        ClosureRefused: it was taken back before, or no reason is given.
    """
    before = CalendarVersion.objects.select_for_update().newest()
    closure = Closure.objects.select_for_update().filter(pk=closure_id).first()
    if closure is None or closure.revoked_at is not None or not reason.strip():
        raise ClosureRefused(_("only a standing closure is taken back, and with a reason"))
    closure.revoked_by, closure.revoked_at = actor, now()
    closure.revoked_because = reason.strip()[:200]
    closure.save(update_fields=["revoked_by", "revoked_at", "revoked_because"])
    return _settled(before, actor, f"{closure.reason} {closure.revoked_because}")
