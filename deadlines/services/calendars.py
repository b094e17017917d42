"""The calendar in force: shipped notices loaded once, prefix sums kept per process."""

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common import time
from deadlines.choices import DayStatus
from deadlines.errors import CalendarFaulty, NoCalendar
from deadlines.models import CalendarDay, CalendarNotice, CalendarVersion, Closure
from deadlines.rules import WorkCalendar
from deadlines.rules.calendar import SATURDAY, span_days, statutory_holidays
from deadlines.rules.notices import days_of
from organisations.models import User

DATA = Path(__file__).resolve().parent.parent / "data"
LUNAR_NAMES = {
    "new_year_eve": "春节",
    "qingming": "清明节",
    "dragon_boat": "端午节",
    "mid_autumn": "中秋节",
}
CACHED_EDITIONS = 8
WARNED_FROM = 11


@dataclass(frozen=True)
class DayRow:
    """One stored day."""

    day: date
    is_workday: bool
    label: str
    status: str
    notice: str = ""

    @property
    def spelled(self) -> str:
        """The text the digest covers."""
        return f"{self.day} {int(self.is_workday)} {self.label} {self.status} {self.notice}"


def _official_rows(notice: dict[str, Any]) -> Iterator[DayRow]:
    number = notice["notices"][-1]["number"]
    for found in days_of(notice):
        yield DayRow(found.day, found.is_workday, found.name, DayStatus.OFFICIAL, number)


@lru_cache(maxsize=1)
def _lunar_days() -> dict[int, tuple[tuple[str, date], ...]]:
    with (DATA / "lunar.csv").open(encoding="utf-8") as stream:
        return {
            int(row["year"]): tuple(
                (name, date.fromisoformat(row[key])) for key, name in LUNAR_NAMES.items()
            )
            for row in csv.DictReader(stream)
        }


def lunar_days(year: int) -> tuple[tuple[str, date], ...]:
    """Holidays of ``year`` that follow moon and sun, as far as the shipped table knows them."""
    return _lunar_days().get(year, ())


def _provisional_rows(after_year: int) -> Iterator[DayRow]:
    for year, lunar in _lunar_days().items():
        if year <= after_year:
            continue
        for day, name in sorted(statutory_holidays(year, lunar).items()):
            yield DayRow(day, False, name, DayStatus.PROVISIONAL)  # noqa: FBT003


def _closed_rows(closure: Closure) -> Iterator[DayRow]:
    for day in span_days(closure.first_on, closure.last_on):
        yield DayRow(day, False, closure.reason, DayStatus.CLOSURE, closure.legal_basis)  # noqa: FBT003


def _checked(rows: Iterable[DayRow]) -> dict[date, DayRow]:
    """The rows of one notice by day.

    Raises:
        CalendarFaulty: a day is both holiday and working day, or named twice.
    """
    found: dict[date, DayRow] = {}
    for row in rows:
        if row.day in found:
            raise CalendarFaulty(day=row.day.isoformat())
        found[row.day] = row
    return found


def _opens_otherwise(day: date, found: dict[date, DayRow]) -> bool:
    return found[day].is_workday if day in found else day.weekday() < SATURDAY


def shipped_notices() -> list[dict[str, Any]]:
    """The notices of the State Council this release ships, by year."""
    text = (DATA / "notices.json").read_text(encoding="utf-8")
    return sorted(json.loads(text), key=lambda notice: int(notice["year"]))


def rows_of(notices: list[dict[str, Any]], closures: Iterable[Closure] = ()) -> list[DayRow]:
    """Every day that the notices, the rule after their last year, or a closure set apart.

    A notice may change the December before, so the later one prevails; a closure
    prevails over all of them, but only takes out days on which people would work.

    Raises:
        CalendarFaulty: a notice names a day twice.
    """
    found = {row.day: row for row in _provisional_rows(notices[-1]["year"])}
    for notice in notices:
        found |= _checked(_official_rows(notice))
    for closure in closures:
        closed = _closed_rows(closure)
        found |= {row.day: row for row in closed if _opens_otherwise(row.day, found)}
    return [found[day] for day in sorted(found)]


def notices_in_force() -> list[dict[str, Any]]:
    """The notice that counts for each year, by year: the one loaded last."""
    newest = {notice.year: notice for notice in CalendarNotice.objects.order_by("pk")}
    return [newest[year].as_data() for year in sorted(newest)]


def standing_closures() -> list[Closure]:
    """Closures that have not been taken back, as they were recorded."""
    return list(Closure.objects.standing())


def digest_of(rows: list[DayRow]) -> str:
    """What the days amount to, as one number."""
    return hashlib.sha256("\n".join(row.spelled for row in rows).encode()).hexdigest()


