"""A small district with clocks that somebody let run out."""

from dataclasses import dataclass
from datetime import date, datetime, time

from common.time import at_local, freeze
from deadlines.choices import Debtor, Unit
from deadlines.models import Clock
from deadlines.rules import Limit
from deadlines.services import SubjectFacts, start_clock, sweep
from organisations.choices import RegionLevel, Role, UnitKind
from organisations.models import Post, Region, User
from organisations.models import Unit as Organ
from organisations.services import appoint, system_user
from supervision.models import Card

DISTRICT = "410503000000"
STREET = "410503004000"
OTHER_STREET = "410503003000"
START = at_local(date(2026, 11, 2), time(10))  # a Monday; promise 5 days: 11-09, statute 20: 11-30
AFTER_YELLOW = at_local(date(2026, 11, 10), time(0, 5))
AFTER_SILENCE = at_local(date(2026, 11, 13), time(0, 5))
AFTER_STATUTE = at_local(date(2026, 12, 1), time(0, 5))


@dataclass
class District:
    """Who is there."""

    organ: Organ
    other_organ: Organ
    reviewer: User
    head: User
    other_head: User
    supervisor: User
    administrator: User
    clerk: User


def _region(code: str, name: str, level: str, parent: Region | None = None) -> Region:
    return Region.objects.get_or_create(
        code=code, defaults={"name": name, "level": level, "parent": parent}
    )[0]


def _person(username: str, name: str, role: str, organ: Organ, region: Region | None) -> User:
    user = User.objects.create_user(username, password="demo-demo", display_name=name, unit=organ)
    post = Post.objects.create(title=name, role=role, unit=organ, region=region)
    appoint(post=post, holder_a=user)
    return User.objects.get(pk=user.pk)


def make_district() -> District:
    """Two streets, two departments, one person a role."""
    district = _region(DISTRICT, "北关区", RegionLevel.DISTRICT)
    street = _region(STREET, "灯塔路街道", RegionLevel.STREET, district)
    _region(OTHER_STREET, "曙光路街道", RegionLevel.STREET, district)
    organ = Organ.objects.create(
        code="T-CL",
        name="北关区残疾人联合会",
        short_name="区残联",
        kind=UnitKind.DEPARTMENT,
        region=district,
    )
    other = Organ.objects.create(
        code="T-MZ",
        name="北关区民政局",
        short_name="区民政局",
        kind=UnitKind.DEPARTMENT,
        region=district,
    )
    office = Organ.objects.create(
        code="T-XN", name="北关区效能办", kind=UnitKind.SUPERVISION, region=district
    )
    street_office = Organ.objects.create(
        code="T-DT", name="灯塔路街道办事处", kind=UnitKind.STREET, region=street
    )
    return District(
        organ=organ,
        other_organ=other,
        reviewer=_person("t-reviewer", "赵敏", Role.REVIEWER, organ, None),
        head=_person("t-head", "钱进", Role.HEAD, organ, None),
        other_head=_person("t-other-head", "孙立", Role.HEAD, other, None),
        supervisor=_person("t-supervisor", "李察", Role.SUPERVISOR, office, district),
        administrator=_person("t-admin", "周管", Role.ADMINISTRATOR, office, None),
        clerk=_person("t-clerk", "吴窗", Role.CLERK, street_office, street),
    )


def make_clock(
    district: District,
    *,
    number: str = "BG-1",
    organ: Organ | None = None,
    handler: User | None = None,
    region: str = STREET,
    debtor: str = Debtor.UNIT,
    started_at: datetime = START,
    label: str = "残疾人证办理",
    topic: str = "T-001",
) -> Clock:
    """A clock that began at ``started_at``: 5 working days promised, 20 by statute."""
    facts = SubjectFacts(
        kind="test",
        label=label,
        number=number,
        region_code=region,
        department=organ or district.organ,
        handler=handler,
        topic_code=topic,
        debtor=debtor,
    )
    with freeze(started_at):
        return start_clock(
            actor=system_user("sample"),
            subject=facts,
            statutory=Limit(20, Unit.WORKDAY),
            promised=Limit(5, Unit.WORKDAY),
        )


def sweep_at(moment: datetime) -> None:
    """The engine has looked at ``moment``."""
    with freeze(moment):
        sweep()


def make_yellow_card(district: District, **clock: object) -> Card:
    """A card whose promise has passed."""
    made = make_clock(district, handler=district.reviewer, **clock)  # type: ignore[arg-type]
    sweep_at(AFTER_YELLOW)
    return Card.objects.get(clock=made)
