"""Verbs of a clock. Each one locks, settles what is already due, checks, changes, records."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common import time
from common.errors import NotFound
from deadlines.choices import Debtor, StageKey, Verb
from deadlines.errors import InvalidLimit, NothingToAnswer, PromiseOverStatute, StartInFuture
from deadlines.models import Clock, ClockEvent, ClockRule, StageFire
from deadlines.rules import (
    Course,
    Limit,
    Terms,
    Thresholds,
    WorkCalendar,
    counted_from,
    project,
)
from deadlines.rules.history import terms_as_data
from deadlines.services.calendars import current_calendar
from deadlines.services.firing import settle_due
from deadlines.services.pausing import end_pause
from deadlines.services.projecting import course_of, due_columns, replan, state_columns
from deadlines.services.verbs import happen, taken_up
from deadlines.signals import clock_finished, clock_started
from organisations.models import Post, Unit, User

KEPT_OF_A_RULE = (
    "code",
    "version",
    "legal_basis",
    "confidence",
    "suspend_on",
    "effect",
    "ext_amount",
    "ext_unit",
    "ext_times",
    "ext_approver",
)


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
    served: bool,
    calendar: WorkCalendar,
) -> Terms:
    figures = rule.figures() if rule else Thresholds()
    late = rule.late_receipt if rule else ""
    by_rule = rule.end_roll if rule else False
    return Terms(
        start=counted_from(start, late, figures.closing, calendar),
        statutory=limits[0],
        promised=limits[1],
        end_roll=by_rule if end_roll is None else end_roll,
        debtor=subject.debtor,
        verified=rule.is_verified if rule else True,
        thresholds=figures,
        effect=rule.effect if rule and rule.is_verified else "",
        served=served,
    )


def _refuse_bad_terms(terms: Terms, start: datetime) -> None:
    limits = [limit for limit in (terms.statutory, terms.promised) if limit]
    if start > time.now():
        raise StartInFuture
    if not limits:
        raise InvalidLimit
    if any(limit.named_on and limit.named_on < time.local_date(start) for limit in limits):
        raise InvalidLimit(_("the named day lies before the start"))
    _refuse_longer_promise(terms.statutory, terms.promised)


def _refuse_longer_promise(statutory: Limit | None, promised: Limit | None) -> None:
    """Limits of one unit are compared; of two units a holiday decides, and the promise is capped."""
    if statutory is None or promised is None or statutory.unit != promised.unit:
        return
    if promised.amount > statutory.amount:
        raise PromiseOverStatute


def _snapshot(rule: ClockRule | None, terms: Terms) -> dict[str, Any]:
    """The rule as it stood, for whoever asks later why."""
    if rule is None:
        return {"terms": terms_as_data(terms)}
    return {"terms": terms_as_data(terms)} | {name: getattr(rule, name) for name in KEPT_OF_A_RULE}


def _created(
    subject: SubjectFacts,
    rule: ClockRule | None,
    terms: Terms,
    calendar: WorkCalendar,
    start: datetime,
) -> Clock:
    course = Course(terms)
    projection = project(course, calendar)
    return Clock.objects.create(
        **subject.columns(),
        rule=rule,
        snapshot=_snapshot(rule, terms),
        calendar_id=calendar.code,
        verified=terms.verified,
        started_at=start,
        **due_columns(course, projection),
        **state_columns(course, projection, projection.plan),
    )


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
    served: bool = False,
    calendar: WorkCalendar | None = None,
) -> Clock:
    """A clock runs from ``started_at`` (default now); the day of the start does not count.

    ``served`` says that a paper names its days: a later calendar then moves them only as far
    as whoever relies on the paper loses nothing. ``calendar`` is the one in force, from a
    caller who has just read it.

    Raises:
        InvalidLimit: neither limit is given.
        PromiseOverStatute: the promise ends after the statute.
        StartInFuture: the start lies ahead.
    """
    start, calendar = started_at or time.now(), calendar or current_calendar()
    limits = (statutory, promised)
    said: dict[str, Any] = {"end_roll": end_roll, "served": served}
    terms = _terms(subject, start, limits, rule, **said, calendar=calendar)
    _refuse_bad_terms(terms, start)
    clock = _created(subject, rule, terms, calendar, start)
    basis = rule.legal_basis if rule else ""
    data = terms_as_data(terms)
    begun: dict[str, Any] = {"verb": Verb.START, "legal_basis": basis, "data": data, "at": start}
    ClockEvent.after(None, clock, actor=actor, **begun).save(force_insert=True)
    clock_started.send(sender=Clock, clock=clock, actor=actor)
    return clock


def _end_pauses(clock: Clock, actor: User, at: datetime) -> None:
    for place in course_of(clock).open_places:
        end_pause(clock, place, actor, at)
    settle_due(clock, at, actor)


@transaction.atomic
def finish_clock(*, clock_id: int, actor: User, at: datetime | None = None) -> Clock:
    """The act is done: nothing fires any more, and the end is what its dues are compared with.

    Rungs due before the end and missed by a late sweep are reached first.

    Raises:
        ClockClosed: it was finished or cancelled before.
    """
    moment = at or time.now()
    clock = taken_up(clock_id, Verb.FINISH, actor, moment)
    _end_pauses(clock, actor, moment)
    happen(clock, actor=actor, verb=Verb.FINISH, at=moment, data={})
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
    clock = taken_up(clock_id, Verb.CANCEL, actor, moment)
    return happen(clock, actor=actor, verb=Verb.CANCEL, at=moment, data={}, note=reason)


@transaction.atomic
def reopen_clock(
    *,
    clock_id: int,
    actor: User,
    reason: str,
    annuls_effect: bool = False,
    at: datetime | None = None,
) -> Clock:
    """The clock runs on as if it had never been closed; its days counted all along.

    With ``annuls_effect`` the law's effect of its expiry does not come again.

    Raises:
        ClockClosed: it is open, or its act was done.
    """
    moment = at or time.now()
    clock = taken_up(clock_id, Verb.REOPEN, actor, moment)
    data = {"annuls_effect": int(annuls_effect)}
    return happen(clock, actor=actor, verb=Verb.REOPEN, at=moment, data=data, note=reason)


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
    clock = taken_up(clock_id, Verb.REASSIGN, actor, moment)
    clock.department, clock.handler, clock.post = department, handler, post
    clock.save(update_fields=["department", "handler", "post"])
    data = {
        "department": department.pk,
        "handler": handler.pk if handler else 0,
        "post": post.pk if post else 0,
    }
    return happen(clock, actor=actor, verb=Verb.REASSIGN, at=moment, data=data)


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
