"""Effects of the law that are due: found and let happen, the earliest first.

The order matters where several limits of one matter ended unseen: the first to end
counts, and what it ended has no later effect.
"""

from datetime import datetime

from django.db import transaction

from common import time
from deadlines.choices import StageKey
from deadlines.models import Clock
from deadlines.querysets import ClockQuerySet
from deadlines.services.firing import fire_next
from deadlines.services.projecting import plan_of
from organisations.services import system_user

Waiting = tuple[datetime, int]


def due_effects(at: datetime, among: ClockQuerySet | None = None) -> list[Waiting]:
    """Legal moment and key of the open clocks whose effect is due, the earliest first."""
    rows = Clock.objects.with_stage_due(at) if among is None else among
    rows = rows.with_effect_planned().filter(next_stage_at__lte=at)
    planned = ((plan_of(clock)[StageKey.EFFECT], clock.pk) for clock in rows.only("plan"))
    return sorted(one for one in planned if one[0] <= at)


@transaction.atomic
def settle_effects(*, among: ClockQuerySet, at: datetime | None = None) -> list[int]:
    """Every effect due on these clocks has happened; returns the clocks that lapsed.

    The caller holds the lock of the subject, to which all of them belong.
    """
    moment, lapsed, actor = at or time.now(), list[int](), system_user("sweep")
    for _legal_moment, clock_id in due_effects(moment, among):
        clock = Clock.objects.locked().open().filter(pk=clock_id).first()
        while clock and clock.is_open and fire_next(clock, moment, actor):
            pass
        if clock:
            lapsed.append(clock_id)
    return lapsed
