"""Forms in the making at the window: stored while the clerk types, taken up again, thrown away."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalogue.models import Item
from common import time
from common.errors import DomainError
from common.querysets import key_of
from intake.admin.pages import actor_of
from intake.forms.drafts import typed_in
from intake.models import Draft
from intake.rules.drafts import carried
from intake.services import discard_draft, keep_draft
from organisations.models import User


def versions_of(items: Sequence[Item]) -> dict[str, int]:
    """Versions in force by item code."""
    return {item.code: item.current_id for item in items if item.current_id}


def title_of(items: Sequence[Item]) -> str:
    """The items' names on one line."""
    return _(", ").join(item.name for item in items)


def asked_draft(user: Any, wanted: str) -> Draft | None:
    """The form in the making that the address names, if the clerk may go on with it."""
    key = key_of(wanted)
    rows = Draft.objects.visible_to(user).unexpired().filter(application=None)
    return rows.filter(pk=key).first() if key else None


def typed_again(draft: Draft, items: Sequence[Item]) -> dict[str, list[str]]:
    """What was typed, as today's page of these items names it."""
    return carried(draft.typed(), draft.versions, versions_of(items))


def items_of(draft: Draft) -> list[int]:
    """Keys of the items a form in the making is about, in its order."""
    found = dict(Item.objects.filter(code__in=draft.versions).values_list("code", "pk"))
    return [found[code] for code in draft.versions if code in found]


def keep(request: HttpRequest, actor: User, items: Sequence[Item]) -> HttpResponse:
    """What stands on the page is stored; the answer says when."""
    token = request.POST.get("s-token", "")
    if not items or not 16 <= len(token) <= 64:
        return JsonResponse({"detail": _("this page is too old; open it anew")}, status=422)
    try:
        draft = keep_draft(
            actor=actor,
            token=token,
            title=title_of(items),
            versions=versions_of(items),
            typed=typed_in(request.POST),
            bundle_code=request.POST.get("bundle", "")[:64],
        )
    except DomainError as fault:
        return JsonResponse({"detail": str(fault.message)}, status=fault.status)
    at = date_format(time.local(draft.touched_at), "H:i")
    return JsonResponse({"detail": _("stored for you at %(at)s") % {"at": at}})


@require_POST
def discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The clerk's own form in the making is thrown away."""
    # Gone already by a first click: nothing to say.
    with suppress(DomainError):
        discard_draft(actor=actor_of(request), draft_id=draft_id)
    return HttpResponseRedirect(reverse("admin:window"))
