"""A notice of the State Council as data: its days, and everything that is wrong with it.

The form is that of ``data/notices.json``: year, title, papers (number, day), holidays as
spans with a name, and the make-up working days.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from deadlines.rules.calendar import (
    FIRST_DAY,
    LAST_DAY,
    ONE_DAY,
    SATURDAY,
    span_days,
    statutory_holidays,
)

DECEMBER = 12
THIRTEEN_DAYS_FROM = 2025
LONGEST_SPAN = timedelta(days=31)
LONGEST_NUMBER, LONGEST_NAME, LONGEST_TITLE = 80, 30, 200
NAMED_BEFORE_2025 = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
MAKE_UP = "调休上班"
Lunar = Iterable[tuple[str, date]]


@dataclass(frozen=True)
class NoticeDay:
    """One day the notice names."""

    day: date
    is_workday: bool
    name: str


@dataclass(frozen=True)
class Moved:
    """The dues of one clock before and after it was counted on another calendar."""

    clock_id: int
    promised_before: date | None
    promised_after: date | None
    statutory_before: date | None
    statutory_after: date | None


def days_of(notice: Mapping[str, Any]) -> Iterator[NoticeDay]:
    """Every day a notice names, as often as it names it."""
    for span in notice["holidays"]:
        first, last = date.fromisoformat(span["from"]), date.fromisoformat(span["to"])
        for day in span_days(first, last):
            yield NoticeDay(day, is_workday=False, name=span["name"])
    for text in notice["workdays"]:
        yield NoticeDay(date.fromisoformat(text), is_workday=True, name=MAKE_UP)


def notice_of_days(
    year: Any,
    title: str,
    papers: list[dict[str, str]],
    days: Iterable[NoticeDay],
) -> dict[str, Any]:
    """The notice that names these days; a holiday's neighbouring days of one name are one span."""
    named = sorted(days, key=lambda day: (day.day, day.name))
    spans: list[dict[str, str]] = []
    for found in (day for day in named if not day.is_workday):
        text, before = found.day.isoformat(), (found.day - ONE_DAY).isoformat()
        if spans and spans[-1]["name"] == found.name and spans[-1]["to"] == before:
            spans[-1]["to"] = text
        else:
            spans.append({"name": found.name, "from": text, "to": text})
    workdays = [day.day.isoformat() for day in named if day.is_workday]
    return {
        "year": year,
        "title": title,
        "notices": papers,
        "holidays": spans,
        "workdays": workdays,
    }


def _is_day(text: object) -> bool:
    try:
        return FIRST_DAY <= date.fromisoformat(str(text)) <= LAST_DAY
    except ValueError:
        return False


def _span_fault(span: Any) -> str:
    if not isinstance(span, dict) or not _is_day(span.get("from")) or not _is_day(span.get("to")):
        return _("“%(text)s” is not a day") % {"text": span}
    first, last = date.fromisoformat(span["from"]), date.fromisoformat(span["to"])
    if not first <= last <= first + LONGEST_SPAN:
        return _("the holiday from %(first)s to %(last)s cannot be right") % {
            "first": first,
            "last": last,
        }
    if not 0 < len(str(span.get("name") or "")) <= LONGEST_NAME:
        return _("the holiday from %(first)s has no name, or one too long") % {"first": first}
    return ""


def _paper_faults(papers: Any) -> Iterator[str]:
    if not isinstance(papers, list) or not papers:
        yield _("the number of the notice is missing")
        return
    for paper in papers:
        number = str(paper.get("number") or "") if isinstance(paper, dict) else ""
        if not 0 < len(number) <= LONGEST_NUMBER:
            yield _("the number of the notice is missing")
        elif not _is_day(paper.get("published_on")):
            yield _("the day on which notice %(number)s was published is missing") % {
                "number": number
            }


def shape_faults(notice: Any) -> list[str]:
    """What keeps the notice from being read at all."""
    if not isinstance(notice, dict):
        return [_("the file holds no notice")]
    faults = [] if _is_year(notice.get("year")) else [_("the year is missing")]
    if not 0 < len(str(notice.get("title") or "")) <= LONGEST_TITLE:
        faults.append(_("the title of the notice is missing, or too long"))
    faults += _paper_faults(notice.get("notices"))
    spans, workdays = notice.get("holidays"), notice.get("workdays")
    if not isinstance(spans, list) or not spans or not isinstance(workdays, list):
        return [*faults, _("the holidays are missing")]
    faults += filter(None, map(_span_fault, spans))
    faults += [_("“%(text)s” is not a day") % {"text": day} for day in workdays if not _is_day(day)]
    return faults


def _is_year(year: object) -> bool:
    known = isinstance(year, int) and not isinstance(year, bool)
    return known and FIRST_DAY.year < int(str(year)) <= LAST_DAY.year


def _named_twice(days: list[NoticeDay]) -> Iterator[str]:
    for day, times in sorted(Counter(found.day for found in days).items()):
        kinds = {found.is_workday for found in days if found.day == day}
        if len(kinds) > 1:
            yield _("%(day)s is named both a holiday and a working day") % {"day": day}
        elif times > 1:
            yield _("%(day)s is named twice") % {"day": day}


def _out_of_place(days: list[NoticeDay], year: int) -> Iterator[str]:
    first, last = date(year - 1, DECEMBER, 1), date(year, DECEMBER, 31)
    for found in days:
        if not first <= found.day <= last:
            yield _("%(day)s lies outside the year %(year)s and the December before") % {
                "day": found.day,
                "year": year,
            }
        elif found.is_workday and found.day.weekday() < SATURDAY:
            yield _("%(day)s is a working day anyway and cannot be a make-up one") % {
                "day": found.day
            }


def due_holidays(year: int, lunar: Lunar) -> dict[date, str]:
    """Days the law itself makes holidays in ``year``; those that follow the moon where known."""
    every = statutory_holidays(year, lunar)
    if year >= THIRTEEN_DAYS_FROM:
        return every
    return {day: every[day] for day in every if (day.month, day.day) in NAMED_BEFORE_2025}


def _lacking(days: list[NoticeDay], year: int, lunar: Lunar) -> Iterator[str]:
    named = {found.day for found in days}
    for day, holiday in sorted(due_holidays(year, lunar).items()):
        if day not in named:
            yield _("%(day)s (%(holiday)s) is missing: the law makes it a holiday") % {
                "day": day,
                "holiday": holiday,
            }


def _by_law_at_work(days: list[NoticeDay], year: int, lunar: Lunar) -> Iterator[str]:
    legal = due_holidays(year, lunar)
    for found in days:
        if found.is_workday and found.day in legal:
            yield _("%(day)s (%(holiday)s) is a holiday by law, not a working day") % {
                "day": found.day,
                "holiday": legal[found.day],
            }


def faults_of(notice: Any, lunar: Lunar) -> list[str]:
    """Everything wrong with a notice, each fault naming its day; empty if it may be loaded."""
    if faults := shape_faults(notice):
        return faults
    days, known, year = list(days_of(notice)), list(lunar), notice["year"]
    return [
        *_named_twice(days),
        *_out_of_place(days, year),
        *_by_law_at_work(days, year, known),
        *_lacking(days, year, known),
    ]


def missing_years(years: Iterable[int]) -> list[int]:
    """Years between the first and the last one that no notice covers."""
    ordered = sorted(set(years))
    return [year for one, two in pairwise(ordered) for year in range(one + 1, two)]
