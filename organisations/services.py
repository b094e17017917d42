"""Verbs of the organisation: who holds which post, groups, tokens, system users, own filters."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from organisations.choices import Role, UserKind
from organisations.errors import HoldersClash, NotAClient, TooManyFilters
from organisations.models import ClientToken, Post, SavedFilter, User
from organisations.registry import granted, granted_roles
from organisations.rules import kept_question

MOST_FILTERS, LONGEST_NAME, LONGEST_QUESTION = 9, 40, 1000


def group_name(role: str) -> str:
    """The name of the group that carries a role's permissions."""
    return f"role:{role}"


@transaction.atomic
def ensure_groups() -> None:
    """Every role has a group that carries exactly the permissions granted to it.

    Raises:
        ValueError: an app granted something to a role nobody knows.
    """
    if strange := granted_roles() - set(Role.values):
        raise ValueError(f"permissions are granted to unknown roles {sorted(strange)}")
    for role in Role.values:
        group, _created = Group.objects.get_or_create(name=group_name(role))
        group.permissions.set(_permissions(granted(role)))


def _permissions(names: frozenset[str]) -> list[Permission]:
    wanted = Q(pk__in=())
    for name in names:
        app, _dot, codename = name.partition(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(wanted)) if names else []


def _sync_member(user: User) -> None:
    """The user's role groups are those of his active posts, and the admin lets him in."""
    roles = set(Post.objects.held_by(user).values_list("role", flat=True))
    names = [group_name(role) for role in roles]
    kept = list(user.groups.exclude(name__startswith="role:"))
    user.groups.set([*kept, *Group.objects.filter(name__in=names)])
    if user.kind == UserKind.STAFF and user.is_staff != bool(roles):
        user.is_staff = bool(roles)
        user.save(update_fields=["is_staff"])


@transaction.atomic
def appoint(*, post: Post, holder_a: User | None = None, holder_b: User | None = None) -> Post:
    """The post has these holders; they and their predecessors hold the groups of their posts.

    Raises:
        HoldersClash: A and B are the same person.
    """
    if holder_a and holder_a == holder_b:
        raise HoldersClash
    locked = Post.objects.select_for_update().get(pk=post.pk)
    people = {locked.holder_a_id, locked.holder_b_id}
    locked.holder_a, locked.holder_b = holder_a, holder_b
    locked.save(update_fields=["holder_a", "holder_b"])
    people |= {locked.holder_a_id, locked.holder_b_id}
    for user in User.objects.filter(pk__in=people - {None}):
        _sync_member(user)
    return locked


@transaction.atomic
def register_client(*, username: str, display_name: str, unit: Any) -> User:
    """A client user exists, without password and never staff, holding the client role's group."""
    client, _created = User.objects.get_or_create(
        username=username,
        defaults={"kind": UserKind.CLIENT, "display_name": display_name, "unit": unit},
    )
    client.set_unusable_password()
    client.save(update_fields=["password"])
    group, _created = Group.objects.get_or_create(name=group_name(Role.CLIENT))
    client.groups.add(group)
    return client


@transaction.atomic
def issue_client_token(
    *,
    user: User,
    name: str,
    expiry_days: int = 365,
) -> tuple[ClientToken, str]:
    """A named token and its plain text, which is shown this once and stored only as a hash.

    Raises:
        NotAClient: the user is no API client.
    """
    if user.kind != UserKind.CLIENT:
        raise NotAClient
    return ClientToken.objects.create(user=user, expiry=timedelta(days=expiry_days), name=name)


SYSTEM_NAMES = {
    "sweep": "限时办结引擎",
    "public": "公众服务入口",
    "sample": "示例数据",
    "import": "目录导入",
    "delivery": "消息投递",
    "publication": "目录定时发布",
}


def system_user(name: str) -> User:
    """The named system user, made on first use; it has no password and no entry to the admin."""
    user, created = User.objects.get_or_create(
        username=f"system:{name}",
        defaults={
            "kind": UserKind.SYSTEM,
            "display_name": SYSTEM_NAMES.get(name, name),
        },
    )
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


@transaction.atomic
def keep_filter(*, user: User, place: str, name: str, question: str) -> SavedFilter:
    """The filters of the list are kept for the user; the same name again replaces them.

    Raises:
        InvalidInput: no usable name, or no filter is chosen.
        TooManyFilters: nine are kept for this list.
    """
    called, kept = " ".join(name.split()), kept_question(question)
    if not called or len(called) > LONGEST_NAME or not called.isprintable():
        raise InvalidInput(_("give the filter a name of at most 40 signs"))
    if not kept or len(kept) > LONGEST_QUESTION:
        raise InvalidInput(_("choose the filters to keep first"))
    mine = User.objects.select_for_update().get(pk=user.pk).saved_filters.filter(place=place)
    if mine.exclude(name=called).count() >= MOST_FILTERS:
        raise TooManyFilters
    saved, _made = SavedFilter.objects.update_or_create(
        user=user, place=place, name=called, defaults={"question": kept}
    )
    return saved


def drop_filter(*, user: User, filter_id: int) -> None:
    """The user keeps this filter no more; another's stays where it is."""
    SavedFilter.objects.visible_to(user).filter(pk=filter_id).delete()
