"""One question to the calculator and its dues: what every door of it asks.

Forward limits are ``compute``; a backward one answers the last permitted day in the
place of the statutory due. Nothing here knows where the question came from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from common.time import end_of_day, local_date
from deadlines.choices import PROMISE_ONLY_GROUNDS, Debtor, Ground, Unit
from deadlines.errors import (
    DateOutsideCalendar,
    InvalidLimit,
    PauseRefused,
    PromiseOverStatute,
)
from deadlines.rules.calendar import FIRST_DAY, LAST_DAY, ONE_DAY, WorkCalendar
from deadlines.rules.dues import Due, Dues, Extension, Limit, Pause, compute, last_day_before

MOST = 10_000
BACKWARD_UNITS = frozenset({Unit.WORKDAY, Unit.CALENDAR_DAY})
LICENCE_GROUNDS = frozenset(Ground) - PROMISE_ONLY_GROUNDS


@dataclass(frozen=True)
class GroundedPause(Pause):
    """A pause that knows why: its ground and, for a real clock, the article it was told on."""

    ground: str = ""
    article: str = ""


@dataclass(frozen=True)
class Task:
    """Everything the dues of one matter follow from."""

    start: datetime
    statutory: Limit | None = None
    promised: Limit | None = None
    pauses: tuple[GroundedPause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    end_roll: bool = False
    backward: bool = False
    debtor: str = Debtor.UNIT


def is_listed(ground: str, listed: Sequence[str]) -> bool:
    """Whether a rule lists the ground, alone or in a row such as 检测检验检疫鉴定."""
    compound = ground in set(Ground)
    return any(ground == entry or (compound and ground in entry) for entry in listed)


def stopped_by(ground: str, listed: Sequence[str] | None) -> dict[str, bool]:
    """What a pause on this ground stops; ``listed`` are the grounds of the rule, if there is one.

    Raises:
        PauseRefused: the law does not list the ground.
    """
    if ground in PROMISE_ONLY_GROUNDS:
        return {"stops_statute": False, "stops_promise": True}
    known = ground in LICENCE_GROUNDS if listed is None else is_listed(ground, listed)
    if ground and not known:
        raise PauseRefused(_("the law does not list this ground for a pause"))
    return {"stops_statute": True, "stops_promise": True}


def _backward(task: Task, calendar: WorkCalendar) -> Dues:
    limit, event = task.statutory, local_date(task.start)
    if limit is None or limit.unit not in BACKWARD_UNITS:
        raise InvalidLimit(_("this rule cannot be counted backwards"))
    if task.pauses or task.extensions or task.promised:
        raise InvalidLimit(
            _("a limit counted back from an event knows no pause, extension or promise")
        )
    day = last_day_before(event, limit, task.debtor, calendar)
    counted = limit.unit == Unit.WORKDAY
    provisional = counted and not calendar.is_official(day, event - ONE_DAY)
    return Dues(Due(day, end_of_day(day), provisional))


def reckon(task: Task, calendar: WorkCalendar) -> Dues:
    """The dues of a task; the last permitted day as the statutory one of a backward limit.

    Raises:
        InvalidLimit: the limit cannot be counted.
        DateOutsideCalendar: the count leaves the calendar.
    """
    if task.backward:
        return _backward(task, calendar)
    return compute(
        task.start,
        task.statutory,
        task.promised,
        task.pauses,
        task.extensions,
        calendar=calendar,
        end_roll=task.end_roll,
    )


def _refuse_bad_limits(task: Task) -> None:
    limits = [limit for limit in (task.statutory, task.promised) if limit]
    first = local_date(task.start)
    if not limits:
        raise InvalidLimit(_("give a time limit or a rule"))
    if any(limit.amount > MOST for limit in limits):
        raise InvalidLimit(_("a time limit may be at most %(most)s long") % {"most": MOST})
    if any(limit.named_on and limit.named_on < first for limit in limits):
        raise InvalidLimit(_("the named day lies before the start"))
    _refuse_longer_promise(task.statutory, task.promised)


def _refuse_longer_promise(statutory: Limit | None, promised: Limit | None) -> None:
    """As a service would: limits of two units are not compared, for the promise is capped."""
    if statutory is None or promised is None or statutory.unit != promised.unit:
        return
    if promised.amount > statutory.amount:
        raise PromiseOverStatute


def _refuse_bad_extension(task: Task) -> None:
    if not task.extensions:
        return
    if task.statutory is None:
        raise InvalidLimit(_("there is no statutory limit to extend"))
    if any(not 0 < more.amount <= MOST for more in task.extensions):
        raise InvalidLimit(_("an extension may be 1 to %(most)s long") % {"most": MOST})


def _refuse_bad_pauses(task: Task, dues: Dues) -> None:
    first = local_date(task.start)
    for pause in task.pauses:
        if pause.end < pause.start:
            raise PauseRefused(_("a pause cannot end before it begins"))
        if pause.start < first:
            raise PauseRefused(_("a pause cannot begin before the time limit does"))
        if pause.start >= dues.last.on:
            raise PauseRefused(_("the time limit has run out; a pause no longer moves it"))


def _within(*days: Due | None) -> bool:
    return all(due is None or FIRST_DAY <= due.on <= LAST_DAY for due in days)


def answer_to(task: Task, calendar: WorkCalendar) -> Dues:
    """The dues of a question somebody typed: what a service would refuse is refused.

    Raises:
        InvalidLimit, PromiseOverStatute, PauseRefused: as a service would.
        DateOutsideCalendar: a day lies outside the calendar.
    """
    calendar.seq(local_date(task.start))
    _refuse_bad_limits(task)
    _refuse_bad_extension(task)
    if any(pause.end > LAST_DAY for pause in task.pauses):
        raise DateOutsideCalendar
    dues = reckon(task, calendar)
    _refuse_bad_pauses(task, dues)
    if not _within(dues.statutory, dues.promised):
        raise DateOutsideCalendar
    return dues
