"""The frame of staff pages: header, navigation, start page panels."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import mark_safe

from common.site import PageLink, frame_context, list_parts

register = template.Library()


def _entry(link: PageLink, path: str) -> dict[str, Any]:
    url = link.url()
    return {"label": link.label, "url": url, "here": path.startswith(url.partition("?")[0])}


def _navigation(links: list[PageLink], path: str) -> list[dict[str, Any]]:
    """Entries with their addresses; the longest address that fits the page is the current one."""
    desk = PageLink("admin:index", "", order=0)
    entries = [_entry(link, path) for link in links if link.url_name != desk.url_name]
    here = max((e["url"] for e in entries if e["here"]), key=len, default="")
    return [{**entry, "current": entry["url"] == here} for entry in entries]


def _frame(request: HttpRequest, context: Context) -> dict[str, Any]:
    """What the page brought along already, else what the site says."""
    if "work_links" in context:
        return {name: context.get(name) for name in ("work_links", "header_counts")}
    return frame_context(request)


@register.inclusion_tag("common/staff_header.html", takes_context=True)
def staff_header(context: Context) -> dict[str, Any]:
    """The header of every staff page; a stranger sees the name of the house only."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return {"user": None}
    frame = _frame(request, context)
    return {
        "user": request.user,
        "csrf_token": context.get("csrf_token"),
        "desk_is_here": request.path == reverse("admin:index"),
        "entries": _navigation(frame.get("work_links") or [], request.path),
        "header_counts": frame.get("header_counts") or [],
        "q": request.GET.get("q", "") if request.path == reverse("admin:search") else "",
    }


@register.simple_tag(takes_context=True)
def panel(context: Context, shown: dict[str, Any]) -> str:
    """A panel of the start page, drawn by its own template with its own facts."""
    request = context.get("request")
    return get_template(shown["template"]).render(dict(shown["context"]), request)


@register.simple_tag(takes_context=True)
def parts_above(context: Context, place: str) -> str:
    """What apps show above the list of the model ``place``, each by its own template."""
    request = context["request"]
    return mark_safe(  # noqa: S308 - every piece comes out of a template
        "".join(
            get_template(part["template"]).render(part["context"], request)
            for part in list_parts(request, place)
        )
    )
