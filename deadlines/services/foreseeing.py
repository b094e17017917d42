"""What many clocks amount to on a calendar: clocks that are counted alike are counted once.

Clocks of one day, one pair of limits and one course share their dues and rungs, so a
hundred thousand of them are a few thousand projections. The same pure functions make
them as for a single clock.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from datetime import time as clock_time
from functools import cached_property
from typing import Any

from django.db.models import F, TextField
from django.db.models.functions import Cast

from common.time import local
from deadlines.choices import Light, Unit, Verb
from deadlines.models import ClockEvent, StageFire
from deadlines.rules import Course, Entry, Projection, WorkCalendar, fold, project
from deadlines.rules.history import ServedDays, terms_from_data, with_served
from deadlines.rules.stages import Fired, light_of, pending
from deadlines.services.bulk import Among, Prepared, raw_rows
from deadlines.services.projecting import due_columns, state_columns

SHOWN = (
    "promised_due_at",
    "statutory_due_at",
    "promised_due_on",
    "statutory_due_on",
    "due_on",
    "due_at",
    "provisional",
    "statute_stopped",
    "promise_stopped",
    "light",
    "next_stage_at",
    "plan",
)
MOST_KNOWN = 50_000
START_OPENS, SERVED = '"start":"', '"served":1'
# Only the closing events of a clock are read for their time, and an open clock has none.
AT_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)
MOVING = frozenset({Verb.START, Verb.PAUSE, Verb.RETELL, Verb.RESUME, Verb.EXTEND, Verb.REOPEN})
Said = tuple[tuple[str, str], ...]
Before = tuple[str | None, str | None, bool]
"""Promised and statutory day as they stand, and whether a local closure moves them."""


@dataclass(slots=True)
class History:
    """Events of a clock that bear on its dues, the end of its chain, and its rungs."""

    said: list[tuple[str, str]] = field(default_factory=list)
    seq: int = 0
    mac: str = ""
    fires: list[StageFire] = field(default_factory=list)

    @property
    def is_served(self) -> bool:
        """Whether a served paper names the days of the clock."""
        return bool(self.said) and SERVED in self.said[0][1]

    def add(self, verb: str, text: str) -> None:
        """One more event; a former count matters only where a paper names days."""
        if verb in MOVING or (verb == Verb.RECOUNT and self.is_served):
            self.said.append((verb, text))


def read_histories(epochs: Mapping[int, int]) -> dict[int, History]:
    """Histories of clocks by key, with the rungs of the epoch given for each."""
    found: dict[int, History] = defaultdict(History)
    if not epochs:
        return found
    among = Among(F("clock_id"), list(epochs))
    events = ClockEvent.objects.filter(among).order_by("clock_id", "seq")
    spelled = events.annotate(text=Cast(F("data"), TextField()))
    for pk, seq, mac, verb, text in raw_rows(
        spelled.values_list("clock_id", "seq", "mac", "verb", "text")
    ):
        history = found[pk]
        history.seq, history.mac = seq, mac
        history.add(verb, text)
    for fire in StageFire.objects.filter(among).order_by("pk"):
        if fire.epoch == epochs[fire.clock_id]:
            found[fire.clock_id].fires.append(fire)
    return found


@dataclass(frozen=True)
class Foreseen:
    """What a clock amounts to: its columns, and the same as the database takes them."""

    course: Course
    projection: Projection
    columns: dict[str, Any]
    prepared: tuple[Any, ...]
    is_held_anew: bool = False

    @cached_property
    def due_days(self) -> tuple[date | None, date | None]:
        """Promised and statutory day that bind."""
        return self.projection.dues.promised_on, self.projection.dues.statutory_on

    @cached_property
    def counted_days(self) -> tuple[date | None, date | None]:
        """The same as the calendar alone counts them."""
        return self.projection.counted.promised_on, self.projection.counted.statutory_on

    def is_stored(self, shown: Sequence[Any]) -> bool:
        """Whether the columns ``SHOWN``, as they were read, say the same, and no event is owed.

        A served paper that begins to hold a day against the calendar is an event.
        """
        if self.is_held_anew or tuple(shown[:-1]) != self.prepared[:-1]:
            return False
        return shown[-1] == self.prepared[-1] or json.loads(shown[-1]) == self.columns["plan"]


class Foresight:
    """Projections on one calendar, kept while clocks that count alike follow."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self.prepared = Prepared(SHOWN)
        self.known: dict[Any, Foreseen] = {}
        self.closings: dict[str, clock_time | None] = {}
        self.spelled: dict[Any, str] = {}

    def of(self, said: Sequence[tuple[str, str]], before: Before | None = None) -> Foreseen:
        """What a clock without rungs behind it amounts to; ``before`` where its days were served."""
        key = (self._key(tuple(said)), before)
        if key not in self.known:
            if len(self.known) > MOST_KNOWN:
                self.known.clear()
            self.known[key] = self._counted(said, before)
        return self.known[key]

    def climbed(self, seen: Foreseen, fires: Sequence[StageFire]) -> Foreseen:
        """What the same clock amounts to with these rungs behind it."""
        reached = [
            Fired(fire.stage, fire.fired_at, answered=fire.answered_at is not None)
            for fire in fires
        ]
        figures = seen.course.terms.thresholds
        plan = pending(seen.projection, reached, figures, self.calendar)
        light = str(light_of(fire.stage for fire in fires))
        held = seen.is_held_anew
        return self._foreseen(seen.course, seen.projection, plan, light, held_anew=held)

    def _counted(self, said: Sequence[tuple[str, str]], before: Before | None) -> Foreseen:
        told = fold(Entry(verb, AT_ANY_TIME, json.loads(text)) for verb, text in said)
        course = _before_count(told, before) if before else told
        projection = project(course, self.calendar)
        held = projection.dues != projection.counted and course.served != told.served
        green = str(Light.GREEN)
        return self._foreseen(course, projection, projection.plan, green, held_anew=held)

    def _foreseen(
        self,
        course: Course,
        projection: Projection,
        plan: dict[str, datetime],
        light: str,
        *,
        held_anew: bool,
    ) -> Foreseen:
        columns = due_columns(course, projection) | state_columns(course, projection, plan)
        columns["light"] = light
        return Foreseen(course, projection, columns, self.prepared.of(columns), held_anew)

    def _key(self, said: Said) -> Any:
        """The same for clocks that are counted alike.

        Only hours count from the minute. For the other units the time of day matters no
        more than that nothing is reminded of before the start; reminders come at closing.
        """
        before, _opens, rest = said[0][1].partition(START_OPENS)
        instant, _closes, after = rest.partition('"')
        terms = before + after
        if terms not in self.closings:
            self.closings[terms] = _closing_of(said[0][1])
        closing = self.closings[terms]
        if closing is None:
            return said
        begun = local(datetime.fromisoformat(instant))
        return terms, begun.date(), begun.time() >= closing, said[1:]


def _before_count(course: Course, before: Before) -> Course:
    *days, by_closure = before
    named = (date.fromisoformat(str(day)) if day else None for day in days)
    return with_served(course, ServedDays(*named), by_closure=by_closure)


def _closing_of(text: str) -> clock_time | None:
    """When offices close under the terms an event spells; None where hours are counted."""
    terms = terms_from_data(json.loads(text))
    limits = (terms.statutory, terms.promised)
    by_hours = any(limit is not None and limit.unit == Unit.HOUR for limit in limits)
    return None if by_hours else terms.thresholds.closing
