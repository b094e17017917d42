"""A paused clock is not overdue: lists, figures, filters and chips say the same of it."""

from datetime import date, datetime
from typing import Any

import pytest

from common.time import freeze, local_date
from deadlines.choices import Ground
from deadlines.models import Clock
from deadlines.parts import remaining
from deadlines.services import pause_clock, resume_clock
from supervision.choices import When
from supervision.querysets import Moment, figures, when
from tests.factories.deadlines import moment
from tests.factories.supervision import District, make_clock

# Started on 2026-11-02: the promise ends on 11-09, the statute on 11-30.
CASES: list[tuple[str, dict[str, Any] | None, str, bool, bool]] = [
    ("running, in time", None, "2026-11-09", False, False),
    ("running, past the promise", None, "2026-11-10", True, False),
    ("running, past the statute", None, "2026-12-01", True, True),
    ("both dues held", {"ground": Ground.HEARING}, "2026-12-20", False, False),
    (
        "the promise held, the statute running",
        {"ground": Ground.SITE_SURVEY, "stops_statute": False},
        "2026-11-27",
        False,
        False,
    ),
    (
        "the promise held, the statute passed",
        {"ground": Ground.SITE_SURVEY, "stops_statute": False},
        "2026-12-01",
        True,
        True,
    ),
]


def paused(clock: Clock, district: District, given: dict[str, Any]) -> None:
    with freeze(moment("2026-11-04")):
        pause_clock(
            clock_id=clock.pk,
            actor=district.reviewer,
            legal_basis="依据",
            told_until=date(2026, 12, 25),
            **given,
        )


def counted(at: datetime) -> tuple[bool, ...]:
    """What each door says of the only clock: late four times over, then past the statute."""
    asked = Moment(at, local_date(at))
    everything = Clock.objects.all()
    found = figures(everything.open(), asked)
    shown = remaining(Clock.objects.get(), at)
    return (
        everything.overdue(at).exists(),
        everything.open().filter(when(When.LATE, asked)).exists(),
        bool(found.late),
        shown.tone in {"yellow", "red"},
        everything.past_statute(at).exists(),
        bool(found.statute),
    )


@pytest.mark.parametrize(("_told", "pause", "day", "late", "statute"), CASES)
def test_it_works(
    district: District,
    _told: str,
    pause: dict[str, Any] | None,
    day: str,
    late: bool,
    statute: bool,
) -> None:
    clock = make_clock(district, handler=district.reviewer)
    if pause:
        paused(clock, district, pause)
    assert counted(moment(day)) == (late, late, late, late, statute, statute)


def test_a_held_due_is_awaited_on_no_day(district: District) -> None:
    clock = make_clock(district, handler=district.reviewer)
    paused(clock, district, {"ground": Ground.HEARING})
    held = Clock.objects.get()
    day = held.due_on
    assert not Clock.objects.due_on(day).exists()
    assert not Clock.objects.due_between(day, day).exists()
    with freeze(moment("2026-11-06")):
        resume_clock(clock_id=clock.pk, actor=district.reviewer)
    assert Clock.objects.due_on(Clock.objects.get().due_on).exists()