@transaction.atomic
def settle_edition() -> CalendarVersion:
    """The newest edition says what notices and closures say; the same days are stored once."""
    last = CalendarVersion.objects.select_for_update().newest()
    notices = notices_in_force()
    rows = rows_of(notices, standing_closures())
    digest = digest_of(rows)
    if last and last.sha256 == digest:
        return last
    edition = CalendarVersion.objects.create(
        code=_free_code(f"CN-{notices[-1]['year']}-{digest[:8]}", last),
        number=last.number + 1 if last else 1,
        official_from=date(notices[0]["year"], 1, 1),
        official_until=date(notices[-1]["year"], 12, 31),
        sha256=digest,
        source="\n".join(source_of(notice) for notice in notices),
    )
    days = [_as_day(edition, row) for row in rows]
    CalendarDay.objects.bulk_create(days, batch_size=500)
    return edition


def _free_code(code: str, last: CalendarVersion | None) -> str:
    """The code itself; with its number where the same days stood before and stand again."""
    known = CalendarVersion.objects.filter(pk=code).exists()
    return f"{code}-{last.number + 1}" if known and last else code


def _as_day(edition: CalendarVersion, row: DayRow) -> CalendarDay:
    return CalendarDay(
        version=edition,
        day=row.day,
        is_workday=row.is_workday,
        label=row.label,
        status=row.status,
        notice=row.notice,
    )


def source_of(notice: dict[str, Any]) -> str:
    """Title and numbers of a notice, in one line."""
    papers = "、".join(f"{paper['number']}({paper['published_on']})" for paper in notice["notices"])
    return f"{notice['title']} {papers}"


def notice_digest(notice: dict[str, Any]) -> str:
    """What a notice says, as one number."""
    parts = [notice[key] for key in ("year", "title", "notices", "holidays", "workdays")]
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def store_notice(
    notice: dict[str, Any],
    *,
    loaded_by: User | None = None,
    shipped: bool = False,
) -> CalendarNotice:
    """The notice is on record; from the next edition on it counts for its year."""
    return CalendarNotice.objects.create(
        year=notice["year"],
        title=notice["title"],
        papers=notice["notices"],
        holidays=notice["holidays"],
        workdays=notice["workdays"],
        sha256=notice_digest(notice),
        shipped=shipped,
        loaded_by=loaded_by,
    )


def _is_news(notice: dict[str, Any]) -> bool:
    """Whether a shipped notice says more than what is stored; what a person loaded stays."""
    stored = CalendarNotice.objects.filter(year=notice["year"]).order_by("pk").last()
    if stored is None:
        return True
    return stored.shipped and stored.sha256 != notice_digest(notice)


@transaction.atomic
def load_shipped_calendar() -> CalendarVersion:
    """The notices of this release stand in the database; safe to repeat."""
    for notice in filter(_is_news, shipped_notices()):
        store_notice(notice, shipped=True)
    return settle_edition()


@lru_cache(maxsize=CACHED_EDITIONS)
def calendar_of(code: str) -> WorkCalendar:
    """The working days of an edition. Its code carries its digest, so it may be kept.

    Raises:
        NoCalendar: there is no such edition.
    """
    edition = CalendarVersion.objects.filter(pk=code).first()
    if edition is None:
        raise NoCalendar
    days = CalendarDay.objects.filter(version=edition)
    closed = days.filter(status=DayStatus.CLOSURE).values_list("day", flat=True)
    return WorkCalendar(
        dict(days.values_list("day", "is_workday")),
        closures=closed,
        official_from=edition.official_from,
        official_until=edition.official_until,
        code=code,
    )


def current_edition() -> CalendarVersion:
    """The edition new clocks are counted on.

    Raises:
        NoCalendar: none has been loaded.
    """
    edition = CalendarVersion.objects.newest()
    if edition is None:
        raise NoCalendar
    return edition


def calendar_warning(today: date | None = None) -> str:
    """What must stand on the dashboard while the coming year's notice is missing; else empty.

    The State Council publishes it in November; dues beyond are provisional until then.
    """
    day = today or time.today()
    edition = CalendarVersion.objects.newest()
    needed = day.year + 1 if day.month >= WARNED_FROM else day.year
    if edition is None:
        return str(NoCalendar.default_message)
    if edition.official_until.year >= needed:
        return ""
    return _(
        "the holiday notice of %(year)s has not been loaded: dues beyond %(until)s are provisional"
    ) % {"year": needed, "until": edition.official_until}


def current_calendar() -> WorkCalendar:
    """The working days new clocks are counted on."""
    return calendar_of(current_edition().pk)
