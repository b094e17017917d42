"""What every verb of a clock has in common: take up, then let happen."""

from datetime import datetime
from typing import Any

from common.errors import NotFound
from common.time import now
from deadlines.choices import Verb
from deadlines.errors import ActInFuture, ClockClosed, EffectDue, NotPaused
from deadlines.models import Clock, ClockEvent
from deadlines.services.firing import is_next_by_law, settle_due
from deadlines.services.projecting import restate
from deadlines.transitions import MOVES, PAUSED
from organisations.models import User


def taken_up(clock_id: int, verb: Verb, actor: User, at: datetime) -> Clock:
    """The clock, locked, with everything settled that was due before ``at``.

    An act after the end of a limit to which the law attaches an effect comes too late; only
    what makes the act no longer owed still goes through.
    """
    if at > now():
        raise ActInFuture
    clock = Clock.objects.locked().filter(pk=clock_id).first()
    if clock is None:
        raise NotFound
    sources = MOVES[verb].sources
    if clock.state not in sources:
        raise NotPaused if clock.is_open and sources == PAUSED else ClockClosed
    settle_due(clock, at, actor)
    if verb != Verb.CANCEL and is_next_by_law(clock, at):
        raise EffectDue
    return clock


def happen(
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
