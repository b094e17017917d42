"""The sweep: finds every rung that is due and lets each happen once.

Idempotent, and safe beside any number of others: beat, a loop and a cron job may
all run it at the same time.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from common.time import now
from deadlines.models import Clock, StageFire, SweepRun
from deadlines.services.effects import due_effects
from deadlines.services.firing import fire_one
from organisations.models import User
from organisations.services import system_user

logger = logging.getLogger(__name__)

PAGE = 500
FIRST_REST = timedelta(minutes=1)
LONGEST_REST = timedelta(hours=1)
RUNS_KEPT = timedelta(days=7)
DOUBLINGS = 10


@dataclass
class SweepResult:
    """What one sweep did."""

    clocks: int = 0
    fires: list[StageFire] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)

    @property
    def fired(self) -> int:
        """How many rungs were reached."""
        return len(self.fires)


def rest_after(failures: int) -> timedelta:
    """How long a clock that keeps raising rests: a minute, doubling up to an hour."""
    return min(FIRST_REST * 2 ** min(failures - 1, DOUBLINGS), LONGEST_REST)


@transaction.atomic
def put_aside(clock_id: int, fault: Exception, at: datetime) -> None:
    """The clock rests, its fault can be read, and the others go on."""
    clock = Clock.objects.locked().get(pk=clock_id)
    clock.failures += 1
    clock.aside_until = at + rest_after(clock.failures)
    clock.last_error = f"{type(fault).__name__}: {fault}"[:500]
    clock.save(update_fields=["failures", "aside_until", "last_error"])


def _sweep_clock(clock_id: int, at: datetime, actor: User, result: SweepResult) -> None:
    try:
        while fire := fire_one(clock_id, at, actor):
            result.fires.append(fire)
    except Exception as fault:
        logger.warning("clock %s is put aside", clock_id, exc_info=True)
        put_aside(clock_id, fault, at)
        result.failed.append(clock_id)
    else:
        cleared = {"failures": 0, "aside_until": None, "last_error": ""}
        Clock.objects.filter(pk=clock_id, failures__gt=0).update(**cleared)


def _next_page(at: datetime, limit: int, seen: set[int]) -> list[int]:
    """Keys of due clocks not yet looked at in this sweep."""
    due = Clock.objects.with_stage_due(at).values_list("pk", flat=True)
    return [pk for pk in due[: limit + len(seen)] if pk not in seen][:limit]


def sweep(*, at: datetime | None = None, limit: int = PAGE) -> SweepResult:
    """Every rung due at ``at`` (default now) has been reached; clocks come in pages of ``limit``."""
    began = now()
    moment, actor, result, seen = at or began, system_user("sweep"), SweepResult(), set[int]()
    _let_the_law_act(moment, actor, result)
    while page := _next_page(moment, limit, seen):
        for clock_id in page:
            _sweep_clock(clock_id, moment, actor, result)
        seen |= _still_waiting(page, moment)
        result.clocks += len(page)
    _beat(began, result)
    return result


def _let_the_law_act(at: datetime, actor: User, result: SweepResult) -> None:
    """Effects come first, in the order of their legal moments: what they end fires no more."""
    seen = set[int]()
    while waiting := [pk for _moment, pk in due_effects(at) if pk not in seen]:
        for clock_id in waiting:
            _sweep_clock(clock_id, at, actor, result)
        seen.update(waiting)
        result.clocks += len(waiting)


def _still_waiting(page: list[int], at: datetime) -> set[int]:
    """Those somebody else holds: they are not looked at twice in one sweep."""
    return set(Clock.objects.with_stage_due(at).filter(pk__in=page).values_list("pk", flat=True))


def _beat(began: datetime, result: SweepResult) -> None:
    """The engine shows that it lives; old quiet passes are dropped."""
    SweepRun.objects.create(
        started_at=began,
        finished_at=now(),
        clocks=result.clocks,
        fired=result.fired,
        failed=len(result.failed),
    )
    SweepRun.objects.filter(finished_at__lt=now() - RUNS_KEPT, fired=0, failed=0).delete()
