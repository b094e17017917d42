"""A rung is reached: claim, light, event, messages and signal in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import time
from deadlines.choices import CARD_STAGES, Light, StageKey, Unit, Verb
from deadlines.models import Clock, ClockEvent, StageFire
from deadlines.registry import carry_out_effect, links_for, lock_subject
from deadlines.rules.stages import in_order, light_of
from deadlines.services.projecting import course_of, plan_as_data, plan_of, put, replan
from deadlines.services.recipients import recipients
from deadlines.signals import stage_fired
from notifications.choices import Reach
from notifications.services import notify
from organisations.models import User


def _climb(clock: Clock, stage: str) -> None:
    """The clock's light and next rung are those after ``stage``; a card may add a rung."""
    if stage in CARD_STAGES:
        replan(clock)
        return
    plan = plan_of(clock)
    plan.pop(stage)
    lights = [Light(clock.light), light_of([stage])]
    columns = {
        "light": max(lights, key=list(Light).index),
        "plan": plan_as_data(plan),
        "next_stage_at": min(plan.values(), default=None),
    }
    put(clock, columns)


def _record(fire: StageFire, actor: User) -> None:
    data = {
        "stage": str(fire.stage),
        "epoch": fire.epoch,
        "planned_for": fire.planned_for.isoformat(),
        "late_by": int(fire.late_by.total_seconds()),
    }
    ClockEvent.append(fire.clock, actor=actor, verb=Verb.STAGE, data=data, at=fire.fired_at)


def _let_lapse(fire: StageFire, actor: User) -> None:
    """The clock ends by law at the moment of its due, and its subject feels the effect."""
    clock, effect = fire.clock, course_of(fire.clock).effect
    data = {"effect": effect, "expired_at": fire.planned_for.isoformat()}
    basis = clock.rule.legal_basis if clock.rule else ""
    at = fire.fired_at
    ClockEvent.append(clock, actor=actor, verb=Verb.EFFECT, data=data, at=at, legal_basis=basis)
    replan(clock)
    carry_out_effect(clock, effect=effect, expired_at=fire.planned_for, actor=actor)


def _lines(fires: Sequence[StageFire], stages: list[str]) -> str:
    """One line a rung, the latest first."""
    return "\n".join(
        _("%(stage)s, since %(moment)s")
        % {"stage": fire, "moment": f"{time.local(fire.planned_for):%Y-%m-%d %H:%M}"}
        for fire in reversed(fires)
        if fire.stage in stages
    )


def _tell(clock: Clock, at: datetime) -> None:
    """Everyone concerned has one message about all rungs nobody was told of yet."""
    fires = list(StageFire.objects.of_epoch(clock).untold())
    link = links_for([clock]).get(clock.pk)
    for user, stages in recipients(clock, [fire.stage for fire in fires], at).items():
        last = StageKey(stages[-1])
        notify(
            recipients=[user],
            title=_("%(stage)s: %(matter)s") % {"stage": last.label, "matter": clock},
            body=_lines(fires, stages),
            link=link.url if link else "",
            subject_kind=clock.subject_kind,
            subject_id=str(clock.pk),
            dedupe_key=f"clock:{clock.pk}:{clock.epoch}:{last}",
            reach=Reach.AT_ONCE if clock.due_unit == Unit.HOUR else Reach.OFFICE_HOURS,
        )
    StageFire.objects.filter(pk__in=[fire.pk for fire in fires]).update(told_at=at)


def fire_next(clock: Clock, at: datetime, actor: User) -> StageFire | None:
    """The first rung that is due is reached; None if none is. The caller holds the lock.

    The insert is the claim. A rung already claimed means that the plan was stale:
    it is made anew and the next one is tried.
    """
    rungs = in_order(plan_of(clock))
    if not rungs or rungs[0][1] > at:
        return None
    stage, planned = rungs[0]
    fire, claimed = StageFire.objects.get_or_create(
        clock=clock,
        epoch=clock.epoch,
        stage=stage,
        defaults={"planned_for": planned, "fired_at": at, "late_by": at - planned},
    )
    if not claimed:
        replan(clock)
        return fire_next(clock, at, actor)
    fire.clock = clock
    _climb(clock, stage)
    _record(fire, actor)
    if stage == StageKey.EFFECT:
        _let_lapse(fire, actor)
    _tell_if_last(clock, at)
    stage_fired.send(sender=StageFire, clock=clock, fire=fire)
    return fire


def _tell_if_last(clock: Clock, at: datetime) -> None:
    """Messages wait for the last of the rungs that are due now, so that they are one."""
    if clock.next_stage_at is None or clock.next_stage_at > at:
        _tell(clock, at)


def is_next_by_law(clock: Clock, at: datetime) -> bool:
    """Whether the first rung due at ``at`` is the law's own effect."""
    rungs = in_order(plan_of(clock))
    return bool(rungs) and rungs[0][0] == StageKey.EFFECT and rungs[0][1] <= at


def settle_due(clock: Clock, at: datetime, actor: User) -> None:
    """Every rung already due is reached before anything else happens to the clock.

    An effect of the law is left: the subject's service lets it happen before, since the
    subject's lock comes before the clock's.
    """
    while not is_next_by_law(clock, at) and fire_next(clock, at, actor):
        pass


@transaction.atomic
def fire_one(clock_id: int, at: datetime, actor: User) -> StageFire | None:
    """One due rung of one clock is reached in a transaction of its own.

    Lock order: the subject, then the clock. A clock that somebody else holds, or that
    was closed meanwhile, is left alone.
    """
    seen = Clock.objects.filter(pk=clock_id).first()
    if seen is None:
        return None
    lock_subject(seen)
    rows = Clock.objects.open().select_for_update(skip_locked=True, of=("self",))
    clock = rows.filter(pk=clock_id).first()
    return fire_next(clock, at, actor) if clock else None
