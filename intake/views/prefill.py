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

from catalogue.models import Bundle, Item
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
    bundle = _bundle(source.get("bundle", "")[:64])
    codes = list(dict.fromkeys(source.getlist("item")))[:MOST_ITEMS]
    if bundle is not None:
        codes = [item.code for item in bundle.items]
    items = _items([code for code in codes if code.isprintable()])
    if not items:
        return HttpResponseRedirect(reverse("catalogue:home"))
    if request.method == "GET":
        return _form_page(request, PrefillForm(items, bundle=bundle))
    form = PrefillForm(items, request.POST, bundle=bundle)
    if not form.is_valid():
        return _form_page(request, form, errors=form.errors(), status=422)
    return _opened(request, form)


def _bundle(code: str) -> Bundle | None:
    if not (code and code.isprintable()):
        return None
    return Bundle.objects.open().with_materials().filter(code=code).first()


def _items(codes: Sequence[str]) -> list[Item]:
    rows = Item.objects.live().for_guide().filter(code__in=codes)
    found = {item.code: item for item in rows if item.opens_cases}
    return [found[code] for code in codes if code in found]


def _opened(request: HttpRequest, form: PrefillForm) -> HttpResponse:
    try:
        draft = open_prefill(
            token=request.POST.get("token", "")[:64].ljust(TOKEN_LENGTH, "-"),
            title=form.title,
            versions={item.code: item.current.pk for item in form.items if item.current},
            typed=form.typed(),
            asker=asker_of(request),
            bundle_code=form.bundle.code if form.bundle else "",
        )
    except DomainError as fault:
        errors = [FieldError("", str(fault.message), "")]
        return _form_page(request, form, errors=errors, status=fault.status)
    return _code_page(request, form, draft)


def _asked(form: PrefillForm) -> list[Asked]:
    versions = [item.current for item in form.items if item.current]
    return asked_by(requirements_of(versions, form.bundle))


def _form_page(
    request: HttpRequest,
    form: PrefillForm,
    *,
    errors: Sequence[FieldError] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "title": _("Fill in at home"),
        "items": form.items,
        "bundle": form.bundle,
        "form": form,
        "errors": errors,
        "token": request.POST.get("token") or get_random_string(TOKEN_LENGTH),
        "asked": _asked(form),
    }
    return render(request, "intake/prefill.html", context, status=status)


def _code_page(request: HttpRequest, form: PrefillForm, draft: Draft) -> HttpResponse:
    picture = segno.make(draft.code or "", error="m", micro=False)
    context = {
        "title": _("Ready for the window"),
        "items": form.items,
        "draft": draft,
        # Made here of letters and digits of our own alphabet.
        "picture": mark_safe(picture.svg_inline(scale=6, border=2)),  # noqa: S308
        "asked": _asked(form),
    }
    return render(request, "intake/prefill_code.html", context)
