"""Reads of the organisation, and the mixin by which every business queryset is scoped."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from organisations.rules import Scope


def scope_for(user: Any) -> Scope:
    """The user's scope, from the posts he holds; kept on the user object."""
    scope = getattr(user, "scope", None)
    return scope if isinstance(scope, Scope) else Scope()


def region_filter(scope: Scope, path: str) -> Q:
    """Rows whose 12-digit code at ``path`` lies in the scope's regions."""
    condition = Q(pk__in=())
    for prefix in scope.region_prefixes:
        condition |= Q(**{f"{path}__startswith": prefix})
    return condition


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows a user may see: by region prefix or by department. First call at every door."""

    region_path: ClassVar[str] = "region_code"
    unit_path: ClassVar[str] = "department_id"

    def visible_to(self, user: Any) -> Self:
        """Rows within the user's scope; none for a stranger."""
        scope = scope_for(user)
        if scope.everything:
            return self
        return self.filter(self.scope_condition(scope))

    def scope_condition(self, scope: Scope) -> Q:
        """The condition of ``visible_to``; an app with another rule overrides this."""
        condition = region_filter(scope, self.region_path) if self.region_path else Q(pk__in=())
        if self.unit_path and scope.unit_ids:
            condition |= Q(**{f"{self.unit_path}__in": scope.unit_ids})
        return condition

    def locked(self) -> Self:
        """The same rows, their locks held until the transaction ends."""
        return self.select_for_update(of=("self",))


class RegionQuerySet(models.QuerySet[Any]):
    """Regions by their place in the tree, which is the code itself."""

    def within(self, prefix: str) -> Self:
        """The region and everything below it."""
        return self.filter(code__startswith=prefix)

    def visible_to(self, user: Any) -> Self:
        """Public geography: everyone signed in may read it."""
        return self if user.is_authenticated else self.none()


class DirectoryQuerySet(models.QuerySet[Any]):
    """Units, points, windows, posts: the directory, open to all staff."""

    def visible_to(self, user: Any) -> Self:
        """The directory is open to everyone signed in."""
        return self if user.is_authenticated else self.none()


class PostQuerySet(DirectoryQuerySet):
    """Posts and who stands on them."""

    def active(self) -> Self:
        """Posts that exist today."""
        return self.filter(active=True)

    def held_by(self, user: Any) -> Self:
        """Posts the user holds as A or as B."""
        return self.active().filter(Q(holder_a=user) | Q(holder_b=user))

    def of_role(self, role: str) -> Self:
        """Posts of one role."""
        return self.active().filter(role=role)

    def for_list(self) -> Self:
        """With unit, point and holders."""
        return self.select_related("unit", "point", "window", "region", "holder_a", "holder_b")

    def on_duty(self, day: date) -> list[Any]:
        """Who answers on the day for each of these posts; one look at posts and absences."""
        absences = self.model.holder_a.field.related_model.absences.rel.related_model.objects
        gone = {
            f"{holder}_away": models.Exists(absences.on(day).filter(user=models.OuterRef(holder)))
            for holder in ("holder_a", "holder_b")
        }
        posts = self.for_list().annotate(**gone)
        present = [post.first_present(_away_of(post)) for post in posts]
        return list({user.pk: user for user in present if user}.values())


def _away_of(post: Any) -> list[int]:
    """Holders of a post that :meth:`PostQuerySet.on_duty` found absent."""
    away = ((post.holder_a_id, post.holder_a_away), (post.holder_b_id, post.holder_b_away))
    return [user_id for user_id, is_away in away if is_away]


class AbsenceQuerySet(models.QuerySet[Any]):
    """Who is away when."""

    def on(self, day: date) -> Self:
        """Absences that cover ``day``."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def visible_to(self, user: Any) -> Self:
        """Everyone sees who is away."""
        return self if user.is_authenticated else self.none()


class ClientTokenQuerySet(models.QuerySet[Any]):
    """Tokens of API clients."""

    def visible_to(self, user: Any) -> Self:
        """A client sees its own tokens, an administrator all."""
        return self if scope_for(user).everything else self.filter(user_id=user.pk)


class UserQuerySet(models.QuerySet[Any]):
    """People and systems."""

    def staff_members(self) -> Self:
        """People who work here."""
        return self.filter(kind="staff", is_active=True)

    def visible_to(self, user: Any) -> Self:
        """Accounts are seen by administrators; everyone sees himself."""
        return self if scope_for(user).everything else self.filter(pk=user.pk)


class SavedFilterQuerySet(models.QuerySet[Any]):
    """Filters people keep for their lists."""

    def visible_to(self, user: Any) -> Self:
        """Everyone sees his own."""
        return self.filter(user_id=user.pk)

    def of_list(self, place: str) -> Self:
        """Those of one list, as they were kept."""
        return self.filter(place=place)
