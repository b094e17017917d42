"""A small organisation with posts, and clocks started through the service."""

from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock_time
from typing import Any

from common.time import at_local, freeze
from deadlines.choices import Unit as LimitUnit
from deadlines.models import Clock, ClockRule
from deadlines.rules import Limit
from deadlines.services import SubjectFacts, start_clock
from organisations.choices import Role
from organisations.models import Post, Region, Unit, User
from organisations.services import appoint, ensure_groups, system_user

DISTRICT, STREET, OTHER_STREET = "410503000000", "410503004000", "410503003000"


@dataclass
class Desk:
    """A department with everybody a ladder needs."""

    department: Unit
    handler: User
    stand_in: User
    head: User
    supervisor: User
    clerk: User
    stranger: User
    post: Post


def a_region(code: str, name: str, level: str = "street") -> Region:
    """The region exists."""
    return Region.objects.get_or_create(code=code, defaults={"name": name, "level": level})[0]


def a_unit(code: str, name: str, region: Region, kind: str = "department") -> Unit:
    """The unit exists."""
    values = {"name": name, "kind": kind, "region": region}
    return Unit.objects.get_or_create(code=code, defaults=values)[0]


def a_person(username: str, name: str) -> User:
    """A member of staff exists."""
    found = User.objects.filter(username=username).first()
    return found or User.objects.create_user(username, password="pw", display_name=name)


def a_post(title: str, role: str, unit: Unit, a: User, b: User | None = None) -> Post:
    """A post with its holders exists; it sees the region of its unit."""
    post = Post.objects.create(title=title, role=role, unit=unit, region=unit.region)
    return appoint(post=post, holder_a=a, holder_b=b)


def a_desk() -> Desk:
    """The department of the disabled, a street, a supervision office."""
    ensure_groups()
    district = a_region(DISTRICT, "北关区", "district")
    street = a_region(STREET, "灯塔路街道")
    other = a_region(OTHER_STREET, "红旗路街道")
    department = a_unit("CL", "区残疾人联合会", district)
    office = a_unit("XN", "效能办", district, "supervision")
    here = a_unit("DT", "灯塔路街道办事处", street, "street")
    there = a_unit("HQ", "红旗路街道办事处", other, "street")
    names = {
        "handler": "经办甲",
        "stand_in": "经办乙",
        "head": "科长",
        "supervisor": "督查员",
        "clerk": "窗口甲",
        "stranger": "外街甲",
    }
    people = {key: a_person(f"dl_{key}", name) for key, name in names.items()}
    post = a_post("审批", Role.REVIEWER, department, people["handler"], people["stand_in"])
    a_post("科长", Role.HEAD, department, people["head"])
    a_post("督查", Role.SUPERVISOR, office, people["supervisor"])
    a_post("综窗", Role.CLERK, here, people["clerk"])
    a_post("综窗", Role.CLERK, there, people["stranger"])
    fresh = {key: User.objects.get(pk=person.pk) for key, person in people.items()}
    return Desk(department=department, post=post, **fresh)


def moment(day: str, clock: str = "09:00") -> datetime:
    """An instant on the clock of Asia/Shanghai."""
    return at_local(date.fromisoformat(day), clock_time.fromisoformat(clock))


def workdays(amount: int | None) -> Limit | None:
    """A limit in working days, or none."""
    return None if amount is None else Limit(amount, LimitUnit.WORKDAY)


def a_clock(
    desk: Desk,
    *,
    start: str = "2021-12-03",
    promised: int | None = 5,
    statutory: int | None = 20,
    rule: str = "APP-07",
    number: str = "BG-1",
    served: bool = False,
    **subject: Any,
) -> Clock:
    """A clock of a case of the desk, started at nine that day."""
    facts = {
        "kind": "probe",
        "label": "残疾人证办理",
        "number": number,
        "region_code": STREET,
        "department": desk.department,
        "handler": desk.handler,
    }
    begun = moment(start)
    with freeze(begun):
        return start_clock(
            actor=system_user("sample"),
            subject=SubjectFacts(**(facts | subject)),
            statutory=workdays(statutory),
            promised=workdays(promised),
            rule=ClockRule.objects.current(rule, begun.date()) if rule else None,
            started_at=begun,
            served=served,
        )


def notice_2027() -> dict[str, Any]:
    """A notice for 2027 as the State Council might write it; it changes the December before."""
    return {
        "year": 2027,
        "title": "国务院办公厅关于2027年部分节假日安排的通知",
        "notices": [{"number": "国办发明电〔2026〕9号", "published_on": "2026-11-20"}],
        "holidays": [
            {"name": "元旦", "from": "2026-12-31", "to": "2027-01-02"},
            {"name": "春节", "from": "2027-02-05", "to": "2027-02-13"},
            {"name": "清明节", "from": "2027-04-03", "to": "2027-04-05"},
            {"name": "劳动节", "from": "2027-05-01", "to": "2027-05-05"},
            {"name": "端午节", "from": "2027-06-09", "to": "2027-06-09"},
            {"name": "中秋节", "from": "2027-09-15", "to": "2027-09-15"},
            {"name": "国庆节", "from": "2027-10-01", "to": "2027-10-07"},
        ],
        "workdays": ["2026-12-26", "2027-01-30", "2027-02-14", "2027-05-08", "2027-10-09"],
    }
