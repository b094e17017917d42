"""Accounts and posts: each post with an A and a B holder, one password for the sample."""

from dataclasses import dataclass, field
from typing import Final

from django.contrib.auth.hashers import make_password

from common import time
from organisations.choices import Role, UnitKind, UserKind
from organisations.models import Post, ServicePoint, Unit, User, Window
from organisations.services import appoint, ensure_groups, register_client
from sample.services.files import Row, rows
from sample.services.people import People
from sample.services.places import DISTRICT, Places

PASSWORD: Final = "yichuang-demo"  # noqa: S105 - printed for everyone, sample only
CLIENT = "anxinban"
INSPECTORS = 22
INSPECTING = "shijian"
SUPERVISING = "xiaoneng"
HALL = "dating"
ADMINISTRATOR = "admin"


@dataclass
class PostPlan:
    """A post to be filled, by usernames."""

    title: str
    role: Role
    unit: Unit
    holder_a: str
    holder_b: str = ""
    point: ServicePoint | None = None
    window: Window | None = None
    region: str = ""


@dataclass
class StaffPlan:
    """Accounts and posts before they are stored."""

    accounts: dict[str, Unit] = field(default_factory=dict)
    posts: list[PostPlan] = field(default_factory=list)

    def people(self, prefix: str, amount: int, unit: Unit) -> list[str]:
        """Usernames ``prefix01`` ff. of the unit."""
        names = [f"{prefix}{number:02d}" for number in range(1, amount + 1)]
        self.accounts.update(dict.fromkeys(names, unit))
        return names

    def pair(
        self, title: str, role: Role, unit: Unit, names: tuple[str, str], *, region: str = ""
    ) -> None:
        """A post of the unit whose two holders stand in for each other."""
        self.accounts.update(dict.fromkeys(names, unit))
        self.posts.append(PostPlan(title, role, unit, names[0], names[1], region=region))


def build_staff(places: Places, found: list[Row], people: People) -> dict[str, User]:
    """Everybody has an account and his posts; users by username."""
    ensure_groups()
    plan = StaffPlan()
    for row in found:
        _plan_point(plan, places, row)
    for row in rows("units"):
        _plan_department(plan, places.units[row["code"]], row["account"])
    _plan_office(plan, places)
    users = _store_accounts(plan, people)
    _store_posts(plan, users)
    users[CLIENT] = register_client(
        username=CLIENT, display_name="安鑫办（示例接口）", unit=places.units["410503-ZW"]
    )
    return users


def _plan_point(plan: StaffPlan, places: Places, row: Row) -> None:
    """Window posts: holders of neighbouring windows stand in for each other in pairs."""
    point, windows = places.points[row["code"]], places.windows[row["code"]]
    names = plan.people(row["account"], int(row["staff"]), point.unit)
    for place, window in enumerate(windows):
        first = names[2 * place % len(names)]
        second = names[(2 * place + 1) % len(names)]
        plan.posts.append(
            PostPlan(f"{window.name}岗", Role.CLERK, point.unit, first, second, point, window)
        )
    if row["kind"] == "street_centre":
        _plan_street(plan, point, row["account"])
    elif row["kind"] == "community_station":
        plan.posts.append(PostPlan("站长岗", Role.HEAD, point.unit, names[0], names[1], point))


def _plan_street(plan: StaffPlan, point: ServicePoint, account: str) -> None:
    reviewers = f"{account}_sp01", f"{account}_sp02"
    plan.pair("审批岗", Role.REVIEWER, point.unit, reviewers)
    heads = f"{account}_head", f"{account}_vice"
    plan.pair("中心主任岗", Role.HEAD, point.unit, heads)
    patrollers = f"{account}_wg01", f"{account}_wg02"
    plan.pair("网格巡查岗", Role.PATROLLER, point.unit, patrollers, region=point.region_id)


def _plan_department(plan: StaffPlan, unit: Unit, account: str) -> None:
    if unit.kind != UnitKind.SUPERVISION:
        names = ("sp01", "sp02") if account == INSPECTING else ("01", "02")
        joint = "_" if account == INSPECTING else ""
        plan.pair(
            "审批岗", Role.REVIEWER, unit, (account + joint + names[0], account + joint + names[1])
        )
    plan.pair("负责人岗", Role.HEAD, unit, (f"{account}_head", f"{account}_vice"))
    if account == INSPECTING:
        officers = plan.people(INSPECTING, INSPECTORS, unit)
        for place in range(0, INSPECTORS, 2):
            pair = officers[place], officers[place + 1]
            plan.pair(f"执法{place // 2 + 1}岗", Role.INSPECTOR, unit, pair, region=DISTRICT)


def _plan_office(plan: StaffPlan, places: Places) -> None:
    office, centre = places.units["410503-XN"], places.units["410503-ZW"]
    pair = f"{SUPERVISING}01", f"{SUPERVISING}02"
    plan.pair("效能监察岗", Role.SUPERVISOR, office, pair, region=DISTRICT)
    chiefs = f"{HALL}_zg01", f"{HALL}_zg02"
    plan.pair("大厅主管岗", Role.SUPERVISOR, centre, chiefs, region=DISTRICT)
    keepers = ADMINISTRATOR, f"{ADMINISTRATOR}02"
    plan.pair("系统管理岗", Role.ADMINISTRATOR, centre, keepers, region=DISTRICT)


def _store_accounts(plan: StaffPlan, people: People) -> dict[str, User]:
    password, moment = make_password(PASSWORD), time.now()
    made = User.objects.bulk_create(
        User(
            username=username,
            password=password,
            kind=UserKind.STAFF,
            is_staff=True,
            display_name=people.draw().name,
            unit=unit,
            date_joined=moment,
        )
        for username, unit in plan.accounts.items()
    )
    return {user.username: user for user in made}


def _store_posts(plan: StaffPlan, users: dict[str, User]) -> None:
    for planned in plan.posts:
        post = Post.objects.create(
            title=planned.title,
            role=planned.role,
            unit=planned.unit,
            point=planned.point,
            window=planned.window,
            region_id=planned.region or None,
        )
        appoint(post=post, holder_a=users[planned.holder_a], holder_b=users[planned.holder_b])
