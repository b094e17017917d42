"""Posts, groups, tokens, and what the database refuses."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIRequestFactory

from common import time
from organisations.api.authentication import ClientTokenAuthentication
from organisations.choices import Role
from organisations.errors import HoldersClash, NotAClient
from organisations.models import Absence, Post, Region, Unit, User
from organisations.services import (
    appoint,
    ensure_groups,
    group_name,
    issue_client_token,
    register_client,
    system_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    region = Region.objects.create(code="410503004000", name="灯塔路街道", level="street")
    return Unit.objects.create(code="DT", name="灯塔路街道办事处", kind="street", region=region)


@pytest.fixture
def people() -> tuple[User, User]:
    return (
        User.objects.create_user("a", display_name="甲"),
        User.objects.create_user("b", display_name="乙"),
    )


def test_it_works(unit: Unit, people: tuple[User, User]) -> None:
    first, second = people
    post = Post.objects.create(title="综窗人员", role=Role.CLERK, unit=unit, region=unit.region)
    appoint(post=post, holder_a=first, holder_b=second)
    member = User.objects.get(pk=first.pk)
    assert member.groups.filter(name=group_name(Role.CLERK)).exists()
    assert member.is_staff
    assert member.scope.region_prefixes == ("410503004",)


def test_leaving_the_post_takes_its_group_and_the_entry(
    unit: Unit,
    people: tuple[User, User],
) -> None:
    first, second = people
    post = Post.objects.create(title="综窗人员", role=Role.CLERK, unit=unit, region=unit.region)
    appoint(post=post, holder_a=first)
    appoint(post=post, holder_a=second)
    assert not User.objects.get(pk=first.pk).is_staff


def test_the_b_holder_answers_while_a_is_away(unit: Unit, people: tuple[User, User]) -> None:
    first, second = people
    post = Post.objects.create(title="审批人", role=Role.REVIEWER, unit=unit)
    post = appoint(post=post, holder_a=first, holder_b=second)
    assert post.on_duty() == first
    Absence.objects.create(user=first, starts_on=time.today(), ends_on=time.today())
    assert post.on_duty() == second


def test_who_answers_for_many_posts_is_one_query(
    unit: Unit, people: tuple[User, User], django_assert_num_queries: Any
) -> None:
    first, second = people
    third, away = User.objects.create_user("c"), User.objects.create_user("d", is_active=False)
    pairs = [(first, second), (third, first), (second, None), (away, None), (None, None)]
    for a, b in pairs:
        Post.objects.create(title="人", role=Role.REVIEWER, unit=unit, holder_a=a, holder_b=b)
    Absence.objects.create(user=first, starts_on=time.today(), ends_on=time.today())
    posts = Post.objects.of_role(Role.REVIEWER).order_by("pk")
    with django_assert_num_queries(1):
        assert posts.on_duty(time.today()) == [second, third]
    single = [post.on_duty() for post in posts]
    assert single == [second, third, second, None, None]


def test_permissions_are_djangos_own_in_one_query(
    people: tuple[User, User], django_assert_num_queries: Any
) -> None:
    ensure_groups()
    first, second = people
    first.groups.add(*Group.objects.filter(name__in=map(group_name, (Role.CLERK, Role.HEAD))))
    own = Permission.objects.select_related("content_type").exclude(group__user=first)[0]
    first.user_permissions.add(own)
    expected = ModelBackend().get_all_permissions(User.objects.get(pk=first.pk))
    asked = User.objects.get(pk=first.pk)
    with django_assert_num_queries(1):
        assert asked.get_all_permissions() == expected
        assert asked.has_perm(f"{own.content_type.app_label}.{own.codename}")
        assert asked.has_module_perms("intake")
        assert not asked.has_perm("intake.nothing")
    assert not User.objects.get(pk=second.pk).has_module_perms("intake")
    User.objects.filter(pk=first.pk).update(is_active=False)
    assert User.objects.get(pk=first.pk).get_all_permissions() == set()


def test_a_and_b_are_two_people(unit: Unit, people: tuple[User, User]) -> None:
    post = Post.objects.create(title="审批人", role=Role.REVIEWER, unit=unit)
    with pytest.raises(HoldersClash):
        appoint(post=post, holder_a=people[0], holder_b=people[0])
    post.holder_a = post.holder_b = people[0]
    with pytest.raises(IntegrityError):
        post.save()


def test_the_database_refuses_a_client_in_the_admin() -> None:
    with pytest.raises(IntegrityError):
        User.objects.create(username="c", kind="client", is_staff=True)


def _ask(plain: str) -> object:
    request = APIRequestFactory().get("/", headers={"authorization": f"Token {plain}"})
    return ClientTokenAuthentication().authenticate(request)


def test_a_token_is_stored_hashed_and_opens_the_door(unit: Unit) -> None:
    client = register_client(username="app", display_name="安鑫办", unit=unit)
    token, plain = issue_client_token(user=client, name="一号")
    assert plain not in token.digest
    assert _ask(plain) == (client, token)


def test_an_expired_token_says_so_and_stays_on_record(unit: Unit) -> None:
    client = register_client(username="app", display_name="安鑫办", unit=unit)
    token, plain = issue_client_token(user=client, name="一号")
    token.expiry = time.now() - timedelta(seconds=1)
    token.save()
    with pytest.raises(AuthenticationFailed) as fault:
        _ask(plain)
    assert fault.value.get_codes() == "token_expired"
    assert type(token).objects.filter(pk=token.pk).exists()


def test_people_hold_no_token(people: tuple[User, User]) -> None:
    with pytest.raises(NotAClient):
        issue_client_token(user=people[0], name="x")


def test_a_system_user_is_made_once_and_cannot_log_in() -> None:
    assert system_user("sweep") == system_user("sweep")
    assert not system_user("sweep").has_usable_password()


def test_groups_are_synced_for_every_role() -> None:
    ensure_groups()
    assert Group.objects.filter(name__startswith="role:").count() == len(Role)
