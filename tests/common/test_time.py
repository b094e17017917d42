"""Time: one source, moved only on purpose; legal days are Shanghai's."""

from datetime import UTC, date, datetime

from common import time

MORNING = datetime(2021, 12, 2, 17, 0, tzinfo=UTC)


def test_it_works() -> None:
    assert time.now().tzinfo is UTC


def test_the_legal_day_is_that_of_shanghai() -> None:
    with time.freeze(MORNING):
        assert time.today() == date(2021, 12, 3)


def test_travelled_time_flows_and_returns() -> None:
    before = time.now()
    with time.travel(MORNING):
        assert 0 <= (time.now() - MORNING).total_seconds() < 60
    assert time.now() >= before


def test_a_day_ends_at_midnight_in_shanghai() -> None:
    assert time.end_of_day(date(2021, 12, 3)) == datetime(2021, 12, 3, 16, tzinfo=UTC)
