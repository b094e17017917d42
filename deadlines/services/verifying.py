"""Is every clock what its events say it is?"""

from collections.abc import Iterator

from deadlines.choices import StageKey, Verb
from deadlines.models import Clock, ClockEvent, StageFire
from deadlines.services.projecting import expected_columns

PAGE = 500


def differences(clock: Clock) -> list[str]:
    """What differs from what events, rungs and calendar amount to; empty if nothing does."""
    return _columns(clock) + _effects(clock)


def _effects(clock: Clock) -> list[str]:
    """An effect happened exactly where its rung was claimed, and neither ever twice."""
    if not clock.snapshot.get("effect"):
        return []
    claimed = StageFire.objects.filter(clock=clock, stage=StageKey.EFFECT, inherited=False).count()
    happened = ClockEvent.objects.filter(clock=clock, verb=Verb.EFFECT).count()
    if claimed == happened <= 1:
        return []
    return [f"effects of the law: {claimed} claimed, {happened} happened"]


def _columns(clock: Clock) -> list[str]:
    return [
        f"{name}: stored {stored!s}, computed {value!s}"
        for name, value in expected_columns(clock).items()
        if (stored := getattr(clock, name)) != value
    ]


def verify_clocks() -> Iterator[tuple[Clock, list[str]]]:
    """Every clock that differs, with its differences."""
    for clock in Clock.objects.order_by("pk").iterator(chunk_size=PAGE):
        if faults := differences(clock):
            yield clock, faults
