"""The district's admin site: pages, header counts and the search box other apps hang on it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.search import LONGEST_SCAN, read_scan, resolve_scan, search_everything


@dataclass(frozen=True)
class PageLink:
    """An entry of the top navigation, shown to those who hold the permission."""

    url_name: str
    label: str | Promise
    permission: str = ""
    icon: str = ""
    order: int = 50
    query: str = ""

    def url(self) -> str:
        """Where it leads."""
        return reverse(self.url_name) + self.query

    def open_to(self, user: Any) -> bool:
        """Whether the user may follow it."""
        return not self.permission or bool(user.has_perm(self.permission))


@dataclass(frozen=True)
class HeaderCount:
    """A number in the header, such as unread messages."""

    label: str | Promise
    count: Callable[[Any], int]
    url_name: str


@dataclass(frozen=True)
class Panel:
    """A part of the start page: ``build(user)`` gives the template its context."""

    template: str
    build: Callable[[Any], dict[str, Any] | None]
    order: int = 50


@dataclass(frozen=True)
class ListPart:
    """A part above every list: ``build(request, "app.model")`` gives the template its context."""

    template: str
    build: Callable[[HttpRequest, str], dict[str, Any]]


@dataclass
class _Hooks:
    links: list[PageLink] = field(default_factory=list)
    counts: list[HeaderCount] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    list_parts: list[ListPart] = field(default_factory=list)
    urls: list[URLPattern | URLResolver] = field(default_factory=list)


_hooks = _Hooks()


def register_page(link: PageLink) -> None:
    """The top navigation carries the link from now on; the same link twice counts once."""
    if link not in _hooks.links:
        _hooks.links.append(link)


def register_header_count(
    count: Callable[[Any], int],
    url_name: str,
    label: str | Promise = "",
) -> None:
    """The header shows ``count(user)`` beside ``label``, leading to ``url_name``."""
    entry = HeaderCount(label, count, url_name)
    if entry not in _hooks.counts:
        _hooks.counts.append(entry)


def register_panel(panel: Panel) -> None:
    """The start page carries the panel from now on."""
    if panel not in _hooks.panels:
        _hooks.panels.append(panel)


def register_list_part(template: str, build: Callable[[HttpRequest, str], dict[str, Any]]) -> None:
    """Every list of the admin carries the part above its rows from now on."""
    part = ListPart(template, build)
    if part not in _hooks.list_parts:
        _hooks.list_parts.append(part)


def list_parts(request: HttpRequest, place: str) -> list[dict[str, Any]]:
    """What apps show above the list of the model ``place``."""
    return [
        {"template": part.template, "context": part.build(request, place)}
        for part in _hooks.list_parts
    ]


def register_admin_urls(*patterns: URLPattern | URLResolver) -> None:
    """The patterns live under /admin/ in the ``admin`` namespace; wrap views in ``site.admin_view``."""
    _hooks.urls.extend(pattern for pattern in patterns if pattern not in _hooks.urls)


def _work_links(user: Any) -> list[PageLink]:
    links = (link for link in _hooks.links if link.open_to(user))
    return sorted(links, key=lambda link: link.order)


def _header_counts(user: Any) -> list[dict[str, Any]]:
    return [
        {
            "label": entry.label,
            "count": entry.count(user),
            "url": reverse(entry.url_name),
        }
        for entry in _hooks.counts
    ]


def _panels(user: Any) -> list[dict[str, Any]]:
    built = ((panel, panel.build(user)) for panel in sorted(_hooks.panels, key=lambda p: p.order))
    return [
        {"template": panel.template, "context": context}
        for panel, context in built
        if context is not None
    ]


def frame_context(request: HttpRequest) -> dict[str, Any]:
    """What every staff page's frame shows: navigation, header counts."""
    user = request.user
    if not (user.is_authenticated and user.is_staff):
        return {}
    return {"work_links": _work_links(user), "header_counts": _header_counts(user)}


def _guarded(pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
    """Django's shortcut to a public page, which fails on a key that can't be one, gives a 404."""
    if isinstance(pattern, URLPattern) and pattern.name == "view_on_site":
        pattern.callback = _or_not_found(pattern.callback)
    return pattern


def _or_not_found(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def found(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (ValidationError, OverflowError) as fault:
            raise Http404 from fault

    return found


class DistrictAdminSite(admin.AdminSite):
    """Django's admin with the district's name, navigation, search and start page."""

    site_header = _("One Window for Beiguan District")
    site_title = _("Yichuang")
    index_title = _("My desk")
    enable_nav_sidebar = False

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Django's context plus the frame of every staff page."""
        return {**super().each_context(request), **frame_context(request)}

    def index(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,
    ) -> TemplateResponse:
        """The start page: what waits for this person today."""
        return super().index(request, {**(extra_context or {}), "panels": _panels(request.user)})

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Registered pages first, then Django's own."""
        search = path("search/", self.admin_view(self.search_view), name="search")
        django_own = [_guarded(pattern) for pattern in super().get_urls()]
        return [search, *_hooks.urls, *django_own]

    def search_view(self, request: HttpRequest) -> HttpResponse:
        """What bears the scanned code; else hits for names, initials, codes, numbers."""
        text = request.GET.get("q", "").replace("\0", "")[:LONGEST_SCAN]
        scanned = read_scan(text)
        bearers = resolve_scan(request.user, scanned)
        if len(bearers) == 1:
            return HttpResponseRedirect(bearers[0].url)
        context = {
            **self.each_context(request),
            "title": _("Search"),
            "q": text,
            "bearers": bearers,
            "groups": [] if bearers else _groups(request.user, text),
            "is_address": scanned.is_address,
        }
        return TemplateResponse(request, "admin/search_results.html", context)


def _groups(user: Any, text: str) -> list[dict[str, Any]]:
    found = search_everything(user, text)
    return [{"kind": kind.kind, "label": kind.label, "hits": hits} for kind, hits in found]
