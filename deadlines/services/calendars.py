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

from deadlines.choices import DayStatus
from deadlines.errors import CalendarFaulty, NoCalendar
from deadlines.models import CalendarDay, CalendarVersion
from deadlines.rules import WorkCalendar
from deadlines.rules.calendar import span_days, statutory_holidays

DATA = Path(__file__).resolve().parent.parent / "data"
LUNAR_NAMES = {
    "new_year_eve": "春节",
    "qingming": "清明节",
    "dragon_boat": "端午节",
    "mid_autumn": "中秋节",
}
CACHED_EDITIONS = 8


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
    for span in notice["holidays"]:
        days = span_days(date.fromisoformat(span["from"]), date.fromisoformat(span["to"]))
        for day in days:
            yield DayRow(day, False, span["name"], DayStatus.OFFICIAL, number)  # noqa: FBT003
    for text in notice["workdays"]:
        day = date.fromisoformat(text)
        yield DayRow(day, True, "调休上班", DayStatus.OFFICIAL, number)  # noqa: FBT003


def _provisional_rows(after_year: int) -> Iterator[DayRow]:
    with (DATA / "lunar.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            year = int(row["year"])
            if year <= after_year:
                continue
            lunar = [(name, date.fromisoformat(row[key])) for key, name in LUNAR_NAMES.items()]
            for day, name in sorted(statutory_holidays(year, lunar).items()):
                yield DayRow(day, False, name, DayStatus.PROVISIONAL)  # noqa: FBT003


def _checked(rows: Iterable[DayRow]) -> list[DayRow]:
    """The rows in order of their days; an official day wins over a provisional one.

    Raises:
        CalendarFaulty: a day is both holiday and working day, or named twice.
    """
    found: dict[date, DayRow] = {}
    for row in rows:
        known = found.get(row.day)
        if known and known.status == row.status:
            raise CalendarFaulty(day=row.day.isoformat())
        if known is None or row.status == DayStatus.OFFICIAL:
            found[row.day] = row
    return [found[day] for day in sorted(found)]


def shipped_notices() -> list[dict[str, Any]]:
    """The notices of the State Council this release ships, by year."""
    text = (DATA / "notices.json").read_text(encoding="utf-8")
    return sorted(json.loads(text), key=lambda notice: int(notice["year"]))


def rows_of(notices: list[dict[str, Any]]) -> list[DayRow]:
    """Every day that the notices, or the rule after their last year, set apart."""
    official = [row for notice in notices for row in _official_rows(notice)]
    return _checked([*official, *_provisional_rows(notices[-1]["year"])])


@transaction.atomic
def store_edition(notices: list[dict[str, Any]]) -> CalendarVersion:
    """An edition with the days of these notices exists; the same notices are stored once."""
    rows = rows_of(notices)
    digest = hashlib.sha256("\n".join(row.spelled for row in rows).encode()).hexdigest()
    last = CalendarVersion.objects.newest()
    edition, created = CalendarVersion.objects.get_or_create(
        sha256=digest,
        defaults={
            "code": f"CN-{notices[-1]['year']}-{digest[:8]}",
            "number": last.number + 1 if last else 1,
            "official_from": date(notices[0]["year"], 1, 1),
            "official_until": date(notices[-1]["year"], 12, 31),
            "source": "\n".join(_source_lines(notices)),
        },
    )
    if created:
        days = [_as_day(edition, row) for row in rows]
        CalendarDay.objects.bulk_create(days, batch_size=500)
    return edition


def _as_day(edition: CalendarVersion, row: DayRow) -> CalendarDay:
    return CalendarDay(
        version=edition,
        day=row.day,
        is_workday=row.is_workday,
        label=row.label,
        status=row.status,
        notice=row.notice,
    )


def _source_lines(notices: list[dict[str, Any]]) -> Iterator[str]:
    for notice in notices:
        papers = "、".join(
            f"{paper['number']}({paper['published_on']})" for paper in notice["notices"]
        )
        yield f"{notice['title']} {papers}"


def load_shipped_calendar() -> CalendarVersion:
    """The edition of this release stands in the database; safe to repeat."""
    return store_edition(shipped_notices())


@lru_cache(maxsize=CACHED_EDITIONS)
def calendar_of(code: str) -> WorkCalendar:
    """The working days of an edition. Its code carries its digest, so it may be kept.

    Raises:
        NoCalendar: there is no such edition.
    """
    edition = CalendarVersion.objects.filter(pk=code).first()
    if edition is None:
        raise NoCalendar
    days = CalendarDay.objects.filter(version=edition).values_list("day", "is_workday")
    return WorkCalendar(
        dict(days),
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


def current_calendar() -> WorkCalendar:
    """The working days new clocks are counted on."""
    return calendar_of(current_edition().pk)
