"""The ladder of a clock: when each rung is reached.

提醒 at the end of the ceil(N/2)-th day, 预警 on the last but one day of each due, both
at closing time; 黄牌 when the promise has passed; 红牌 when the statute has passed or
a yellow stood unanswered; 升级 when a red stood unanswered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from common.time import at_local, end_of_day, local_date
from deadlines.choices import RED_STAGES, Light, StageKey, Unit
from deadlines.rules.binding import bound
from deadlines.rules.calendar import ONE_DAY, WorkCalendar
from deadlines.rules.dues import Count, Due, Dues, Limit, compute, due_for, hour_due, spans_of
from deadlines.rules.history import Course, Thresholds

Plan = dict[str, datetime]

STATUTE_STAGES = frozenset({StageKey.WARN_STATUTE, StageKey.RED_STATUTE, StageKey.EFFECT})
LADDER = {str(stage): place for place, stage in enumerate(StageKey)}
LIGHTS = {
    StageKey.REMIND: Light.GREEN,
    StageKey.YELLOW: Light.YELLOW,
    StageKey.RED_STATUTE: Light.RED,
    StageKey.RED_UNANSWERED: Light.RED,
    StageKey.ESCALATE: Light.RED,
    StageKey.EXPIRED: Light.RED,
    StageKey.EFFECT: Light.RED,
}


@dataclass(frozen=True)
class Fired:
    """A rung already reached in the present epoch."""

    stage: str
    fired_at: datetime
    answered: bool = False


@dataclass(frozen=True)
class Projection:
    """What a course amounts to on a calendar: the dues, and every rung not bound to a card.

    ``dues`` are those that bind, ``counted`` what the calendar alone amounts to. ``ladder``
    holds all rungs; ``plan`` only those that no open pause holds back.
    """

    dues: Dues
    counted: Dues
    ladder: Plan
    plan: Plan
    statute_stopped: bool
    promise_stopped: bool


def _leading_limit(course: Course, dues: Dues) -> tuple[Limit, bool]:
    """The limit that reminders follow, and whether it is the statutory one."""
    terms = course.terms
    limit = terms.promised if dues.promised else terms.statutory
    assert limit is not None  # noqa: S101 - compute() has refused a clock without limit
    return limit, dues.promised is None


def _count(course: Course, calendar: WorkCalendar, *, statute: bool) -> Count:
    return Count(course.terms.start, calendar, spans_of(course.pauses, statute=statute))


def _half(limit: Limit, start: date, due: date) -> Limit:
    if limit.unit in {Unit.NAMED_DATE, Unit.SAME_DAY}:
        return Limit(-(-max((due - start).days, 0) // 2), Unit.CALENDAR_DAY)
    return replace(limit, amount=-(-limit.amount // 2))


def _remind_at(course: Course, dues: Dues, calendar: WorkCalendar) -> datetime:
    limit, statute = _leading_limit(course, dues)
    count = _count(course, calendar, statute=statute)
    half = due_for(_half(limit, count.first, dues.leading.on), count)
    if limit.unit == Unit.HOUR:
        return min(half.at, dues.leading.at)
    return at_local(min(half.on, dues.leading.on), course.terms.thresholds.closing)


def _day_before(due: Due, unit: str, count: Count) -> date:
    day = due.on - ONE_DAY
    if unit == Unit.WORKDAY:
        day = count.calendar.before(due.on)
    for start, end in reversed(count.taken):
        if start < day <= end:
            day = start
    return day


def _warn_at(
    course: Course,
    due: Due,
    limit: Limit,
    calendar: WorkCalendar,
    *,
    statute: bool,
) -> datetime:
    count = _count(course, calendar, statute=statute)
    if limit.unit == Unit.HOUR:
        percent = course.terms.thresholds.hour_warn_percent
        return hour_due(timedelta(hours=limit.amount) * percent / 100, count)
    return at_local(_day_before(due, limit.unit, count), course.terms.thresholds.closing)


def _reminders(course: Course, dues: Dues, calendar: WorkCalendar) -> Plan:
    limit, statute = _leading_limit(course, dues)
    plan = {
        StageKey.REMIND: _remind_at(course, dues, calendar),
        StageKey.WARN: _warn_at(course, dues.leading, limit, calendar, statute=statute),
    }
    law = course.terms.statutory
    if dues.statutory and law and dues.promised and not dues.same:
        warn = _warn_at(course, dues.statutory, law, calendar, statute=True)
        plan[StageKey.WARN_STATUTE] = warn
    return {str(stage): at for stage, at in plan.items() if at > course.terms.start}


def _verdicts(course: Course, dues: Dues) -> Plan:
    """Cards for a unit, the mere fact of expiry for anyone else; nothing on an unverified rule."""
    terms = course.terms
    if not terms.verified:
        return {}
    if not terms.issues_cards:
        return {str(StageKey.EXPIRED): dues.last.at}
    plan: Plan = {}
    if dues.promised and not dues.same:
        plan[str(StageKey.YELLOW)] = dues.promised.at
    if dues.statutory:
        plan[str(StageKey.RED_STATUTE)] = dues.statutory.at
    return plan


def _effect(course: Course, dues: Dues) -> Plan:
    """The law's effect comes with the end of the statutory limit, whoever owes the act."""
    if not course.effect or dues.statutory is None:
        return {}
    return {str(StageKey.EFFECT): dues.statutory.at}


