"""Regions, units, service points, windows, posts, and whoever acts."""

from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager

from common import time
from common.pinyin import initials
from organisations.choices import PointKind, RegionLevel, Role, UnitKind, UserKind
from organisations.querysets import (
    AbsenceQuerySet,
    ClientTokenQuerySet,
    DirectoryQuerySet,
    PostQuerySet,
    RegionQuerySet,
    SavedFilterQuerySet,
    UserQuerySet,
)
from organisations.rules import Scope, region_prefix, scope_of


class Region(models.Model):
    """A place of the 12-digit statistical code; a prefix is an ancestor."""

    code = models.CharField(_("code"), max_length=12, primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    level = models.CharField(_("level"), max_length=10, choices=RegionLevel)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("lies in"),
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{12}$"),
                name="region_code_has_twelve_digits",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """The digits its descendants share: 6, 9 or 12."""
        return region_prefix(self.code)


class Unit(models.Model):
    """A department, street office, community or other organ."""

    code = models.CharField(_("code"), max_length=50, unique=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    initials = models.CharField(_("pinyin initials"), max_length=60, blank=True, db_index=True)
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, verbose_name=_("region"))
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    phone = models.CharField(_("telephone"), max_length=30, blank=True)

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.short_name or self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The row is stored with its pinyin initials."""
        self.initials = initials(self.name)[:60]
        super().save(*args, **kwargs)


class ServicePoint(models.Model):
    """Where people come: a hall, a street centre, a community station."""

    code = models.CharField(_("code"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=PointKind)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, verbose_name=_("region"))
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="points",
        verbose_name=_("run by"),
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    hours = models.CharField(_("opening hours"), max_length=120, blank=True)

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("service point")
        verbose_name_plural = _("service points")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """A numbered window at a service point."""

    point = models.ForeignKey(
        ServicePoint,
        on_delete=models.PROTECT,
        related_name="windows",
        verbose_name=_("service point"),
    )
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=60, blank=True)
    comprehensive = models.BooleanField(_("takes any item"), default=True)

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("window")
        verbose_name_plural = _("windows")
        ordering = ("point_id", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("point", "number"),
                name="a_point_numbers_its_windows_once",
            ),
        )

    def __str__(self) -> str:
        return self.name or str(_("Window %(number)s") % {"number": self.number})


class AccountManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's way of making users, with our reads."""


class User(AbstractUser):  # type: ignore[django-manager-missing] # knox gives its manager no type
    """Whoever acts: staff, an API client, or the house itself (sweep, public doors)."""

    kind = models.CharField(_("kind"), max_length=10, choices=UserKind, default=UserKind.STAFF)
    display_name = models.CharField(_("name"), max_length=60, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("unit"),
    )

    objects = AccountManager()  # type: ignore[misc] # Django's own manager is declared per class

    class Meta(AbstractUser.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(kind=UserKind.STAFF) | Q(is_staff=False, is_superuser=False),
                name="only_people_enter_the_admin",
            ),
        )

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """The name a colleague knows."""
        return str(self)

    def get_short_name(self) -> str:
        """The same name: Chinese names are not shortened."""
        return str(self)

    @cached_property
    def acting_posts(self) -> list["Post"]:
        """The active posts this user holds as A or B, read once per object."""
        return list(Post.objects.held_by(self).for_list())

    @cached_property
    def scope(self) -> Scope:
        """What this user may see, read once per object."""
        if self.is_superuser or self.kind == UserKind.SYSTEM:
            return Scope(everything=True, roles=frozenset({Role.ADMINISTRATOR}))
        scope = scope_of(self.acting_posts)
        if self.kind == UserKind.CLIENT and self.unit and not scope.region_prefixes:
            return Scope(
                region_prefixes=(region_prefix(self.unit.region_id),),
                roles=frozenset({Role.CLIENT}),
            )
        return scope

    @property
    def post_label(self) -> str:
        """The post under which he acts, as events record it; empty for a system."""
        return str(self.acting_posts[0]) if self.acting_posts else ""

    def has_role(self, *roles: str) -> bool:
        """Whether one of his posts has one of the roles."""
        return bool(self.scope.roles & set(roles))

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """The house itself may do everything; others what their posts' groups say."""
        if self.kind == UserKind.SYSTEM and self.is_active:
            return True
        return super().has_perm(perm, obj)


