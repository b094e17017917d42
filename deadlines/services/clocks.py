"""Verbs of a clock. Each one locks, settles what is already due, checks, changes, records."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common import time
from common.errors import NotFound
from deadlines.choices import PROMISE_ONLY_GROUNDS, Debtor, StageKey, Verb
from deadlines.errors import (
    ClockClosed,
    ExtensionRefused,
    InvalidLimit,
    NothingToAnswer,
    NotPaused,
    PauseRefused,
    PromiseOverStatute,
    StartInFuture,
)
from deadlines.models import Clock, ClockEvent, ClockRule, StageFire
from deadlines.rules import Course, Limit, Terms, Thresholds, compute, counted_from, project
from deadlines.rules.history import terms_as_data
from deadlines.services.calendars import calendar_of, current_calendar
from deadlines.services.firing import settle_due
from deadlines.services.projecting import course_of, due_columns, replan, restate, state_columns
from deadlines.signals import clock_finished, clock_started
from deadlines.transitions import MOVES, PAUSED
from organisations.models import Post, Unit, User


@dataclass(frozen=True)
class SubjectFacts:
    """What a clock must know of the thing it belongs to; no personal data in the label."""

    kind: str
    label: str
    number: str
    region_code: str
    department: Unit
    service_point_id: int | None = None
    post: Post | None = None
    handler: User | None = None
    topic_code: str = ""
    debtor: str = Debtor.UNIT

    def columns(self) -> dict[str, Any]:
        """The same facts as columns of the clock."""
        return {
            "subject_kind": self.kind,
            "subject_label": self.label[:200],
            "subject_number": self.number,
            "region_code": self.region_code,
            "service_point_id": self.service_point_id,
            "department": self.department,
            "post": self.post,
            "handler": self.handler,
            "topic_code": self.topic_code,
            "debtor": self.debtor,
        }


def _terms(
    subject: SubjectFacts,
    start: datetime,
    limits: tuple[Limit | None, Limit | None],
    rule: ClockRule | None,
    *,
    end_roll: bool | None,
) -> Terms:
    figures = rule.figures() if rule else Thresholds()
    late = rule.late_receipt if rule else ""
    by_rule = rule.end_roll if rule else False
    return Terms(
        start=counted_from(start, late, figures.closing, current_calendar()),
        statutory=limits[0],
        promised=limits[1],
        end_roll=by_rule if end_roll is None else end_roll,
        debtor=subject.debtor,
        verified=rule.is_verified if rule else True,
        thresholds=figures,
    )


def _refuse_bad_terms(terms: Terms, start: datetime) -> None:
    limits = [limit for limit in (terms.statutory, terms.promised) if limit]
    if start > time.now():
        raise StartInFuture
    if not limits:
        raise InvalidLimit
    if any(limit.named_on and limit.named_on < time.local_date(start) for limit in limits):
        raise InvalidLimit(_("the named day lies before the start"))
    if terms.statutory is None or terms.promised is None:
        return
    calendar = current_calendar()
    statute = compute(terms.start, terms.statutory, None, (), (), calendar)
    promise = compute(terms.start, None, terms.promised, (), (), calendar)
    if promise.leading.at > statute.leading.at:
        raise PromiseOverStatute


def _snapshot(rule: ClockRule | None, terms: Terms) -> dict[str, Any]:
    """The rule as it stood, for whoever asks later why."""
    if rule is None:
        return {"terms": terms_as_data(terms)}
    names = ("code", "version", "legal_basis", "confidence", "suspend_on", "effect")
    names += ("ext_amount", "ext_unit", "ext_times", "ext_approver")
    return {"terms": terms_as_data(terms)} | {name: getattr(rule, name) for name in names}


@transaction.atomic
def start_clock(
    *,
    actor: User,
    subject: SubjectFacts,
    statutory: Limit | None,
    promised: Limit | None,
    rule: ClockRule | None = None,
    started_at: datetime | None = None,
    end_roll: bool | None = None,
) -> Clock:
    """A clock runs from ``started_at`` (default now); the day of the start does not count.

    Raises:
        InvalidLimit: neither limit is given.
        PromiseOverStatute: the promise ends after the statute.
        StartInFuture: the start lies ahead.
    """
    start = started_at or time.now()
    terms = _terms(subject, start, (statutory, promised), rule, end_roll=end_roll)
    _refuse_bad_terms(terms, start)
    calendar, course = current_calendar(), Course(terms)
    projection = project(course, calendar)
    clock = Clock.objects.create(
        **subject.columns(),
        rule=rule,
        snapshot=_snapshot(rule, terms),
        calendar_id=calendar.code,
        verified=terms.verified,
        started_at=start,
        **due_columns(course, projection),
        **state_columns(course, projection, projection.plan),
    )
    ClockEvent.append(
        clock,
        actor=actor,
        verb=Verb.START,
        legal_basis=rule.legal_basis if rule else "",
        data=terms_as_data(terms),
        at=start,
    )
    clock_started.send(sender=Clock, clock=clock, actor=actor)
    return clock


def _taken_up(clock_id: int, verb: Verb, actor: User, at: datetime) -> Clock:
    """The clock, locked, with everything settled that was due before ``at``."""
    clock = Clock.objects.locked().filter(pk=clock_id).first()
    if clock is None:
        raise NotFound
    sources = MOVES[verb].sources
    if clock.state not in sources:
        raise NotPaused if clock.is_open and sources == PAUSED else ClockClosed
    settle_due(clock, at, actor)
    return clock


def _happen(
    clock: Clock,
    *,
    actor: User,
    verb: Verb,
    at: datetime,
    data: dict[str, Any],
    note: str = "",
    legal_basis: str = "",
) -> Clock:
    """The event is recorded and the clock's columns follow from it."""
    ClockEvent.append(
        clock,
        actor=actor,
        verb=verb,
        at=at,
        data=data,
        note=note,
        legal_basis=legal_basis,
    )
    restate(clock, at)
    return clock


