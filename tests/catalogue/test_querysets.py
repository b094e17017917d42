"""Reads: search, where accepted, who sees what."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from catalogue.choices import Level
from catalogue.models import Item, ItemVersion
from catalogue.services import suspend_version
from organisations.choices import Role
from organisations.models import Post, User
from organisations.services import appoint, system_user
from tests.factories.catalogue import (
    COMMUNITY,
    DISTRICT,
    draft_item,
    make_department,
    make_point,
    make_region,
    published_item,
)

pytestmark = pytest.mark.django_db


def names(rows: Any) -> list[str]:
    return [item.name for item in rows]


@pytest.fixture
def _catalogue() -> None:
    published_item(code="BG-CL-001", name="残疾人证办理")
    published_item(code="BG-CL-002", name="残疾人证换领", mobile=False)
    published_item(code="BG-MZ-001", name="困难残疾人生活补贴", accept_levels=["district"])
    published_item(code="GA-001", name="居住证办理（新办）", accept_levels=["community"])


@pytest.mark.usefixtures("_catalogue")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("残疾人证", ["残疾人证办理", "残疾人证换领"]),
        ("cjrz", ["残疾人证办理", "残疾人证换领"]),
        ("CJRZBL", ["残疾人证办理"]),
        ("cjr", ["残疾人证办理", "残疾人证换领", "困难残疾人生活补贴"]),
        ("canjirenzhengban", ["残疾人证办理"]),
        ("cjzhl", ["残疾人证换领"]),
        ("jzzxb", ["居住证办理（新办）"]),
        ("knshbt", ["困难残疾人生活补贴"]),
        ("jrzbl", ["残疾人证办理"]),
        ("rsbt", ["困难残疾人生活补贴"]),
        ("cjrzz", ["残疾人证办理", "残疾人证换领"]),
        ("xyzw", []),
        ("残疾人正", ["残疾人证办理", "残疾人证换领", "困难残疾人生活补贴"]),
        ("残废人证办理", ["残疾人证办理"]),
        ("残人疾证换领", ["残疾人证换领"]),
        ("残疾证办理", ["残疾人证办理"]),
        ("居住居证办理", ["居住证办理（新办）"]),
        ("居往证", ["居住证办理（新办）"]),
        ("canjirenzengban", ["残疾人证办理"]),
        ("canjirnezhengban", ["残疾人证办理"]),
        ("cjtzhl", ["残疾人证换领"]),
        ("残疾人正 换令", []),
        ("残废人正", []),
        ("cjxyhl", []),
        ("bg-mz", ["困难残疾人生活补贴"]),
        ("ＧＡ－００１", ["居住证办理（新办）"]),
        ("残疾 换领", ["残疾人证换领"]),
        ("没有这个事项", []),
        ("%", []),
        ("'; drop table", []),
    ],
)
def test_it_works(typed: str, found: list[str]) -> None:
    assert sorted(names(Item.objects.live().search(typed))) == sorted(found)


@pytest.mark.usefixtures("_catalogue")
def test_an_error_is_forgiven_only_where_nothing_fits_as_typed() -> None:
    assert names(Item.objects.search("残疾人证换")) == ["残疾人证换领"]
    assert names(Item.objects.search("残疾人证换令")) == ["残疾人证换领"]


def test_what_is_forgiven_never_shows_what_is_out_of_sight() -> None:
    draft_item(code="D-1", name="残疾人证办理")
    seen = Item.objects.visible_to(AnonymousUser())
    assert names(seen.search("残疾人正")) == []
    assert names(seen.search("残疾人证")) == []


@pytest.mark.usefixtures("_catalogue")
def test_the_beginning_comes_first() -> None:
    assert names(Item.objects.search("残疾人"))[-1] == "困难残疾人生活补贴"


@pytest.mark.usefixtures("_catalogue")
def test_initials_with_gaps_come_last() -> None:
    published_item(code="BG-AA-001", name="残疾人机动轮椅车燃油补贴发放证换领")
    assert names(Item.objects.search("cjrzhl")) == [
        "残疾人证换领",
        "残疾人机动轮椅车燃油补贴发放证换领",
    ]


@pytest.mark.usefixtures("_catalogue")
def test_empty_words_find_everything() -> None:
    assert Item.objects.search("  ").count() == 4


@pytest.mark.usefixtures("_catalogue")
def test_where_items_are_accepted() -> None:
    centre, station, hall = (
        make_point(),
        make_point(COMMUNITY, "社区站"),
        make_point(DISTRICT, "大厅"),
    )
    assert len(Item.objects.acceptable_at(centre)) == 2
    assert "居住证办理（新办）" in names(Item.objects.acceptable_at(station))
    assert names(Item.objects.acceptable_at(hall)) == ["困难残疾人生活补贴"]


def test_another_district_accepts_nothing_of_ours() -> None:
    published_item(accept_levels=["district"])
    elsewhere = make_point("511602000000", "广安区大厅")
    assert not Item.objects.acceptable_at(elsewhere).exists()


def test_guides_are_no_case_items() -> None:
    published_item(nature="query", form_definition=[])
    assert not Item.objects.acceptable_at(make_point()).exists()
    assert Item.objects.accepted_at_level(Level.STREET).count() == 1


def test_totals_count_live_items_only() -> None:
    published_item()
    dead = published_item(code="X")
    suspend_version(actor=system_user("sample"), version_id=dead.current_id, note="x")
    draft_item(code="Y")
    assert Item.objects.totals() == {
        "live": 1,
        "street": 1,
        "community": 1,
        "district": 0,
        "mobile": 1,
    }
    assert Item.objects.themes() == [{"theme": "残疾人服务", "items": 1}]


def holder(role: str, **where: Any) -> User:
    user = User.objects.create_user(f"user-{role}")
    post = Post.objects.create(title=role, role=role, **where)
    appoint(post=post, holder_a=user)
    return User.objects.get(pk=user.pk)


def test_drafts_are_seen_within_the_scope_only() -> None:
    published_item()
    draft = draft_item(code="D")
    department, other = make_department(), make_department("区民政局")
    reviewer = holder(Role.REVIEWER, unit=department)
    stranger = holder(Role.HEAD, unit=other)
    supervisor = holder(Role.SUPERVISOR, unit=other, region=make_region())
    for user, count in ((reviewer, 2), (stranger, 1), (supervisor, 2), (AnonymousUser(), 1)):
        assert Item.objects.visible_to(user).count() == count
        assert ItemVersion.objects.visible_to(user).count() == count
    assert draft in Item.objects.visible_to(reviewer)


@pytest.mark.parametrize("size", [2, 12])
def test_lists_ask_the_same_number_of_questions(
    size: int,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for number in range(size):
        published_item(code=f"N{number}")
    with django_assert_num_queries(1):
        for item in Item.objects.visible_to(AnonymousUser()).live().search("cjr").for_list():
            assert item.department.name
            assert item.current.promised_text
    with django_assert_num_queries(8):
        for item in Item.objects.live().for_guide():
            assert list(item.current.materials.all())
            assert list(item.situations.all()) == []