class Post(models.Model):
    """A post with an A and a B holder (AB 顶岗): duties belong to posts, not to people."""

    title = models.CharField(_("title"), max_length=60)
    role = models.CharField(_("role"), max_length=16, choices=Role)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="posts",
        verbose_name=_("unit"),
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("sees the region"),
    )
    point = models.ForeignKey(
        ServicePoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("service point"),
    )
    window = models.ForeignKey(
        Window,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("window"),
    )
    holder_a = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts_as_a",
        verbose_name=_("A holder"),
    )
    holder_b = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts_as_b",
        verbose_name=_("B holder"),
    )
    active = models.BooleanField(_("in force"), default=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ("unit_id", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(holder_a__isnull=True) | ~Q(holder_a=F("holder_b")),
                name="a_and_b_are_two_people",
            ),
        )

    def __str__(self) -> str:
        return f"{self.point or self.unit} {self.title}"

    @property
    def scope_code(self) -> str:
        """The 12-digit region whose matters the holder sees; empty for none."""
        if self.region_id:
            return str(self.region_id)
        return str(self.point.region_id) if self.point else ""

    def on_duty(self, at: Any = None) -> User | None:
        """Who answers on the day of ``at`` (default now): A, or B when A is away."""
        day = time.local_date(at or time.now())
        holders = [holder for holder in (self.holder_a, self.holder_b) if holder]
        away = Absence.objects.on(day).filter(user__in=holders)
        return self.first_present(set(away.values_list("user_id", flat=True)))

    def first_present(self, away: Collection[int]) -> User | None:
        """The first active holder who is not among those away."""
        holders = (self.holder_a, self.holder_b)
        return next((h for h in holders if h and h.is_active and h.pk not in away), None)


class Absence(models.Model):
    """Days, both included, on which someone is away and his B holder answers."""

    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        related_name="absences",
        verbose_name=_("who"),
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("-starts_on",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="absence_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.starts_on}–{self.ends_on}"


class TokenManager(AuthTokenManager.from_queryset(ClientTokenQuerySet)):  # type: ignore[misc]
    """Knox's way of making tokens, with our reads."""

    def get_queryset(self) -> Any:
        """Tokens with whatever a request by one of them needs of its client."""
        held = Post.objects.active().filter(
            Q(holder_a=OuterRef("user")) | Q(holder_b=OuterRef("user"))
        )
        return super().get_queryset().select_related("user__unit").annotate(on_post=Exists(held))


class ClientToken(AbstractAuthToken):
    """A hashed, expiring, named token of an API client; several may live while one is rotated."""

    name = models.CharField(_("name"), max_length=60)
    created = models.DateTimeField(_("issued at"), default=time.now)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = TokenManager()

    class Meta:
        verbose_name = _("client token")
        verbose_name_plural = _("client tokens")

    def __str__(self) -> str:
        return f"{self.user} · {self.name}"

    @property
    def usable(self) -> bool:
        """Neither revoked nor past its expiry."""
        expired = self.expiry is not None and self.expiry <= time.now()
        return not expired and self.revoked_at is None


class SavedFilter(models.Model):
    """Filters of one admin list that somebody keeps for himself under a name.

    ``question`` never holds what was searched for: it may name a person.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="saved_filters", verbose_name=_("who")
    )
    place = models.CharField(_("list"), max_length=100)
    name = models.CharField(_("name"), max_length=40)
    question = models.CharField(_("filters"), max_length=1000)
    kept_at = models.DateTimeField(_("kept at"), default=time.now)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("user", "place", "name"), name="a_list_has_one_filter_of_a_name"
            ),
        )

    def __str__(self) -> str:
        return self.name
