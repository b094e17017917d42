"""Rules of the sample: shares that add up, steps at sensible hours."""

from datetime import date, datetime, time

import pytest

from common.time import TZ, at_local, freeze, now
from sample import rules
from sample.services.agenda import Agenda, Walk, step_time


def test_it_works() -> None:
    sizes = rules.team_sizes(77, 210)
    assert (len(sizes), sum(sizes), set(sizes)) == (77, 210, {2, 3})


@pytest.mark.parametrize(("total", "shares"), [(87, 77), (320, 87), (3, 5), (0, 4)])
def test_shares_add_up_and_differ_by_one(total: int, shares: int) -> None:
    found = rules.shared_out(total, shares)
    assert sum(found) == total
    assert max(found) - min(found) <= 1


def test_steps_of_one_day_follow_each_other_in_office_hours() -> None:
    day = date(2026, 11, 24)
    first = step_time(None, day, 400)
    second = step_time(first, day, 5)
    assert at_local(day, time(9)) <= first < second <= at_local(day, time(16, 50))


def test_an_agenda_mixes_walks_in_the_order_of_their_instants() -> None:
    told: list[tuple[str, datetime]] = []

    def walk(name: str, *hours: int) -> Walk:
        for hour in hours:
            yield datetime(2026, 11, 24, hour, tzinfo=TZ)
            told.append((name, now()))

    agenda = Agenda(datetime(2026, 11, 24, 18, tzinfo=TZ))
    agenda.add(walk("a", 9, 15, 20), walk("b", 10, 12))
    with freeze(datetime(2026, 12, 1, tzinfo=TZ)):
        assert list(agenda.run()) == [date(2026, 11, 24)]
    assert [name for name, _at in told] == ["a", "b", "b", "a"]
    assert [at.astimezone(TZ).hour for _name, at in told] == [9, 10, 12, 15]
