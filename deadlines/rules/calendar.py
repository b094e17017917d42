"""Working days as prefix sums: adding N of them is two array reads, no loop."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import accumulate

from deadlines.errors import DateOutsideCalendar

FIRST_DAY = date(2010, 1, 1)
LAST_DAY = date(2050, 12, 31)
SATURDAY = 5
ONE_DAY = timedelta(days=1)

# 全国年节及纪念日放假办法 (2024 revision): days that need no notice to be holidays.
FIXED_HOLIDAYS = (
    ("元旦", 1, 1),
    ("劳动节", 5, 1),
    ("劳动节", 5, 2),
    ("国庆节", 10, 1),
    ("国庆节", 10, 2),
    ("国庆节", 10, 3),
)
SPRING_FESTIVAL_DAYS = 4


class WorkCalendar:
    """Which days are working days between 2010 and 2050, and how far that is official.

    ``exceptions`` maps the days that differ from "Monday to Friday" to whether they
    are working days; ``closures`` are those of them that a local decision closed. Immutable
    once made; ``code`` names the stored version.
    """

    __slots__ = (
        "_offset",
        "_seq",
        "_workdays",
        "closures",
        "code",
        "official_from",
        "official_until",
    )

    def __init__(
        self,
        exceptions: Mapping[date, bool],
        *,
        official_from: date,
        official_until: date,
        code: str = "",
        closures: Iterable[date] = (),
    ) -> None:
        self.code, self.closures = code, frozenset(closures)
        self.official_from = official_from
        self.official_until = official_until
        self._offset = FIRST_DAY.toordinal()
        span = range(self._offset, LAST_DAY.toordinal() + 1)
        days = [date.fromordinal(number) for number in span]
        open_days = [exceptions.get(day, day.weekday() < SATURDAY) for day in days]
        self._seq = list(accumulate(int(is_open) for is_open in open_days))
        # Index 0 stands before the first working day, so the k-th is at index k.
        self._workdays = [FIRST_DAY - ONE_DAY]
        self._workdays += [day for day, is_open in zip(days, open_days, strict=True) if is_open]

    def add_workdays(self, day: date, amount: int) -> date:
        """The ``amount``-th working day after ``day``; ``day`` itself for 0.

        Raises:
            DateOutsideCalendar: the count leaves the calendar, or is negative.
        """
        place = day.toordinal() - self._offset
        if place < 0 or amount <= 0:
            return self._edge(place, day, amount)
        try:
            return self._workdays[self._seq[place] + amount]
        except IndexError:
            raise DateOutsideCalendar from None

    def _edge(self, place: int, day: date, amount: int) -> date:
        if place < 0 or amount < 0:
            raise DateOutsideCalendar
        return day

    def seq(self, day: date) -> int:
        """How many working days lie up to and including ``day``.

        Raises:
            DateOutsideCalendar: the day lies outside the calendar.
        """
        place = day.toordinal() - self._offset
        if not 0 <= place < len(self._seq):
            raise DateOutsideCalendar
        return self._seq[place]

    def workdays_between(self, earlier: date, later: date) -> int:
        """Working days after ``earlier`` up to and including ``later``; negative backwards."""
        return self.seq(later) - self.seq(earlier)

    def workday_at(self, number: int) -> date:
        """The working day with this sequence number.

        Raises:
            DateOutsideCalendar: there is none.
        """
        if not 0 < number < len(self._workdays):
            raise DateOutsideCalendar
        return self._workdays[number]

    def is_workday(self, day: date) -> bool:
        """Whether people work on ``day``."""
        return self._workdays[self.seq(day)] == day

    def on_or_after(self, day: date) -> date:
        """``day`` if people work on it, else the next working day."""
        return day if self.is_workday(day) else self.add_workdays(day, 1)

    def before(self, day: date) -> date:
        """The last working day before ``day``."""
        return self.workday_at(self.seq(day - ONE_DAY))

    def differs_from(self, other: "WorkCalendar") -> date | None:
        """The first day on which a count may end otherwise than on ``other``; None if never.

        That a day has become official, or is so no longer, counts as a difference.
        """
        if self.official_from != other.official_from:
            return FIRST_DAY
        pairs = zip(self._seq, other._seq, strict=True)  # noqa: SLF001 - of its own class
        places = (place for place, (mine, theirs) in enumerate(pairs) if mine != theirs)
        first = next(places, None)
        found = [] if first is None else [FIRST_DAY + timedelta(days=first)]
        if self.official_until != other.official_until:
            found.append(min(self.official_until, other.official_until) + ONE_DAY)
        return min(found, default=None)

    def is_official(self, *days: date) -> bool:
        """Whether every day lies within the years a notice covers."""
        return all(self.official_from <= day <= self.official_until for day in days)


def span_days(first: date, last: date) -> list[date]:
    """Every day from ``first`` to ``last``, both included."""
    return [first + timedelta(days=shift) for shift in range((last - first).days + 1)]


def statutory_holidays(year: int, lunar: Iterable[tuple[str, date]]) -> dict[date, str]:
    """Holidays of ``year`` known by rule alone, before any notice: fixed and lunar ones.

    ``lunar`` names the days that follow the moon or the sun: the New Year's Eve stands
    for the four days of the Spring Festival.
    """
    found = {date(year, month, day): name for name, month, day in FIXED_HOLIDAYS}
    for name, first in lunar:
        length = SPRING_FESTIVAL_DAYS if name == "春节" else 1
        found |= dict.fromkeys(span_days(first, first + timedelta(days=length - 1)), name)
    return found
