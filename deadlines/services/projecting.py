"""The columns of a clock follow from its events, its rungs and its calendar."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from deadlines.choices import OPEN_STATES
from deadlines.models import Clock, ClockEvent, StageFire
from deadlines.rules import Course, Entry, Projection, fold, project
from deadlines.rules.stages import Fired, Plan, in_order, light_of, pending, survives
from deadlines.services.calendars import calendar_of


def course_of(clock: Clock) -> Course:
    """The clock's course, folded from its events."""
    events = ClockEvent.objects.filter(clock=clock).order_by("seq")
    return fold(Entry(event.verb, event.at, cast("Any", event.data)) for event in events)


def fired_in_epoch(clock: Clock) -> list[Fired]:
    """Rungs reached in the present epoch."""
    return [
        Fired(fire.stage, fire.fired_at, answered=fire.answered_at is not None)
        for fire in StageFire.objects.of_epoch(clock)
    ]


def plan_as_data(plan: Plan) -> dict[str, str]:
    """The rungs to come as the column stores them, first one first."""
    return {stage: at.isoformat() for stage, at in in_order(plan)}


def plan_of(clock: Clock) -> Plan:
    """The rungs still to come."""
    return {stage: datetime.fromisoformat(text) for stage, text in clock.plan.items()}


def due_columns(course: Course, projection: Projection) -> dict[str, Any]:
    """What the columns of dues must hold."""
    dues = projection.dues
    limit = course.terms.promised if dues.promised else course.terms.statutory
    return {
        "statutory_due_on": dues.statutory_on,
        "statutory_due_at": dues.statutory_at,
        "promised_due_on": dues.promised_on,
        "promised_due_at": dues.promised_at,
        "due_on": dues.leading.on,
        "due_at": dues.leading.at,
        "due_unit": str(limit.unit) if limit else "",
        "provisional": dues.provisional,
    }


def state_columns(course: Course, projection: Projection, plan: Plan) -> dict[str, Any]:
    """What the columns of state, pause and rungs must hold."""
    is_open = course.state in OPEN_STATES
    plan = plan if is_open else {}
    return {
        "state": str(course.state),
        "finished_at": course.closed_at,
        "told_until": course.told_until if is_open else None,
        "statute_stopped": is_open and projection.statute_stopped,
        "promise_stopped": is_open and projection.promise_stopped,
        "plan": plan_as_data(plan),
        "next_stage_at": min(plan.values(), default=None),
    }


def expected_columns(clock: Clock, course: Course | None = None) -> dict[str, Any]:
    """Every derived column, computed from nothing but events, rungs and calendar."""
    calendar, course = calendar_of(clock.calendar_id), course or course_of(clock)
    projection, fired = project(course, calendar), fired_in_epoch(clock)
    plan = pending(projection, fired, course.terms.thresholds, calendar)
    lights = {"light": str(light_of(card.stage for card in fired))}
    return due_columns(course, projection) | state_columns(course, projection, plan) | lights


def put(clock: Clock, columns: dict[str, Any]) -> None:
    """The columns are stored."""
    for name, value in columns.items():
        setattr(clock, name, value)
    clock.save(update_fields=[*columns])


def carried_over(
    fires: Iterable[StageFire], projection: Projection, epoch: int, at: datetime
) -> list[StageFire]:
    """Copies for a new epoch of the rungs whose time is still past; they are not stored yet."""
    carried, kept = [], set[str]()
    for fire in fires:
        if survives(fire.stage, projection, kept, at):
            kept.add(fire.stage)
            carried.append(_copy_of(fire, epoch, at))
    return carried


def _copy_of(fire: StageFire, epoch: int, at: datetime) -> StageFire:
    return StageFire(
        clock_id=fire.clock_id,
        epoch=epoch,
        stage=fire.stage,
        planned_for=fire.planned_for,
        fired_at=fire.fired_at,
        late_by=fire.late_by,
        inherited=True,
        told_at=fire.told_at or at,
        answered_at=fire.answered_at,
    )


def _inherit(clock: Clock, projection: Projection, at: datetime) -> None:
    """A new epoch begins; rungs whose time is still past are carried into it."""
    fires = StageFire.objects.of_epoch(clock)
    clock.epoch += 1
    StageFire.objects.bulk_create(carried_over(fires, projection, clock.epoch, at))
    clock.save(update_fields=["epoch"])


def restate(clock: Clock, at: datetime) -> None:
    """The columns hold what the events now amount to; moved dues open a new epoch."""
    course = course_of(clock)
    projection = project(course, calendar_of(clock.calendar_id))
    dues = due_columns(course, projection)
    if any(getattr(clock, name) != dues[name] for name in ("statutory_due_at", "promised_due_at")):
        _inherit(clock, projection, at)
    put(clock, expected_columns(clock, course))


def replan(clock: Clock) -> None:
    """The columns are computed again where no due has moved."""
    put(clock, expected_columns(clock))
