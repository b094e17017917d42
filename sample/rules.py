"""Pure rules of the sample: identity numbers nobody holds, and how outings are shared out."""

from collections.abc import Sequence
from datetime import date, timedelta

DISTRICT = "410503"
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
ID_SEQUENCES = range(800, 1000)
"""Sequence numbers 800 to 999 with a birthday on 1 January mark a number as a sample."""

NO_COUNTY = "410599"
"""A code within Anyang that no county bears."""
FIRST_BIRTHDAY, BIRTHDAYS, SEQUENCES = date(1944, 1, 1), 21_000, 1_000
MOBILES = 10_000


def id_number(*, year: int, place: int, female: bool) -> str:
    """A GB 11643 number of the district that checks, born on 1 January, sequence 800 or more."""
    sequence = ID_SEQUENCES[(place * 2) % len(ID_SEQUENCES)] + (0 if female else 1)
    return _checked(f"{DISTRICT}{year:04d}0101{sequence:03d}")


def nobody_number(place: int) -> str:
    """A GB 11643 number that checks, of a county that does not exist; another one each place."""
    born = FIRST_BIRTHDAY + timedelta(days=place // SEQUENCES % BIRTHDAYS)
    return _checked(f"{NO_COUNTY}{born:%Y%m%d}{place % SEQUENCES:03d}")


def _checked(body: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return body + ID_CHECKS[total % 11]


def mobile_number(place: int) -> str:
    """A telephone of the sample: the prefix 1900372 followed by a counter."""
    return f"1900372{place:04d}"


def team_sizes(outings: int, person_times: int) -> list[int]:
    """Teams of two or three officers whose members add up to ``person_times``, evenly mixed."""
    threes = person_times - 2 * outings
    return [
        3 if (place + 1) * threes // outings > place * threes // outings else 2
        for place in range(outings)
    ]


def shared_out(total: int, shares: int) -> list[int]:
    """``total`` in ``shares`` whole parts that differ by at most one, evenly mixed."""
    return [(place + 1) * total // shares - place * total // shares for place in range(shares)]


def spread(days: Sequence[date], count: int) -> list[date]:
    """``count`` days in order, taken evenly from ``days``."""
    return [days[place * len(days) // count] for place in range(count)]
