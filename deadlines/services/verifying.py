"""Is every clock what its events say it is?"""

from collections.abc import Iterator

from deadlines.models import Clock
from deadlines.services.projecting import expected_columns

PAGE = 500


def differences(clock: Clock) -> list[str]:
    """Columns that differ from what events, rungs and calendar amount to; empty if none does."""
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
