"""Regions, units, service points and windows of the district."""

from dataclasses import dataclass, field

from organisations.choices import UnitKind
from organisations.models import Region, ServicePoint, Unit, Window
from sample.services.files import Row, rows

DISTRICT = "410503000000"
HOURS = "周一至周五 9:00—12:00，13:30—17:00；周六延时服务 9:00—12:00"
KIND_OF_POINT = {"street_centre": UnitKind.STREET, "community_station": UnitKind.COMMUNITY}


@dataclass
class Places:
    """What stands, by code."""

    units: dict[str, Unit] = field(default_factory=dict)
    points: dict[str, ServicePoint] = field(default_factory=dict)
    windows: dict[str, list[Window]] = field(default_factory=dict)
    by_account: dict[str, ServicePoint] = field(default_factory=dict)


def point_rows(streets: frozenset[str] | None = None) -> list[Row]:
    """Rows of service points: all, or the hall and the streets (nine digits) asked for."""
    found = rows("points")
    if streets is None:
        return list(found)
    return [row for row in found if row["region"] == DISTRICT or row["region"][:9] in streets]


def build_places(streets: frozenset[str] | None = None) -> Places:
    """Every region stands, with departments, points and windows of the streets asked for."""
    _store_regions()
    places = Places()
    _store_departments(places)
    for row in point_rows(streets):
        _store_point(places, row)
    _store_windows(places, point_rows(streets))
    return places


def _store_regions() -> None:
    Region.objects.bulk_create(
        Region(
            code=row["code"],
            name=row["name"],
            level=row["level"],
            parent_id=row["parent"] or None,
        )
        for row in rows("regions")
    )


def _store_departments(places: Places) -> None:
    for row in rows("units"):
        places.units[row["code"]] = Unit.objects.create(
            code=row["code"],
            credit_code=row["credit_code"],
            name=row["name"],
            short_name=row["short_name"],
            kind=row["kind"],
            region_id=DISTRICT,
            phone=row["phone"],
        )


def _store_point(places: Places, row: Row) -> None:
    if row["unit"] not in places.units:
        places.units[row["unit"]] = Unit.objects.create(
            code=row["unit"],
            name=row["unit_name"],
            short_name=row["unit_short"],
            kind=KIND_OF_POINT[row["kind"]],
            region_id=row["region"],
            parent=places.units.get(f"{row['region'][:9]}000"),
            phone=row["phone"],
        )
    point = ServicePoint.objects.create(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        region_id=row["region"],
        unit=places.units[row["unit"]],
        address=row["address"],
        phone=row["phone"],
        hours=HOURS,
    )
    places.points[row["code"]] = places.by_account[row["account"]] = point


def _store_windows(places: Places, found: list[Row]) -> None:
    made = Window.objects.bulk_create(
        Window(
            point=places.points[row["code"]],
            number=number,
            name=f"综合窗口{number}号",
            comprehensive=True,
        )
        for row in found
        for number in range(1, int(row["windows"]) + 1)
    )
    for window in made:
        places.windows.setdefault(window.point.code, []).append(window)