def _refuse_bad_pause(clock: Clock, first: date, told_until: date) -> None:
    course = course_of(clock)
    last = project(course, calendar_of(clock.calendar_id)).dues.last
    if told_until < first:
        raise PauseRefused(_("the end told to the applicant lies before the pause begins"))
    if first < time.local_date(course.terms.start):
        raise PauseRefused(_("a pause cannot begin before the time limit does"))
    if first >= last.on:
        raise PauseRefused(_("the time limit has run out; a pause no longer moves it"))


def _refuse_unlisted_ground(clock: Clock, ground: str, *, stops_statute: bool) -> None:
    if stops_statute and ground in PROMISE_ONLY_GROUNDS:
        raise PauseRefused(_("this ground stops only the promised limit"))
    if stops_statute and clock.rule and ground not in clock.rule.grounds:
        raise PauseRefused(_("the law does not list this ground for a pause"))


@transaction.atomic
def pause_clock(
    *,
    clock_id: int,
    actor: User,
    ground: str,
    legal_basis: str,
    told_until: date,
    stops_statute: bool = True,
    stops_promise: bool = True,
    at: datetime | None = None,
    note: str = "",
) -> Clock:
    """Days after today up to the end told do not count for the dues the ground stops.

    Raises:
        ClockClosed: the clock is no longer running.
        PauseRefused: an unlisted ground, impossible days, or nothing left to stop.
    """
    moment = at or time.now()
    clock = _taken_up(clock_id, Verb.PAUSE, actor, moment)
    first = time.local_date(moment)
    _refuse_unlisted_ground(clock, ground, stops_statute=stops_statute)
    _refuse_bad_pause(clock, first, told_until)
    data = {
        "ground": str(ground),
        "started_on": first.isoformat(),
        "told_until": told_until.isoformat(),
        "stops_statute": int(stops_statute),
        "stops_promise": int(stops_promise),
    }
    return _happen(
        clock,
        actor=actor,
        verb=Verb.PAUSE,
        at=moment,
        data=data,
        note=note,
        legal_basis=legal_basis,
    )


def _open_pause(course: Course, place: int | None) -> int:
    open_places = course.open_places
    if not open_places or (place is not None and place not in open_places):
        raise NotPaused
    return open_places[-1] if place is None else place


@transaction.atomic
def retell_pause(
    *,
    clock_id: int,
    actor: User,
    told_until: date,
    pause: int | None = None,
    at: datetime | None = None,
    note: str = "",
) -> Clock:
    """The applicant has been told a later end before the one told so far had passed.

    Raises:
        NotPaused: no such pause is open.
        PauseRefused: the old end has passed, or the new one is not later.
    """
    moment = at or time.now()
    clock = _taken_up(clock_id, Verb.RETELL, actor, moment)
    course = course_of(clock)
    place = _open_pause(course, pause)
    told = course.told_pauses[place].told_until
    if time.local_date(moment) > told or told_until <= told:
        raise PauseRefused(_("a later end must be told before the one told so far has passed"))
    data = {"pause": place, "told_until": told_until.isoformat()}
    return _happen(clock, actor=actor, verb=Verb.RETELL, at=moment, data=data, note=note)


def _resume(clock: Clock, place: int, actor: User, at: datetime, note: str = "") -> Clock:
    data = {"pause": place, "ended_on": time.local_date(at).isoformat()}
    return _happen(clock, actor=actor, verb=Verb.RESUME, at=at, data=data, note=note)


@transaction.atomic
def resume_clock(
    *,
    clock_id: int,
    actor: User,
    at: datetime | None = None,
    pause: int | None = None,
    note: str = "",
) -> Clock:
    """The pause is over (the last one begun, if several are open): days count again from tomorrow.

    Raises:
        NotPaused: no such pause is open.
    """
    moment = at or time.now()
    clock = _taken_up(clock_id, Verb.RESUME, actor, moment)
    return _resume(clock, _open_pause(course_of(clock), pause), actor, moment, note)


