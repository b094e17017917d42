"""The page on which citizens fill in at home what they finish at a window."""

from collections.abc import Sequence

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalogue.models import Item
from common.errors import DomainError
from intake.forms.materials import Asked, asked_by
from intake.forms.prefill import PrefillForm
from intake.forms.window import FieldError, requirements_of
from intake.models import Draft
from intake.parts import asker_of
from intake.services import open_prefill

MOST_ITEMS = 10
TOKEN_LENGTH = 32


@never_cache
@require_http_methods(["GET", "POST"])
def prefill(request: HttpRequest) -> HttpResponse:
    """Applicant and forms; a code to show at the window once all of it is right."""
    source = request.POST if request.method == "POST" else request.GET
    codes = list(dict.fromkeys(source.getlist("item")))[:MOST_ITEMS]
    items = _items([code for code in codes if code.isprintable()])
    if not items:
        return HttpResponseRedirect(reverse("catalogue:home"))
    if request.method == "GET":
        return _form_page(request, items, PrefillForm(items))
    form = PrefillForm(items, request.POST)
    if not form.is_valid():
        return _form_page(request, items, form, errors=form.errors(), status=422)
    return _opened(request, items, form)


def _items(codes: Sequence[str]) -> list[Item]:
    rows = Item.objects.live().for_guide().filter(code__in=codes)
    found = {item.code: item for item in rows if item.opens_cases}
    return [found[code] for code in codes if code in found]


def _opened(request: HttpRequest, items: Sequence[Item], form: PrefillForm) -> HttpResponse:
    try:
        draft = open_prefill(
            token=request.POST.get("token", "")[:64].ljust(TOKEN_LENGTH, "-"),
            title=_(", ").join(item.name for item in items),
            versions={item.code: item.current.pk for item in items if item.current},
            typed=form.typed(),
            asker=asker_of(request),
        )
    except DomainError as fault:
        errors = [FieldError("", str(fault.message), "")]
        return _form_page(request, items, form, errors=errors, status=fault.status)
    return _code_page(request, items, draft)


def _asked(items: Sequence[Item]) -> list[Asked]:
    versions = [item.current for item in items if item.current]
    return asked_by([row for version in versions for row in requirements_of(version)])


def _form_page(
    request: HttpRequest,
    items: Sequence[Item],
    form: PrefillForm,
    *,
    errors: Sequence[FieldError] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "title": _("Fill in at home"),
        "items": items,
        "form": form,
        "errors": errors,
        "token": request.POST.get("token") or get_random_string(TOKEN_LENGTH),
        "asked": _asked(items),
    }
    return render(request, "intake/prefill.html", context, status=status)


def _code_page(request: HttpRequest, items: Sequence[Item], draft: Draft) -> HttpResponse:
    picture = segno.make(draft.code or "", error="m", micro=False)
    context = {
        "title": _("Ready for the window"),
        "items": items,
        "draft": draft,
        # Made here of letters and digits of our own alphabet.
        "picture": mark_safe(picture.svg_inline(scale=6, border=2)),  # noqa: S308
        "asked": _asked(items),
    }
    return render(request, "intake/prefill_code.html", context)
