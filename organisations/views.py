"""Filters of the admin's lists: kept under a name, opened, removed."""

from copy import copy
from typing import cast
from urllib.parse import parse_qsl, urlencode

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup, NotRegistered
from django.contrib.admin.options import IncorrectLookupParameters, ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.errors import DomainError
from organisations.models import SavedFilter, User
from organisations.services import drop_filter, keep_filter

Pairs = list[tuple[str, str]]


def _screen(request: HttpRequest, place: str) -> ModelAdmin:
    """The list's screen, for whoever may open it.

    Raises:
        Http404: there is no such list, or it is closed to this user.
    """
    try:
        screen = admin.site.get_model_admin(apps.get_model(place))
    except (LookupError, ValueError, NotRegistered) as fault:
        raise Http404 from fault
    if not screen.has_view_permission(request):
        raise Http404
    return screen


def _fits(request: HttpRequest, screen: ModelAdmin, pairs: Pairs) -> bool:
    """Whether the list understands these filters today."""
    asked = copy(request)
    asked.GET = QueryDict(urlencode(pairs))
    try:
        screen.get_changelist_instance(asked)
    except (IncorrectLookupParameters, DisallowedModelAdminLookup):
        return False
    return True


def _to_list(screen: ModelAdmin, question: str = "") -> HttpResponse:
    opts = screen.opts
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    return HttpResponseRedirect(f"{address}?{question}" if question else address)


def _actor(request: HttpRequest) -> User:
    return cast("User", request.user)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """What is chosen on the list is kept under the name; the list says so."""
    place, question = request.POST.get("place", ""), request.POST.get("question", "")
    screen = _screen(request, place)
    if not _fits(request, screen, parse_qsl(question)):
        messages.error(request, _("this list has no such filter; nothing was kept"))
        return _to_list(screen)
    try:
        saved = keep_filter(
            user=_actor(request),
            place=screen.opts.label_lower,
            name=request.POST.get("name", ""),
            question=question,
        )
    except DomainError as fault:
        messages.error(request, fault.message)
        return _to_list(screen, question)
    messages.success(request, _("kept as “%(name)s”") % {"name": saved.name})
    return _to_list(screen, saved.question)


def _own(request: HttpRequest, pk: int) -> SavedFilter:
    saved = SavedFilter.objects.visible_to(request.user).filter(pk=pk).first()
    if saved is None:
        raise Http404
    return saved


@require_GET
def open_kept(request: HttpRequest, pk: int) -> HttpResponse:
    """The list with the kept filters; what it does not understand any more is left out."""
    saved = _own(request, pk)
    screen, pairs = _screen(request, saved.place), parse_qsl(saved.question)
    if _fits(request, screen, pairs):
        return _to_list(screen, saved.question)
    usable = [pair for pair in pairs if _fits(request, screen, [pair])]
    messages.warning(
        request, _("part of “%(name)s” does not fit this list any more") % {"name": saved.name}
    )
    return _to_list(screen, urlencode(usable))


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """The filter is gone; the list stands without it."""
    saved = _own(request, pk)
    screen = _screen(request, saved.place)
    drop_filter(user=_actor(request), filter_id=saved.pk)
    messages.success(request, _("“%(name)s” is kept no more") % {"name": saved.name})
    return _to_list(screen)
