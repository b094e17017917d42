"""How healthy the catalogue is, which items rest on an article, what two versions say differently."""

from collections import defaultdict
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from catalogue.choices import UNPUBLISHED, Severity
from catalogue.models import Item, ItemVersion, LintFinding, VersionBasis
from catalogue.models.cards import PART_FIELDS
from catalogue.querysets import IN_FORCE
from catalogue.resources.columns import HEADING_OF
from catalogue.rules.citations import number_of
from catalogue.rules.differences import differences
from catalogue.rules.lint import CHECK_OF, CHECKS
from catalogue.services.cards import PART_MODELS

MOST_FOUND = 200


class FindingFilter(admin.SimpleListFilter):
    """Items in which a check finds something."""

    title = _("finding")
    parameter_name = "finding"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every check."""
        return [(check.code, check.text) for check in CHECKS]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Item]:
        """Items whose standing versions fail the chosen check."""
        if self.value() not in CHECK_OF:
            return queryset
        found = LintFinding.objects.standing().filter(code=self.value())
        return queryset.filter(pk__in=found.values("version__item"))


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    if not request.user.has_perm("catalogue.view_item"):
        raise PermissionDenied
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context})


def health(request: HttpRequest) -> HttpResponse:
    """Findings by department and by check; every number opens its rows."""
    counted = LintFinding.objects.visible_to(request.user).counted()
    by_check: dict[str, int] = defaultdict(int)
    by_unit: dict[tuple[int, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in counted:
        unit = row["version__item__department_id"], row["version__item__department__name"]
        by_check[row["code"]] += row["number"]
        by_unit[unit][row["severity"]] += row["number"]
    items = Item.objects.visible_to(request.user)
    context = {
        "title": _("health of the catalogue"),
        "live": items.live().count(),
        "checks": [
            {"check": check, "number": by_check[check.code]}
            for check in CHECKS
            if by_check[check.code]
        ],
        "sound": [check for check in CHECKS if not by_check[check.code]],
        "units": [
            {"pk": pk, "name": name, **{str(s): numbers[s] for s in Severity.values}}
            for (pk, name), numbers in sorted(
                by_unit.items(), key=lambda pair: -sum(pair[1].values())
            )
        ],
    }
    return _page(request, "admin/catalogue/item/health.html", context)


def articles(request: HttpRequest) -> HttpResponse:
    """Items that rest on a law, or on one of its articles."""
    law = request.GET.get("law", "").strip()[:100]
    typed = request.GET.get("article", "").strip()[:20]
    article = typed.removeprefix("第").removesuffix("条")
    rows = VersionBasis.objects.none()
    if law or article:
        rows = _resting_on(request.user, law, _number(article))
    found = list(rows[: MOST_FOUND + 1])
    context = {
        "title": _("which items rest on an article"),
        "law": law,
        "article": typed,
        "unreadable": bool(article) and _number(article) is None,
        "rows": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
        "asked": bool(law or article),
    }
    return _page(request, "admin/catalogue/item/articles.html", context)


def _number(article: str) -> int | None:
    try:
        return number_of(article) if article else None
    except KeyError:
        return None


def _resting_on(user: Any, law: str, article: int | None) -> Any:
    standing = (*UNPUBLISHED, *IN_FORCE)
    rows = VersionBasis.objects.visible_to(user).filter(version__state__in=standing)
    rows = rows.filter(text__icontains=law) if law else rows
    rows = rows.filter(articles__contains=f"|{article}|") if article is not None else rows
    return rows.select_related("version__item__department").order_by("law", "version__item__code")


def compare(
    request: HttpRequest, item: Item, older: ItemVersion, newer: ItemVersion
) -> HttpResponse:
    """What two versions of one item say differently, field by field."""
    context = {
        "title": item.name,
        "item": item,
        "older": older,
        "newer": newer,
        "rows": [
            {
                "name": heading_of(change.field),
                "before": _said(change.field, change.before),
                "after": _said(change.field, change.after),
            }
            for change in differences(older.card(), newer.card())
        ],
    }
    return _page(request, "admin/catalogue/item/compare.html", context)


def heading_of(field: str) -> str:
    """The field as people call it."""
    if field in HEADING_OF:
        return HEADING_OF[field]
    models = (ItemVersion, Item)
    names = {f.name: f.verbose_name for model in models for f in model._meta.concrete_fields}
    return str(names.get(field) or PART_MODELS[field]._meta.verbose_name)


def _said(field: str, value: Any) -> list[str]:
    """The value as lines to read."""
    if isinstance(value, list):
        return [line for entry in value if (line := _line(field, entry))]
    if isinstance(value, bool):
        return [str(_("yes") if value else _("no"))]
    return [] if value in (None, "") else [str(value)]


def _line(field: str, entry: Any) -> str:
    if entry is None or not isinstance(entry, dict):
        return "" if entry is None else str(entry)
    names = PART_FIELDS.get(field, tuple(entry))
    return " · ".join(str(entry[name]) for name in names if entry.get(name) not in (None, ""))


def pair_of(item: Item, user: Any, first: str, second: str) -> tuple[ItemVersion, ItemVersion]:
    """The two versions named by their numbers, the older first.

    Raises:
        Http404: one of them is not there.
    """
    numbers = [int(text) for text in (first, second) if text.isdecimal() and len(text) < 9]
    rows = item.versions.visible_to(user).with_parts().filter(number__in=numbers)
    found = list(rows.order_by("number"))
    if len(found) != 2:
        raise Http404
    return found[0], found[1]