def _overrun(course: Course) -> Plan:
    ends = [course.told_pauses[place].told_until for place in course.open_places]
    return {str(StageKey.OVERRUN): end_of_day(min(ends))} if ends else {}


def _held_back(stage: str, projection: Projection) -> bool:
    statute = stage in STATUTE_STAGES or projection.dues.promised is None
    return projection.statute_stopped if statute else projection.promise_stopped


def project(course: Course, calendar: WorkCalendar) -> Projection:
    """Dues and ladder of a course; rungs of a due that an open pause holds back rest."""
    terms = course.terms
    counted = compute(
        terms.start,
        terms.statutory,
        terms.promised,
        course.pauses,
        course.extensions,
        calendar=calendar,
        end_roll=terms.end_roll,
    )
    dues = bound(course, counted)
    ladder = _reminders(course, dues, calendar) | _verdicts(course, dues)
    ladder |= _effect(course, dues)
    made = Projection(
        dues=dues,
        counted=counted,
        ladder=ladder,
        plan={},
        statute_stopped=course.stops(dues, statute=True),
        promise_stopped=course.stops(dues, statute=False),
    )
    free = {stage: at for stage, at in ladder.items() if not _held_back(stage, made)}
    return replace(made, plan=free | _overrun(course))


def after_yellow(fired_at: datetime, thresholds: Thresholds, calendar: WorkCalendar) -> datetime:
    """When a yellow that nobody answers turns red: working days counted from its writing."""
    day = calendar.add_workdays(local_date(fired_at), thresholds.yellow_answer_workdays)
    return end_of_day(day)


def after_red(fired_at: datetime, thresholds: Thresholds, calendar: WorkCalendar) -> datetime:
    """When a red that nobody answers is escalated."""
    day = calendar.add_workdays(local_date(fired_at), thresholds.red_answer_workdays)
    return end_of_day(day)


def conditional(
    fired: Iterable[Fired],
    thresholds: Thresholds,
    calendar: WorkCalendar,
) -> Plan:
    """Rungs that follow from cards already written and not answered."""
    plan: Plan = {}
    for card in fired:
        if card.answered:
            continue
        if card.stage == StageKey.YELLOW:
            red = after_yellow(card.fired_at, thresholds, calendar)
            plan[str(StageKey.RED_UNANSWERED)] = red
        elif card.stage in RED_STAGES:
            up = after_red(card.fired_at, thresholds, calendar)
            key = str(StageKey.ESCALATE)
            plan[key] = min(up, plan.get(key, up))
    return plan


def pending(
    projection: Projection,
    fired: Iterable[Fired],
    thresholds: Thresholds,
    calendar: WorkCalendar,
) -> Plan:
    """Every rung still to come: planned and conditional ones, less those already reached."""
    reached = list(fired)
    done = {card.stage for card in reached}
    plan = projection.plan | conditional(reached, thresholds, calendar)
    return {stage: at for stage, at in plan.items() if stage not in done}


def in_order(plan: Mapping[str, datetime]) -> list[tuple[str, datetime]]:
    """Rungs by time, those of one instant by their place on the ladder."""
    return sorted(plan.items(), key=lambda rung: (rung[1], LADDER[rung[0]]))


def light_of(stages: Iterable[str]) -> Light:
    """The worst light among the rungs reached; a warning is amber."""
    order = list(Light)
    lights = (LIGHTS.get(StageKey(stage), Light.AMBER) for stage in stages)
    return max(lights, key=order.index, default=Light.GREEN)


def survives(stage: str, projection: Projection, kept: set[str], at: datetime) -> bool:
    """Whether a rung reached before a change of the dues still counts as reached after it.

    A rung whose time is still past is inherited; a card that follows from another one
    goes with it; a rung whose time lies ahead again may be reached again.
    """
    if stage == StageKey.RED_UNANSWERED:
        return StageKey.YELLOW in kept
    if stage == StageKey.ESCALATE:
        return bool(kept & set(RED_STAGES))
    planned = projection.ladder.get(stage)
    return planned is not None and planned <= at
