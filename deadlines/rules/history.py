"""What a clock's events add up to: its terms, pauses, extensions and end.

The events are the truth; the columns of a clock are what this and the projection
make of them, so a check can compute them again at any time.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from datetime import time as clock_time
from typing import Any

from common.time import local_date
from deadlines.choices import ClockState, Debtor, Unit, Verb
from deadlines.rules.dues import Dues, Extension, Limit, Pause

CLOSING = clock_time(17, 30)


@dataclass(frozen=True)
class Thresholds:
    """When the rungs are reached; a rule may carry its own figures."""

    closing: clock_time = CLOSING
    hour_warn_percent: int = 80
    yellow_answer_workdays: int = 2
    red_answer_workdays: int = 1

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Thresholds":
        """The figures of a rule; what it does not say stays as everywhere."""
        given = dict(data)
        if "closing" in given:
            given["closing"] = clock_time.fromisoformat(given["closing"])
        return cls(**given)


@dataclass(frozen=True)
class Terms:
    """What was agreed when the clock started."""

    start: datetime
    statutory: Limit | None = None
    promised: Limit | None = None
    end_roll: bool = False
    debtor: str = Debtor.UNIT
    verified: bool = True
    thresholds: Thresholds = field(default_factory=Thresholds)
    effect: str = ""
    served: bool = False
    """Whether the days of the limits stand on a paper that was served."""

    @property
    def issues_cards(self) -> bool:
        """Only a unit is given a card, and only on a verified rule."""
        return self.verified and self.debtor == Debtor.UNIT


@dataclass(frozen=True)
class Entry:
    """One event as the fold reads it."""

    verb: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True)
class ToldPause:
    """A pause with the end told to the applicant and, once it is over, its real end."""

    started_on: date
    told_until: date
    stops_statute: bool
    stops_promise: bool
    ended_on: date | None = None

    @property
    def counted(self) -> Pause:
        """The days it takes out: never more than were told."""
        end = self.told_until if self.ended_on is None else min(self.ended_on, self.told_until)
        return Pause(
            start=self.started_on,
            end=max(end, self.started_on),
            stops_statute=self.stops_statute,
            stops_promise=self.stops_promise,
            is_open=self.ended_on is None,
        )


@dataclass(frozen=True)
class ServedDays:
    """The days a served paper names, kept from the first count that found others."""

    promised: date | None = None
    statutory: date | None = None


@dataclass(frozen=True)
class Course:
    """A clock's whole course so far."""

    terms: Terms
    told_pauses: tuple[ToldPause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    state: str = ClockState.RUNNING
    closed_at: datetime | None = None
    annulled: bool = False
    served: ServedDays = ServedDays()

    @property
    def effect(self) -> str:
        """What the law attaches to the end of the statutory limit; empty for nothing.

        Only a verified rule has an effect, and one that was annulled does not come again.
        """
        return self.terms.effect if self.terms.verified and not self.annulled else ""

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """The days taken out."""
        return tuple(told.counted for told in self.told_pauses)

    @property
    def open_places(self) -> list[int]:
        """Places of the pauses that have not ended."""
        return [place for place, told in enumerate(self.told_pauses) if told.ended_on is None]

    @property
    def told_until(self) -> date | None:
        """The last told end of the open pauses."""
        ends = [self.told_pauses[place].told_until for place in self.open_places]
        return max(ends, default=None)

    def is_told_anew(self, *, statute: bool) -> bool:
        """Whether a lawful pause or extension of this due was told, so that a later day stands."""
        longer = any(statute or more.moves_promise for more in self.extensions)
        return longer or any(
            told.stops_statute if statute else told.stops_promise for told in self.told_pauses
        )

    def stops(self, dues: Dues, *, statute: bool) -> bool:
        """Whether an open pause holds this due back."""
        due = dues.statutory if statute else dues.promised
        return due is not None and any(
            pause.start < due.on
            and (pause.stops_statute if statute else pause.stops_promise)
            and pause.is_open
            for pause in self.pauses
        )


def limit_as_data(limit: Limit | None) -> dict[str, Any]:
    """A limit as an event stores it; empty for none."""
    if limit is None:
        return {}
    data: dict[str, Any] = {"amount": limit.amount, "unit": str(limit.unit)}
    return data | ({"named_on": limit.named_on.isoformat()} if limit.named_on else {})


def limit_from_data(data: Mapping[str, Any]) -> Limit | None:
    """The limit an event stored."""
    if not data:
        return None
    named = data.get("named_on")
    return Limit(data["amount"], Unit(data["unit"]), date.fromisoformat(named) if named else None)


def terms_as_data(terms: Terms) -> dict[str, Any]:
    """The terms as the start event stores them."""
    figures = terms.thresholds
    special: dict[str, Any] = {"effect": str(terms.effect)} if terms.effect else {}
    special |= {"served": 1} if terms.served else {}
    return special | {
        "start": terms.start.astimezone(UTC).isoformat(),
        "statutory": limit_as_data(terms.statutory),
        "promised": limit_as_data(terms.promised),
        "end_roll": int(terms.end_roll),
        "debtor": str(terms.debtor),
        "verified": int(terms.verified),
        "thresholds": {
            "closing": figures.closing.isoformat("minutes"),
            "hour_warn_percent": figures.hour_warn_percent,
            "yellow_answer_workdays": figures.yellow_answer_workdays,
            "red_answer_workdays": figures.red_answer_workdays,
        },
    }


def terms_from_data(data: Mapping[str, Any]) -> Terms:
    """The terms a start event stored."""
    return Terms(
        start=datetime.fromisoformat(data["start"]),
        statutory=limit_from_data(data["statutory"]),
        promised=limit_from_data(data["promised"]),
        end_roll=bool(data["end_roll"]),
        debtor=data["debtor"],
        verified=bool(data["verified"]),
        thresholds=Thresholds.from_data(data["thresholds"]),
        effect=data.get("effect", ""),
        served=bool(data.get("served", 0)),
    )


def _paused(course: Course, entry: Entry) -> Course:
    told = ToldPause(
        started_on=date.fromisoformat(entry.data["started_on"]),
        told_until=date.fromisoformat(entry.data["told_until"]),
        stops_statute=bool(entry.data["stops_statute"]),
        stops_promise=bool(entry.data["stops_promise"]),
    )
    return replace(course, told_pauses=(*course.told_pauses, told), state=ClockState.PAUSED)


def _with_pause(course: Course, place: int, **changes: Any) -> Course:
    pauses = list(course.told_pauses)
    pauses[place] = replace(pauses[place], **changes)
    return replace(course, told_pauses=tuple(pauses))


def _retold(course: Course, entry: Entry) -> Course:
    told_until = date.fromisoformat(entry.data["told_until"])
    return _with_pause(course, entry.data["pause"], told_until=told_until)


def _resumed(course: Course, entry: Entry) -> Course:
    ended_on = date.fromisoformat(entry.data["ended_on"])
    ended = _with_pause(course, entry.data["pause"], ended_on=ended_on)
    return ended if ended.open_places else replace(ended, state=ClockState.RUNNING)


def _extended(course: Course, entry: Entry) -> Course:
    more = Extension(entry.data["amount"], moves_promise=bool(entry.data["moves_promise"]))
    return replace(course, extensions=(*course.extensions, more))


def _finished(course: Course, entry: Entry) -> Course:
    return replace(course, state=ClockState.FINISHED, closed_at=entry.at)


def _cancelled(course: Course, entry: Entry) -> Course:
    return replace(course, state=ClockState.CANCELLED, closed_at=entry.at)


def _lapsed(course: Course, entry: Entry) -> Course:
    ended = datetime.fromisoformat(entry.data["expired_at"])
    return replace(course, state=ClockState.LAPSED, closed_at=ended)


def _reopened(course: Course, entry: Entry) -> Course:
    state = ClockState.PAUSED if course.open_places else ClockState.RUNNING
    annulled = course.annulled or bool(entry.data["annuls_effect"])
    return replace(course, state=state, closed_at=None, annulled=annulled)


def _recounted(course: Course, entry: Entry) -> Course:
    before = (_day(entry.data[due][0]) for due in ("promised", "statutory"))
    return with_served(course, ServedDays(*before), by_closure=bool(entry.data.get("closure")))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def with_served(course: Course, before: ServedDays, *, by_closure: bool) -> Course:
    """The course where a new edition of the calendar is about to count other days than ``before``.

    A local closure is itself a lawful pause, told to all: it sets a unit's own due free.
    """
    if not course.terms.served:
        return course
    if course.terms.debtor != Debtor.UNIT:
        return replace(course, served=_later(course.served, before))
    if by_closure:
        return replace(course, served=ServedDays())
    known = course.served
    first = known.promised or before.promised, known.statutory or before.statutory
    return replace(course, served=ServedDays(*first))


def _later(known: ServedDays, before: ServedDays) -> ServedDays:
    """What an addressee was once told stays the least he may count on."""
    pairs = ((known.promised, before.promised), (known.statutory, before.statutory))
    return ServedDays(*(max(filter(None, pair), default=None) for pair in pairs))


_STEPS: dict[str, Callable[[Course, Entry], Course]] = {
    Verb.PAUSE: _paused,
    Verb.RETELL: _retold,
    Verb.RESUME: _resumed,
    Verb.EXTEND: _extended,
    Verb.FINISH: _finished,
    Verb.CANCEL: _cancelled,
    Verb.EFFECT: _lapsed,
    Verb.REOPEN: _reopened,
    Verb.RECOUNT: _recounted,
}


def apply(course: Course, entry: Entry) -> Course:
    """The course after one more event; events that move no due leave it as it is."""
    step = _STEPS.get(entry.verb)
    return step(course, entry) if step else course


def fold(entries: Iterable[Entry]) -> Course:
    """The course of a clock from all its events in order; the first one starts it."""
    rest = iter(entries)
    course = Course(terms_from_data(next(rest).data))
    for entry in rest:
        course = apply(course, entry)
    return course


def day_of(moment: datetime) -> str:
    """The legal day of an instant as an event stores it."""
    return local_date(moment).isoformat()
