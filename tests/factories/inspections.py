"""A small district of inspections, made through the services."""

import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common import time
from inspections.choices import CampaignKind, SubjectType
from inspections.models import (
    Campaign,
    CampaignTarget,
    ChecklistVersion,
    Dispatch,
    Order,
    Visit,
)
from inspections.services import (
    CampaignInput,
    Failure,
    add_targets,
    create_campaign,
    dispatch_officers,
    ensure_profiles,
    load_checklist,
    open_visit,
    publish_checklist,
    register_subject,
    submit_filled,
    walk_visit,
)
from organisations.choices import RegionLevel, Role, UnitKind
from organisations.models import Post, Region, Unit, User
from organisations.services import appoint, ensure_groups, system_user

CHECKLIST = settings.BASE_DIR / "sample/data/canteen_checklist.csv"
DISTRICT, STREET, OTHER_STREET = "410503000000", "410503004000", "410503005000"
ROWS = [
    {"code": "1.1", "group": "经营资质", "text": "持有有效《食品经营许可证》", "is_key": True,
     "method": "查证照", "clause": "食品安全法第35条"},
    {"code": "1.2", "group": "经营资质", "text": "许可证在显著位置公示", "is_key": False,
     "method": "查现场", "clause": "学校食品安全与营养健康管理规定第24条"},
    {"code": "12.1", "group": "食品留样", "text": "每餐次每种成品留样≥125克", "is_key": True,
     "method": "查留样柜", "clause": "学校食品安全与营养健康管理规定第40条"},
]  # fmt: skip
UNTIDY = {"12.1": Failure("留样柜内11月23日午餐无留样", "按规定留样", "每种≥125克,冷藏≥48小时")}
SUBJECT_KINDS = {"market": SubjectType.CANTEEN, "street": SubjectType.WORKSITE}


def make_region(code: str = DISTRICT, name: str = "北关区") -> Region:
    """A region of the district."""
    level = RegionLevel.DISTRICT if code.endswith("000000") else RegionLevel.STREET
    region, _new = Region.objects.get_or_create(code=code, defaults={"name": name, "level": level})
    return region


def make_unit(
    code: str, name: str, region: str = DISTRICT, kind: str = UnitKind.DEPARTMENT
) -> Unit:
    """A unit of the district."""
    unit, _new = Unit.objects.get_or_create(
        code=code,
        defaults={"name": name, "short_name": name, "kind": kind, "region": make_region(region)},
    )
    return unit


def make_officer(username: str, unit: Unit, role: str = Role.INSPECTOR, region: str = "") -> User:
    """A member of staff on a post of the unit, holding its role's permissions."""
    ensure_groups()
    user = User.objects.create_user(
        username=username, password="yichuang-demo", display_name=f"{username}员", unit=unit
    )
    post = Post.objects.create(
        title=str(role),
        role=role,
        unit=unit,
        region=make_region(region or unit.region_id, unit.name),
    )
    appoint(post=post, holder_a=user)
    return User.objects.get(pk=user.pk)


@dataclass
class Scene:
    """A campaign of three subjects with two officers and their head."""

    campaign: Campaign
    unit: Unit
    officer: User
    second: User
    head: User

    @property
    def targets(self) -> list[CampaignTarget]:
        """Its targets in order."""
        return list(self.campaign.targets.order_by("pk"))

    def outing(self, *officers: User, **facts: Any) -> Dispatch:
        """An outing of the two officers, or of those given."""
        return dispatch_officers(
            actor=self.officer,
            campaign_id=self.campaign.pk,
            officers=officers or (self.officer, self.second),
            client_uuid=uuid4(),
            **facts,
        )

    def draft(self, place: int = 0) -> Visit:
        """A visit just begun."""
        return open_visit(
            actor=self.officer,
            target_id=self.targets[place].pk,
            dispatch_id=self.outing().pk,
            client_uuid=uuid4(),
        )

    def submitted(self, place: int = 0, *, failures: dict[str, Failure] | None = None) -> Visit:
        """A submitted visit, without an order."""
        visit = self.draft(place)
        return submit_filled(
            actor=self.officer, visit=visit, failures=UNTIDY if failures is None else failures
        )

    def ordered(self, place: int = 0, due_on: date | None = None) -> Order:
        """An order for one failed item."""
        _visit, order = walk_visit(
            actor=self.officer,
            target_id=self.targets[place].pk,
            dispatch_id=self.outing().pk,
            failures=UNTIDY,
            due_on=due_on,
        )
        assert order is not None
        return order


def whole_checklist() -> ChecklistVersion:
    """The 47 items of the school canteens."""
    return load_checklist(
        actor=system_user("sample"), path=CHECKLIST, code="canteen-47", name="学校食堂检查表"
    )


def make_scene(
    profile: str = "market", name: str = "", checklist: ChecklistVersion | None = None
) -> Scene:
    """A campaign that is ready to begin, of the market regulator or of a street."""
    if profile == "market":
        unit, role = make_unit("scjg", "区市场监督管理局"), Role.INSPECTOR
    else:
        unit = make_unit("dengta", "灯塔路街道", STREET, UnitKind.STREET)
        role = Role.PATROLLER
    prefix = name or profile
    officer, second = (make_officer(f"{prefix}{n}", unit, role) for n in (1, 2))
    head = make_officer(f"{prefix}_head", unit, Role.HEAD)
    campaign = make_campaign(unit, profile, head, checklist=checklist)
    return Scene(campaign, unit, officer, second, head)


def make_campaign(
    unit: Unit,
    profile: str,
    head: User,
    count: int = 3,
    checklist: ChecklistVersion | None = None,
) -> Campaign:
    """A campaign with ``count`` subjects in one street."""
    house = system_user("sample")
    version = checklist or publish_checklist(
        actor=house, code="canteen", name="学校食堂检查表", rows=ROWS
    )
    campaign = create_campaign(
        actor=head,
        facts=CampaignInput(
            name=f"{unit}专项检查",
            kind=CampaignKind.SPECIAL,
            profile=ensure_profiles()[profile],
            checklist=version,
            lead_unit=unit,
            starts_on=time.today() - timedelta(days=30),
        ),
        client_uuid=uuid4(),
    )
    subjects = [
        register_subject(
            actor=house,
            subject_type=SUBJECT_KINDS[profile],
            name=f"示例第{number}小学食堂",
            region_code=STREET,
            department=unit,
            address=f"灯塔路{number}号",
        )
        for number in range(1, count + 1)
    ]
    add_targets(actor=head, campaign_id=campaign.pk, subjects=subjects)
    return campaign


def photo_bytes(colour: str = "white", kind: str = "JPEG", **options: Any) -> bytes:
    """A small picture."""
    stream = io.BytesIO()
    Image.new("RGB", (32, 24), colour).save(stream, kind, **options)
    return stream.getvalue()


def photo(name: str = "现场.jpg", **options: Any) -> SimpleUploadedFile:
    """A picture as a browser sends it."""
    return SimpleUploadedFile(name, photo_bytes(**options), "image/jpeg")


def photo_with_place() -> bytes:
    """A picture whose camera wrote time and place: 36°06′N 114°21′E."""
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({0x9003: "2026:11:23 10:15:00", 0x9011: "+08:00"})
    exif.get_ifd(0x8825).update({1: "N", 2: (36.0, 6.0, 0.0), 3: "E", 4: (114.0, 21.0, 0.0)})
    return photo_bytes(exif=exif)
