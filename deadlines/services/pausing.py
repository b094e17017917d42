"""Verbs that stop a clock and let it go on (行政许可法第45条, 安阳市政务服务条例第37条)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import time
from deadlines.choices import PROMISE_ONLY_GROUNDS, Verb
from deadlines.errors import NotPaused, PauseRefused
from deadlines.models import Clock
from deadlines.rules import Course, project
from deadlines.rules.reckoning import is_listed
from deadlines.services.calendars import calendar_of
from deadlines.services.projecting import course_of
from deadlines.services.verbs import happen, taken_up
from organisations.models import User


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
    by_guide = not stops_statute and ground in PROMISE_ONLY_GROUNDS
    if clock.rule and not by_guide and not is_listed(ground, clock.rule.grounds):
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
    clock = taken_up(clock_id, Verb.PAUSE, actor, moment)
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
    said = {"note": note, "legal_basis": legal_basis}
    return happen(clock, actor=actor, verb=Verb.PAUSE, at=moment, data=data, **said)


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
    clock = taken_up(clock_id, Verb.RETELL, actor, moment)
    course = course_of(clock)
    place = _open_pause(course, pause)
    told = course.told_pauses[place].told_until
    if time.local_date(moment) > told or told_until <= told:
        raise PauseRefused(_("a later end must be told before the one told so far has passed"))
    data = {"pause": place, "told_until": told_until.isoformat()}
    return happen(clock, actor=actor, verb=Verb.RETELL, at=moment, data=data, note=note)


def end_pause(clock: Clock, place: int, actor: User, at: datetime, note: str = "") -> Clock:
    """The pause at ``place`` is over on the day of ``at``; the caller holds the lock."""
    data = {"pause": place, "ended_on": time.local_date(at).isoformat()}
    return happen(clock, actor=actor, verb=Verb.RESUME, at=at, data=data, note=note)


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
        PauseRefused: it would end before it began.
    """
    moment = at or time.now()
    clock = taken_up(clock_id, Verb.RESUME, actor, moment)
    course = course_of(clock)
    place = _open_pause(course, pause)
    if time.local_date(moment) < course.told_pauses[place].started_on:
        raise PauseRefused(_("a pause cannot end before it began"))
    return end_pause(clock, place, actor, moment, note)
