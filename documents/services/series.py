"""The report of number series: nothing is missing, and what is void says why."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from documents.models import IssuedNumber, NumberSeries
from documents.registry import series_label
from documents.rules import gaps
from organisations.models import Region, Unit, User

REGION_DIGITS = 12


@dataclass(frozen=True)
class SeriesLine:
    """One series of one organ in one year."""

    organ: str
    year: int
    label: str
    key: str
    first: int
    last: int
    count: int
    voids: Sequence[IssuedNumber]
    gaps: Sequence[str]


def series_report(*, user: User, year: int | None = None) -> list[SeriesLine]:
    """Every series the user may see, the newest year first, by organ.

    A gap is a number up to the last one drawn that is not on record. The counter goes on
    only in the transaction that draws, so there is none unless somebody changed the table.
    """
    rows: Any = NumberSeries.objects.visible_to(user).of_year(year).counted()
    series = list(rows)
    voids, organs = _voids(series, user), _organ_names({row.organ_code for row in series})
    return [_line(row, organs, voids[row.pk]) for row in series]


def _line(row: Any, organs: dict[str, str], voids: Sequence[IssuedNumber]) -> SeriesLine:
    last = max(row.last_drawn or 0, row.next - 1)
    return SeriesLine(
        organ=organs.get(row.organ_code, row.organ_code),
        year=row.year,
        label=series_label(row.key),
        key=row.key,
        first=row.first_drawn or 0,
        last=last,
        count=row.count_drawn,
        voids=voids,
        gaps=_gaps(row, last),
    )


def _gaps(row: Any, last: int) -> list[str]:
    """Only a series whose count does not fit is read number by number."""
    if row.count_drawn == last:
        return []
    return gaps(row.numbers.values_list("number", flat=True), last)


def _voids(series: Sequence[Any], user: User) -> dict[int, list[IssuedNumber]]:
    rows: Any = IssuedNumber.objects.visible_to(user).void().filter(series__in=series)
    found: dict[int, list[IssuedNumber]] = defaultdict(list)
    for row in rows.for_list().order_by("number"):
        found[row.series_id].append(row)
    return found


def _organ_names(codes: Iterable[str]) -> dict[str, str]:
    """What a code of a unit or the head of a region's code stands for; a name stands for itself."""
    codes = set(codes)
    padded = {code.ljust(REGION_DIGITS, "0"): code for code in codes if code.isdecimal()}
    regions = Region.objects.filter(code__in=padded).values_list("code", "name")
    units = Unit.objects.filter(code__in=codes).values_list("code", "name")
    return {**{padded[code]: name for code, name in regions}, **dict(units)}
