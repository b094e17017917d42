"""The one source of time: instants in UTC, legal days in Asia/Shanghai.

Nothing else in the house may ask the machine for the time (ruff bans it), so a
test, the sample district and a rehearsal can move it and nothing else can.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TZ = ZoneInfo("Asia/Shanghai")

_source: ContextVar[Callable[[], datetime] | None] = ContextVar("time_source", default=None)


def _machine_now() -> datetime:
    return datetime.now(tz=UTC)  # noqa: TID251 - the one place that asks the machine


def now() -> datetime:
    """The present instant, aware, in UTC."""
    source = _source.get()
    return source() if source else _machine_now()


def today() -> date:
    """The legal day of now: the calendar date in Asia/Shanghai."""
    return local_date(now())


def local(moment: datetime) -> datetime:
    """The same instant on the clock of Asia/Shanghai."""
    return moment.astimezone(TZ)


def local_date(moment: datetime) -> date:
    """The date in Asia/Shanghai on which ``moment`` falls."""
    return local(moment).date()


def at_local(day: date, clock: time = time(0)) -> datetime:
    """The instant at ``clock`` o'clock of ``day`` in Asia/Shanghai, in UTC."""
    return datetime.combine(day, clock, tzinfo=TZ).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """24:00 of ``day`` in Asia/Shanghai, that is 00:00 of the next day."""
    return at_local(day + timedelta(days=1))


@contextmanager
def _use(source: Callable[[], datetime]) -> Iterator[None]:
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


@contextmanager
def travel(to: datetime) -> Iterator[None]:
    """Inside the block time starts at ``to`` and flows on from there."""
    shift = to.astimezone(UTC) - _machine_now()
    with _use(lambda: _machine_now() + shift):
        yield


@contextmanager
def freeze(at: datetime) -> Iterator[None]:
    """Inside the block time stands still at ``at``."""
    moment = at.astimezone(UTC)
    with _use(lambda: moment):
        yield
