"""Reads of the catalogue, each with a name."""

import re
import unicodedata
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Prefetch, Q, Value, When

from catalogue.choices import UNPUBLISHED, Level, Nature, VersionState
from catalogue.rules.cards import PARTS
from catalogue.rules.searching import forgiven
from common.querysets import PartQuerySet
from organisations.choices import PointKind, UnitKind
from organisations.models import ServicePoint, Unit
from organisations.querysets import ScopedQuerySet
from organisations.rules import Scope

LEVEL_OF_POINT = {
    PointKind.HALL: Level.DISTRICT,
    PointKind.STREET_CENTRE: Level.STREET,
    PointKind.COMMUNITY_STATION: Level.COMMUNITY,
}
IN_FORCE = (VersionState.PUBLISHED, VersionState.SUSPENDED)
_LATIN = re.compile(r"[a-z0-9]+")
_WORDS = 5
_LONG_LATIN = 7
_INITIALS_WITH_GAPS = range(4, 25)


def ancestors(region_code: str) -> list[str]:
    """The region itself and every region it lies in, as 12-digit codes."""
    return [region_code[:digits].ljust(12, "0") for digits in (2, 4, 6, 9, 12)]


def spelled_words(text: str) -> list[str]:
    """What was typed, as at most five small words of narrow signs."""
    return unicodedata.normalize("NFKC", text).lower().split()[:_WORDS]


def _with_gaps(word: str) -> Q:
    """Initials of a name in their order, some left out: cjrzxb finds 残疾人证办理（新办）.

    The first letter is the name's first, so that the index on initials narrows the search;
    no part of the pattern overlaps the next, so that every name is read once.
    """
    if len(word) not in _INITIALS_WITH_GAPS or not word.isalpha():
        return Q(pk__in=())
    return Q(initials__regex="^" + word[0] + "".join(f"[^{sign}]*{sign}" for sign in word[1:]))


def _word_condition(word: str) -> Q:
    found = _closely(word)
    return found | _with_gaps(word) if _LATIN.fullmatch(word) else found


def _with_one_error(word: str) -> Q:
    guess = forgiven(word)
    if guess is None:
        return Q(pk__in=())
    columns: tuple[str, ...] = ("name",)
    if _LATIN.fullmatch(word):
        # Half of a short word stands in almost every name's full pinyin.
        columns = ("initials",) if len(word) < _LONG_LATIN else ("initials", "pinyin")
    found = Q(pk__in=())
    for column in columns:
        half = Q(**{f"{column}__contains": guess.first}) | Q(
            **{f"{column}__contains": guess.second}
        )
        found |= half & Q(**{f"{column}__regex": guess.pattern})
    return found


def _closely(word: str) -> Q:
    if _LATIN.fullmatch(word):
        # Letters and digits of a name stand in its initials, too.
        spelled = Q(initials__contains=word) | Q(pinyin__contains=word)
        return Q(code__istartswith=word) | spelled
    return Q(name__contains=word) | Q(main_name__contains=word) | Q(code__istartswith=word)


class ItemQuerySet(ScopedQuerySet):
    """Items of the catalogue."""

    region_path = "department__region__code"

    def scope_condition(self, scope: Scope) -> Q:
        """What is in force is public; drafts and dead items are seen within the scope."""
        return Q(current__isnull=False) | super().scope_condition(scope)

    def live(self) -> Self:
        """Items with a version in force."""
        return self.filter(current__isnull=False)

    def opening_cases(self) -> Self:
        """Live items on which a case can be opened."""
        return self.live().filter(nature=Nature.CASE)

    def accepted_at_level(self, level: str) -> Self:
        """Live items accepted at windows of the level."""
        return self.live().filter(**{f"current__accepts_{Level(level).value}": True})

    def acceptable_at(self, point: ServicePoint) -> Self:
        """Items whose case a window of the point may open: right level, right district."""
        level = LEVEL_OF_POINT[PointKind(point.kind)]
        here = ancestors(point.region_id)
        return self.opening_cases().accepted_at_level(level).filter(department__region__in=here)

    def of_districts_above(self, point: ServicePoint) -> Self:
        """Items of departments in whose region the point lies."""
        return self.filter(department__region__in=ancestors(point.region_id))

    def on_mobile(self) -> Self:
        """Live items that can be done on the mobile app (掌上办)."""
        return self.live().filter(current__mobile=True)

    def of_theme(self, theme: str) -> Self:
        """Items of one theme."""
        return self.filter(theme=theme)

    def of_department(self, code: str) -> Self:
        """Items of the unit with this code."""
        return self.filter(department__code=code)

    def search(self, text: str) -> Self:
        """Items that match every word by name, pinyin, initials or code prefix, best first.

        Where nothing does, one typing error in each word is forgiven.
        """
        words = spelled_words(text)
        if not words:
            return self
        rightly, nearly = Q(), Q()
        for word in words:
            condition, guess = _word_condition(word), _with_one_error(word)
            rightly &= condition
            nearly &= guess if len(words) == 1 else condition | guess
        nothing = ~Exists(self.order_by().filter(rightly))
        found = self.filter(rightly | (Q(nothing) & nearly))
        return found.annotate(rank=_rank(words[0])).order_by("rank", "code")

    def for_list(self) -> Self:
        """With what a row of a list shows."""
        return self.select_related("department", "current", "parent")

    def for_guide(self) -> Self:
        """With everything a guide or an API answer shows."""
        return self.for_list().prefetch_related(
            "current__materials",
            "current__steps",
            "current__bases",
            "current__fees",
            "current__delegations",
            "current__faqs",
            Prefetch("situations", queryset=self.model.objects.live().order_by("code")),
        )

    def themes(self) -> list[dict[str, Any]]:
        """Themes of live items with their number of items, biggest first."""
        rows = self.live().exclude(theme="").order_by().values("theme")
        return list(rows.annotate(items=Count("pk")).order_by("-items", "theme"))

    def totals(self) -> dict[str, int]:
        """How many live items each list holds, in one query."""
        return self.live().aggregate(
            live=Count("pk"),
            street=Count("pk", filter=Q(current__accepts_street=True)),
            community=Count("pk", filter=Q(current__accepts_community=True)),
            district=Count("pk", filter=Q(current__accepts_district=True)),
            mobile=Count("pk", filter=Q(current__mobile=True)),
        )


