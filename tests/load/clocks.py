"""Many clocks of an hour whose ladders end one after another within the next seconds."""

from collections import Counter
from datetime import datetime, timedelta

from common.time import now
from deadlines.choices import StageKey, Unit
from deadlines.models import Clock, StageFire
from deadlines.rules import Limit
from deadlines.services import SubjectFacts, start_clock
from organisations.models import Unit as Organ
from organisations.models import User
from organisations.services import system_user

STREET = "410503004000"
HOUR = timedelta(hours=1)
# 80 % of an hour has passed when such a clock is made; the rest comes with its end.
LADDER = {StageKey.WARN, StageKey.REMIND, StageKey.RED_STATUTE}


def hour_clocks(department: Organ, handler: User, *, count: int, over: float) -> list[int]:
    """Clocks whose hours end evenly over the ``over`` seconds from now."""
    began = now()
    return [
        _hour_clock(department, handler, place, timedelta(seconds=over * place / count) + began)
        for place in range(count)
    ]


def _hour_clock(department: Organ, handler: User, place: int, ends: datetime) -> int:
    facts = SubjectFacts(
        kind="probe",
        label="限时一小时",
        number=f"H-{place}",
        region_code=STREET,
        department=department,
        handler=handler,
    )
    clock = start_clock(
        actor=system_user("sample"),
        subject=facts,
        statutory=Limit(1, Unit.HOUR),
        promised=None,
        started_at=ends - HOUR,
    )
    return clock.pk


def reached(clocks: list[int]) -> int:
    """How many rungs of these clocks were reached so far."""
    return StageFire.objects.filter(clock_id__in=clocks).count()


def faults_of_ladders(clocks: list[int]) -> list[str]:
    """Rungs missing, doubled or never meant, and clocks that were put aside."""
    rows = StageFire.objects.filter(clock_id__in=clocks).values_list("clock_id", "stage")
    fired = Counter(rows)
    wanted = {(pk, str(stage)) for pk in clocks for stage in LADDER}
    faults = [f"{rung} not reached" for rung in sorted(wanted - set(fired))]
    faults += [f"{rung} was not meant" for rung in sorted(set(fired) - wanted)]
    faults += [f"{rung} reached {times} times" for rung, times in fired.items() if times > 1]
    for clock in Clock.objects.filter(failures__gt=0):
        faults.append(f"clock {clock.pk} was put aside: {clock.last_error}")
    return faults
