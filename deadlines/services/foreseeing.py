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
from typing import Any

from django.db.models import F, TextField
from django.db.models.functions import Cast

from common.time import local
from deadlines.choices import Light, Unit, Verb
from deadlines.models import ClockEvent, StageFire
from deadlines.rules import Course, Entry, Projection, WorkCalendar, fold, project
from deadlines.rules.history import terms_from_data
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
START_OPENS = '"start":"'
# Only the closing events of a clock are read for their time, and an open clock has none.
AT_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)
MOVING = frozenset({Verb.START, Verb.PAUSE, Verb.RETELL, Verb.RESUME, Verb.EXTEND, Verb.REOPEN})
Said = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class History:
    """Events of a clock that bear on its dues, the end of its chain, and its rungs."""

    said: list[tuple[str, str]] = field(default_factory=list)
    seq: int = 0
    mac: str = ""
    fires: list[StageFire] = field(default_factory=list)


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
        if verb in MOVING:
            history.said.append((verb, text))
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
    due_days: tuple[date | None, date | None]

    def is_stored(self, shown: Sequence[Any]) -> bool:
        """Whether the columns ``SHOWN``, as they were read, say the same."""
        if tuple(shown[:-1]) != self.prepared[:-1]:
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

    def of(self, said: Sequence[tuple[str, str]]) -> Foreseen:
        """What a clock without rungs behind it amounts to."""
        key = self._key(tuple(said))
        if key not in self.known:
            if len(self.known) > MOST_KNOWN:
                self.known.clear()
            self.known[key] = self._counted(said)
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
        return self._foreseen(seen.course, seen.projection, plan, light)

    def _counted(self, said: Sequence[tuple[str, str]]) -> Foreseen:
        course = fold(Entry(verb, AT_ANY_TIME, json.loads(text)) for verb, text in said)
        projection = project(course, self.calendar)
        return self._foreseen(course, projection, projection.plan, str(Light.GREEN))

    def _foreseen(
        self, course: Course, projection: Projection, plan: dict[str, datetime], light: str
    ) -> Foreseen:
        columns = due_columns(course, projection) | state_columns(course, projection, plan)
        columns["light"] = light
        days = projection.dues.promised_on, projection.dues.statutory_on
        return Foreseen(course, projection, columns, self.prepared.of(columns), days)

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


def _closing_of(text: str) -> clock_time | None:
    """When offices close under the terms an event spells; None where hours are counted."""
    terms = terms_from_data(json.loads(text))
    limits = (terms.statutory, terms.promised)
    by_hours = any(limit is not None and limit.unit == Unit.HOUR for limit in limits)
    return None if by_hours else terms.thresholds.closing