def _rank(word: str) -> Case:
    return Case(
        When(code__iexact=word, then=Value(0)),
        When(name__istartswith=word, then=Value(1)),
        When(initials__startswith=word, then=Value(2)),
        When(name__icontains=word, then=Value(3)),
        When(pinyin__startswith=word, then=Value(4)),
        When(_closely(word), then=Value(5)),
        default=Value(6),
        output_field=IntegerField(),
    )


class BundleQuerySet(models.QuerySet[Any]):
    """Bundles (一件事)."""

    def visible_to(self, user: Any) -> Self:
        """What is offered is public; the rest is work of whoever writes the catalogue."""
        if user.has_perm("catalogue.draft_item"):
            return self
        return self.filter(offered=True)

    def locked(self) -> Self:
        """The same rows, their locks held until the transaction ends."""
        return self.select_for_update(of=("self",))

    def with_items(self) -> Self:
        """With the lead and every item in its order, with the version in force."""
        parts = ("parts__item__current", "parts__item__department")
        return self.select_related("lead").prefetch_related(*parts)

    def with_materials(self) -> Self:
        """With the materials that its items ask for as well."""
        return self.with_items().prefetch_related("parts__item__current__materials")

    def open(self) -> Self:
        """Bundles that can be applied for today: offered, every item in force."""
        parts = self.model.parts.rel.related_model.objects.filter(bundle=OuterRef("pk"))
        resting = parts.exclude(item__nature=Nature.CASE, item__current__isnull=False)
        return self.filter(~Exists(resting), offered=True)

    def acceptable_at(self, point: ServicePoint) -> Self:
        """Bundles of which a window of the point may open every item."""
        parts = self.model.parts.rel.related_model.objects.filter(bundle=OuterRef("pk"))
        items = self.model.parts.rel.related_model.item.field.related_model.objects
        elsewhere = parts.exclude(item__in=items.acceptable_at(point))
        return self.filter(~Exists(elsewhere), offered=True)

    def search(self, text: str) -> Self:
        """Bundles that match every word by name, initials, code prefix or an item's name."""
        found = self
        for word in spelled_words(text):
            part = self.model.parts.rel.related_model.objects.filter(item__name__icontains=word)
            found = found.filter(
                Q(name__icontains=word)
                | Q(initials__contains=word)
                | Q(code__istartswith=word)
                | Q(pk__in=part.values("bundle_id"))
            )
        return found


class VersionQuerySet(ScopedQuerySet):
    """Versions of items."""

    region_path = "item__department__region__code"
    unit_path = "item__department_id"

    def scope_condition(self, scope: Scope) -> Q:
        """Whatever was once in force is public; drafts are seen within the scope."""
        return ~Q(state__in=UNPUBLISHED) | super().scope_condition(scope)

    def published(self) -> Self:
        """Versions in force."""
        return self.filter(state=VersionState.PUBLISHED)

    def drafts(self) -> Self:
        """Versions still being written."""
        return self.filter(state=VersionState.DRAFT)

    def due_for_publication(self, day: date) -> Any:
        """Keys of versions to be published on or before the day, the earliest first."""
        due = self.filter(state=VersionState.SCHEDULED, publish_on__lte=day)
        return due.order_by("publish_on", "pk").values_list("pk", flat=True)

    def for_list(self) -> Self:
        """With the item and its department."""
        return self.select_related("item__department", "item__parent", "statutory_rule")

    def with_parts(self) -> Self:
        """With every part that belongs to the content of a version."""
        return self.for_list().prefetch_related(*PARTS)


class FindingQuerySet(PartQuerySet):
    """What the check found."""

    def visible_to(self, user: Any) -> Self:
        """Findings are work of the staff; the public reads guides."""
        return super().visible_to(user) if user.is_authenticated else self.none()

    def standing(self) -> Self:
        """In versions in force or on their way there."""
        return self.filter(version__state__in=(*UNPUBLISHED, *IN_FORCE))

    def counted(self) -> list[dict[str, Any]]:
        """How many versions each check finds in each department, in one query."""
        rows = (
            self.standing()
            .order_by()
            .values(
                "code",
                "severity",
                "version__item__department_id",
                "version__item__department__name",
            )
        )
        return list(rows.annotate(number=Count("pk")))


def unit_of_level(level: str, point: ServicePoint) -> Unit | None:
    """The street or community unit in whose region the point lies, if there is one."""
    kinds = {Level.STREET: UnitKind.STREET, Level.COMMUNITY: UnitKind.COMMUNITY}
    if level not in kinds:
        return None
    digits = {Level.STREET: 9, Level.COMMUNITY: 12}[Level(level)]
    region = point.region_id[:digits].ljust(12, "0")
    return Unit.objects.filter(kind=kinds[Level(level)], region_id=region).order_by("pk").first()
