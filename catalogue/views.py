"""Guides, lists and the start page, as everyone sees them."""

from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from catalogue.choices import UNPUBLISHED, Level, VersionState
from catalogue.models import Bundle, Item
from catalogue.parts import merged_materials
from catalogue.querysets import LEVEL_OF_POINT, ItemQuerySet
from catalogue.registry import entrances_of, entrances_of_bundle
from catalogue.services.posters import SIZES, poster
from common import time
from documents.errors import UnprintableCharacters
from organisations.models import ServicePoint

HITS = 30
QUERY_LENGTH = 100
MOST_BUNDLES = 20
LISTS: dict[str, tuple[str | Promise, str | Promise]] = {
    "street": (
        _("Items accepted at street centres"),
        _("every street and town centre of the district takes these items"),
    ),
    "community": (
        _("Items accepted in communities"),
        _("every community and village station of the district takes these items"),
    ),
    "mobile": (
        _("Items on the mobile app"),
        _("these items can be done on the mobile app without a visit"),
    ),
}


def _asked(request: HttpRequest, name: str) -> str:
    """What the address asks, cut to a sound length, without the one sign no database keeps."""
    return request.GET.get(name, "").replace("\0", "").strip()[:QUERY_LENGTH]


class HomeView(TemplateView):
    """One search box, the themes, and how much there is."""

    template_name = "catalogue/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Found items if something was asked, else themes."""
        text = _asked(self.request, "q")
        theme = _asked(self.request, "theme")
        seen = Item.objects.visible_to(self.request.user)
        page = self._page(seen, text, theme) if text or theme else None
        return {
            **super().get_context_data(**kwargs),
            "q": text,
            "theme": theme,
            "hits": page,
            "bundles": self._bundles(text, theme, first=page is None or page.number == 1),
            "themes": [] if page else seen.themes(),
            "totals": seen.totals(),
        }

    def _bundles(self, text: str, theme: str, *, first: bool) -> list[Bundle]:
        """What is done at once, beside the first page of what was asked."""
        if theme or not first:
            return []
        rows = Bundle.objects.visible_to(self.request.user).open().search(text)
        return list(rows.with_items()[:MOST_BUNDLES])

    def _page(self, seen: ItemQuerySet, text: str, theme: str) -> Any:
        found = seen.live().search(text)
        found = found.of_theme(theme) if theme else found
        found = found if text else found.order_by("code")
        return Paginator(found.for_list(), HITS).get_page(self.request.GET.get("page"))


class GuideView(TemplateView):
    """The whole guide of one item; a friendly page where there is none."""

    template_name = "catalogue/guide.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The guide, or why there is none.

        Raises:
            Http404: no code can be spelled so.
        """
        if not kwargs["code"].isprintable():
            raise Http404
        item = (
            Item.objects.visible_to(request.user)
            .live()
            .for_guide()
            .filter(
                code=kwargs["code"],
            )
            .first()
        )
        if item is None:
            return self._no_guide(request, kwargs["code"])
        return self.render_to_response(
            self.get_context_data(item=item, version=item.current, entrances=entrances_of(item)),
        )

    def _no_guide(self, request: HttpRequest, code: str) -> HttpResponse:
        """Says whether the item is unknown, resting, or gone; its neighbours are offered."""
        item = Item.objects.filter(code=code, versions__published_at__isnull=False).first()
        state = item.versions.exclude(state__in=UNPUBLISHED).latest("number") if item else None
        similar = Item.objects.visible_to(request.user).live().search(item.name)[:5] if item else []
        self.template_name = "catalogue/no_guide.html"
        context = self.get_context_data(
            item=item,
            code=code,
            suspended=bool(state and state.state == VersionState.SUSPENDED),
            similar=similar,
        )
        return self.render_to_response(context, status=404)


class BundleView(TemplateView):
    """What is done at once: its items in steps, one list of materials, one way in."""

    template_name = "catalogue/bundle.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The bundle as offered.

        Raises:
            Http404: there is none of this code, or it isn't offered.
        """
        code = kwargs["code"]
        rows = Bundle.objects.visible_to(self.request.user).with_materials()
        bundle = rows.filter(code=code, offered=True).first() if code.isprintable() else None
        if bundle is None:
            raise Http404
        return {
            **super().get_context_data(**kwargs),
            "bundle": bundle,
            "steps": [
                (step, list(parts))
                for step, parts in groupby(bundle.parts.all(), key=lambda part: part.step)
            ],
            "materials": merged_materials(bundle),
            "entrances": entrances_of_bundle(bundle) if bundle.is_open else [],
        }


def poster_view(request: HttpRequest, code: str, size: str) -> HttpResponse:
    """The guide as a poster to print, on A3 or A4.

    Raises:
        Http404: no such item in force, or no such size.
    """
    rows = Item.objects.visible_to(request.user).live().for_guide()
    item = rows.filter(code=code).first() if code.isprintable() and size in SIZES else None
    if item is None:
        raise Http404
    try:
        pdf = poster(item, size=size, at=time.now())
    except UnprintableCharacters as fault:
        return HttpResponse(
            fault.message, status=fault.status, content_type="text/plain; charset=utf-8"
        )
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{item.code}-{size}.pdf"'
    return answer


class ListView(TemplateView):
    """A published list of items with its totals, by theme, made to be printed."""

    template_name = "catalogue/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Items of the list in groups.

        Raises:
            Http404: there is no such list.
        """
        kind = kwargs["kind"]
        if kind not in LISTS:
            raise Http404
        title, lede = LISTS[kind]
        points = list(_points(kind))
        point = next((p for p in points if p.code == _asked(self.request, "place")), None)
        listed = _listed(self.request.user, kind)
        if point is not None:
            listed = listed.of_districts_above(point)
        items = list(listed.for_list().order_by("theme", "code"))
        return {
            **super().get_context_data(**kwargs),
            "title": title,
            "lede": lede,
            "kind": kind,
            "points": points,
            "point": point,
            "total": len(items),
            "instant": sum(1 for item in items if item.current and item.current.is_instant),
            "today": time.today(),
            "groups": [
                {"theme": theme, "items": list(rows)}
                for theme, rows in groupby(items, key=lambda item: item.theme)
            ],
            "lists": [{"kind": name, "title": words[0]} for name, words in LISTS.items()],
        }


def _points(kind: str) -> QuerySet[ServicePoint]:
    """Service points whose own list this is."""
    kinds = [point for point, level in LEVEL_OF_POINT.items() if level == kind != Level.DISTRICT]
    return ServicePoint.objects.filter(kind__in=kinds).order_by("code")


def _listed(user: Any, kind: str) -> ItemQuerySet:
    seen = Item.objects.visible_to(user)
    return seen.on_mobile() if kind == "mobile" else seen.accepted_at_level(Level(kind))
