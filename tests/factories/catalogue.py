"""Items for tests, made through the services."""

from typing import Any

from catalogue.models import Item, ItemVersion
from catalogue.rules.cards import ItemCard
from catalogue.services import create_item, publish_version
from organisations.choices import PointKind, RegionLevel, UnitKind
from organisations.models import Region, ServicePoint, Unit
from organisations.services import system_user

DISTRICT, STREET, COMMUNITY = "410503000000", "410503004000", "410503004001"
MATERIALS = [
    {
        "name": "残疾人证申请表",
        "necessity": "1",
        "kind": "1",
        "copies": 1,
        "source": "10",
        "basis": "",
    },
    {"name": "居民身份证", "necessity": "1", "kind": "3", "copies": 1, "source": "20", "basis": ""},
    {"name": "两寸照片", "necessity": "3", "kind": "1", "copies": 3, "source": "10", "basis": ""},
]
FORM = [
    {
        "key": "disability_kind",
        "label": "残疾类别",
        "type": "choice",
        "required": True,
        "help": "",
        "options": ["视力", "听力", "肢体"],
    },
    {
        "key": "since",
        "label": "致残日期",
        "type": "date",
        "required": False,
        "help": "",
        "options": [],
    },
]


def make_region(code: str = DISTRICT, name: str = "北关区") -> Region:
    """A region with its ancestors inside the district."""
    parent = None
    if code.endswith("000000"):
        level = RegionLevel.DISTRICT
    else:
        level = RegionLevel.STREET if code.endswith("000") else RegionLevel.COMMUNITY
        above = f"{code[:6]}000000" if code.endswith("000") else f"{code[:9]}000"
        parent = make_region(above, "北关区" if above.endswith("000000") else "灯塔路街道")
    region, _new = Region.objects.get_or_create(
        code=code,
        defaults={"name": name, "level": level, "parent": parent},
    )
    return region


def make_department(name: str = "区残联", code: str = "") -> Unit:
    """A district department."""
    unit, _new = Unit.objects.get_or_create(
        code=code or f"U-{name}",
        defaults={"name": name, "kind": UnitKind.DEPARTMENT, "region": make_region()},
    )
    return unit


def make_point(code: str = STREET, name: str = "灯塔路街道便民服务中心") -> ServicePoint:
    """A service point of the region, run by the unit of its level."""
    region = make_region(code, name[:6])
    kinds = {
        RegionLevel.DISTRICT: (UnitKind.HALL, PointKind.HALL),
        RegionLevel.STREET: (UnitKind.STREET, PointKind.STREET_CENTRE),
        RegionLevel.COMMUNITY: (UnitKind.COMMUNITY, PointKind.COMMUNITY_STATION),
    }
    unit_kind, kind = kinds[RegionLevel(region.level)]
    unit, _new = Unit.objects.get_or_create(
        code=f"R-{code}",
        defaults={"name": f"{name}（机关）", "kind": unit_kind, "region": region},
    )
    point, _new = ServicePoint.objects.get_or_create(
        code=f"P-{code}",
        defaults={"name": name, "kind": kind, "region": region, "unit": unit},
    )
    return point


def make_card(**changes: Any) -> ItemCard:
    """A complete card of 残疾人证办理, with changes."""
    values: dict[str, Any] = {
        "code": "BG-CL-001",
        "name": "残疾人证办理",
        "kind": "07",
        "theme": "残疾人服务",
        "department": "U-区残联",
        "accept_levels": ["street", "community"],
        "statutory_amount": 20,
        "statutory_basis": "示例依据第1条",
        "promised_amount": 15,
        "mobile": True,
        "result_name": "残疾人证",
        "source_note": "示例",
        "bases": [{"text": "残疾人证管理办法（残联发〔2017〕34号）"}],
        "steps": [{"name": "受理", "role": "综合窗口", "workdays": 1}],
        "materials": [dict(entry) for entry in MATERIALS],
        "form_definition": [dict(entry) for entry in FORM],
        **changes,
    }
    return ItemCard(**values)


def draft_item(department: Unit | None = None, parent: Item | None = None, **changes: Any) -> Item:
    """An item with its first draft."""
    unit = department or make_department()
    card = make_card(department=unit.code, **changes)
    return create_item(actor=system_user("sample"), card=card, department=unit, parent=parent)


def published_item(
    department: Unit | None = None,
    parent: Item | None = None,
    **changes: Any,
) -> Item:
    """An item in force; ``item.current`` is its version."""
    item = draft_item(department, parent, **changes)
    version = publish_version(
        actor=system_user("sample"),
        version_id=item.versions.get().pk,
    )
    return version.item


def published_version(**changes: Any) -> ItemVersion:
    """The version in force of a fresh item."""
    version = published_item(**changes).current
    assert version is not None
    return version