def _refuse_bad_extension(clock: Clock, amount: int, at: datetime) -> None:
    rule, course = clock.rule, course_of(clock)
    if rule is None or not rule.ext_amount or clock.statutory_due_at is None:
        raise ExtensionRefused(_("the law allows no extension of this limit"))
    if at >= clock.statutory_due_at:
        raise ExtensionRefused(_("the limit has run out; it can no longer be extended"))
    if len(course.extensions) >= rule.ext_times:
        raise ExtensionRefused(_("this limit has already been extended as often as allowed"))
    if not 0 < amount <= rule.ext_amount:
        raise ExtensionRefused(
            _("an extension may be 1 to %(most)s, not %(amount)s")
            % {"most": rule.ext_amount, "amount": amount}
        )


@transaction.atomic
def extend_clock(
    *,
    clock_id: int,
    actor: User,
    amount: int,
    reason: str,
    moves_promise: bool = False,
    at: datetime | None = None,
) -> Clock:
    """The statutory due lies ``amount`` later; the promised one too if the act says so.

    Raises:
        ClockClosed: the clock is no longer running.
        ExtensionRefused: too long, too often, too late, or not provided for.
    """
    moment = at or time.now()
    clock = _taken_up(clock_id, Verb.EXTEND, actor, moment)
    _refuse_bad_extension(clock, amount, moment)
    data = {"amount": amount, "moves_promise": int(moves_promise)}
    basis = clock.rule.legal_basis if clock.rule else ""
    return _happen(
        clock, actor=actor, verb=Verb.EXTEND, at=moment, data=data, note=reason, legal_basis=basis
    )


def _end_pauses(clock: Clock, actor: User, at: datetime) -> None:
    for place in course_of(clock).open_places:
        _resume(clock, place, actor, at)
    settle_due(clock, at, actor)


@transaction.atomic
def finish_clock(*, clock_id: int, actor: User, at: datetime | None = None) -> Clock:
    """The act is done: nothing fires any more, and the end is what its dues are compared with.

    Rungs due before the end and missed by a late sweep are reached first.

    Raises:
        ClockClosed: it was finished or cancelled before.
    """
    moment = at or time.now()
    clock = _taken_up(clock_id, Verb.FINISH, actor, moment)
    _end_pauses(clock, actor, moment)
    _happen(clock, actor=actor, verb=Verb.FINISH, at=moment, data={})
    clock_finished.send(sender=Clock, clock=clock, actor=actor)
    return clock


@transaction.atomic
def cancel_clock(
    *,
    clock_id: int,
    actor: User,
    reason: str,
    at: datetime | None = None,
) -> Clock:
    """The act is no longer owed: nothing fires any more, and no comparison is made.

    Raises:
        ClockClosed: it was finished or cancelled before.
    """
    moment = at or time.now()
    clock = _taken_up(clock_id, Verb.CANCEL, actor, moment)
    return _happen(clock, actor=actor, verb=Verb.CANCEL, at=moment, data={}, note=reason)


@transaction.atomic
def reassign_clock(
    *,
    clock_id: int,
    actor: User,
    department: Unit,
    handler: User | None = None,
    post: Post | None = None,
    at: datetime | None = None,
) -> Clock:
    """Another unit, handler or post answers for it; the limit runs on unchanged.

    Raises:
        ClockClosed: the clock is no longer running.
    """
    moment = at or time.now()
    clock = _taken_up(clock_id, Verb.REASSIGN, actor, moment)
    clock.department, clock.handler, clock.post = department, handler, post
    clock.save(update_fields=["department", "handler", "post"])
    data = {
        "department": department.pk,
        "handler": handler.pk if handler else 0,
        "post": post.pk if post else 0,
    }
    return _happen(clock, actor=actor, verb=Verb.REASSIGN, at=moment, data=data)


@transaction.atomic
def settle_unanswered(
    *,
    clock_id: int,
    actor: User,
    stage: str = StageKey.YELLOW,
    at: datetime | None = None,
) -> Clock:
    """The card of ``stage`` has been answered: what hung on its silence no longer comes.

    An answer to a yellow card cancels the red one for silence, an answer to a red card
    its escalation; what was due before the answer has been reached all the same.

    Raises:
        NothingToAnswer: no such card stands unanswered.
    """
    moment = at or time.now()
    clock = Clock.objects.locked().filter(pk=clock_id).first()
    if clock is None:
        raise NotFound
    if clock.is_open:
        settle_due(clock, moment, actor)
    cards = StageFire.objects.filter(clock=clock).unanswered([stage])
    if not cards.update(answered_at=moment):
        raise NothingToAnswer
    data = {"stage": str(stage)}
    ClockEvent.append(clock, actor=actor, verb=Verb.ANSWER, data=data, at=moment)
    replan(clock)
    return clock
