"""Clocks as a supervisor counts them.

A figure and the list it opens are made from the same conditions, so that every
number can be clicked down to its rows and derived from them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import Left

from common import time
from deadlines.choices import ClockState, Light
from deadlines.querysets import overdue, past_statute, running_down
from organisations.rules import STREET_DIGITS
from supervision.choices import Happened, Lamp, When
from supervision.rules import sunday_of

ONE_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Moment:
    """The instant a page is drawn for."""

    at: datetime
    today: date

    @classmethod
    def now(cls) -> "Moment":
        """The present one."""
        at = time.now()
        return cls(at, time.local_date(at))


@dataclass(frozen=True)
class Figures:
    """The numbers at the top of the dashboard."""

    open: int
    late: int
    statute: int
    today: int
    week: int
    lamps: dict[str, int]


def lamp(shown: str) -> Q:
    """Open clocks that burn this lamp: a card outweighs a pause, a pause outweighs a warning."""
    paused = Q(state=ClockState.PAUSED)
    mild = Q(light__in=(Light.GREEN, Light.AMBER))
    if shown == Lamp.PAUSED:
        return paused & mild
    if shown in {Lamp.GREEN, Lamp.AMBER}:
        return ~paused & Q(light=shown)
    return Q(light=shown)


def when(span: str, moment: Moment) -> Q:
    """Clocks past a due, ending today, or ending by Sunday; held ones do none of it."""
    if span == When.STATUTE:
        return past_statute(moment.at)
    if span == When.LATE:
        return overdue(moment.at)
    if span == When.TODAY:
        due = Q(due_on=moment.today)
    else:
        due = Q(due_on__range=(moment.today, sunday_of(moment.today)))
    return due & running_down()


def _within(field: str, monday: date) -> Q:
    return Q(
        **{
            f"{field}__gte": time.at_local(monday),
            f"{field}__lt": time.at_local(monday + ONE_WEEK),
        }
    )


def happened(what: str, monday: date, moment: Moment) -> Q:
    """Clocks that started, were finished, or became overdue in the week of ``monday``."""
    if what == Happened.STARTED:
        return _within("started_at", monday)
    finished = Q(state=ClockState.FINISHED)
    if what == Happened.FINISHED:
        return finished & _within("finished_at", monday)
    still_open = Q(finished_at__isnull=True, due_at__lte=moment.at) & running_down()
    too_late = finished & Q(finished_at__gt=F("due_at")) | Q(state=ClockState.LAPSED)
    return _within("due_at", monday) & (still_open | too_late)


def _count(condition: Q) -> Count:
    return Count("pk", filter=condition)


def figures(open_clocks: QuerySet[Any], moment: Moment) -> Figures:
    """Every number of the dashboard's head, in one query."""
    found = open_clocks.aggregate(
        n_open=Count("pk"),
        **{f"n_{span}": _count(when(span, moment)) for span in When.values},
        **{f"lamp_{shown}": _count(lamp(shown)) for shown in Lamp.values},
    )
    return Figures(
        open=found["n_open"],
        late=found["n_late"],
        statute=found["n_statute"],
        today=found["n_today"],
        week=found["n_week"],
        lamps={shown: found[f"lamp_{shown}"] for shown in Lamp.values},
    )


def _columns(moment: Moment) -> dict[str, Count]:
    return {
        "late": _count(when(When.LATE, moment)),
        "warned": _count(lamp(Lamp.AMBER)),
        "today": _count(when(When.TODAY, moment)),
        "open_": Count("pk"),
    }


def _rows(clocks: QuerySet[Any], moment: Moment, *keys: str, **named: Any) -> QuerySet[Any]:
    grouped = clocks.order_by().values(*keys).annotate(**named, **_columns(moment))
    return grouped.order_by("-late", "-warned", "-today", "-open_", keys[0])


def by_street(open_clocks: QuerySet[Any], moment: Moment) -> QuerySet[Any]:
    """One row a street, the one with most overdue first; ``street`` is its nine digits."""
    streets = open_clocks.annotate(street=Left("region_code", STREET_DIGITS))
    return _rows(streets, moment, "street")


def by_department(open_clocks: QuerySet[Any], moment: Moment) -> QuerySet[Any]:
    """One row a responsible unit."""
    keys = ("department_id", "department__name", "department__short_name")
    return _rows(open_clocks, moment, *keys)


def by_debtor(open_clocks: QuerySet[Any], moment: Moment) -> dict[str, dict[str, int]]:
    """What each kind of debtor owes, in one query; who owes nothing is not in it."""
    columns = {span: _count(when(span, moment)) for span in When.values}
    grouped = open_clocks.order_by().values("debtor").annotate(open_=Count("pk"), **columns)
    return {row["debtor"]: row for row in grouped}


def by_topic(open_clocks: QuerySet[Any], moment: Moment) -> QuerySet[Any]:
    """One row an item (or what else the clocks are about)."""
    return _rows(open_clocks, moment, "topic_code", "subject_kind", name=Min("subject_label"))


def trend(clocks: QuerySet[Any], weeks: Sequence[date], moment: Moment) -> list[dict[str, Any]]:
    """Accepted, closed and newly overdue of each week, in one query."""
    asked = {
        f"{what}_{place}": _count(happened(what, monday, moment))
        for place, monday in enumerate(weeks)
        for what in Happened.values
    }
    since = time.at_local(weeks[0])
    lately = Q(started_at__gte=since) | Q(finished_at__gte=since) | Q(due_at__gte=since)
    found = clocks.filter(lately).aggregate(**asked)
    return [
        {"monday": monday, **{what: found[f"{what}_{place}"] for what in Happened.values}}
        for place, monday in enumerate(weeks)
    ]
