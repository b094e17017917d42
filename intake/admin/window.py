"""The window page: find items, one form for all of them, result."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catalogue.models import Item
from common.errors import DomainError, InvalidInput
from common.querysets import key_of
from intake.admin.pages import actor_of
from intake.errors import SubmittedAlready
from intake.forms.window import FieldError, WindowForm, place_label, window_posts
from intake.models import Application, Notice
from intake.services import hand_in_application
from organisations.models import Post

FOUND = 20
MOST_ITEMS = 10


def _posts(request: HttpRequest) -> list[Post]:
    if not request.user.has_perm("intake.receive_case"):
        raise PermissionDenied
    return window_posts(actor_of(request))


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    whole = {**admin.site.each_context(request), "title": _("window desk"), **context}
    return TemplateResponse(request, template, whole, status=status)


def _no_post(request: HttpRequest) -> HttpResponse:
    return _page(request, "intake/window_no_post.html", {}, status=403)


def _chosen_ids(source: QueryDict) -> list[int]:
    wanted = [key_of(text) for text in source.getlist("item")]
    return [key for key in dict.fromkeys(wanted) if key][:MOST_ITEMS]


def _items(ids: Sequence[int], posts: Sequence[Post]) -> list[Item]:
    """The chosen items accepted here and now, in the order chosen."""
    point = posts[0].point
    if point is None or not ids:
        return []
    rows = Item.objects.acceptable_at(point).for_list().filter(pk__in=ids)
    found = {item.pk: item for item in rows.prefetch_related("current__materials")}
    return [found[pk] for pk in ids if pk in found]


def _found(text: str, posts: Sequence[Post]) -> list[Item]:
    """The best hits for what was typed, accepted here."""
    point = posts[0].point
    if point is None or not text:
        return []
    return list(Item.objects.acceptable_at(point).search(text).for_list()[:FOUND])


@require_GET
def pick_items(request: HttpRequest) -> HttpResponse:
    """Search by name, pinyin initials or code; one or several items are picked."""
    posts = _posts(request)
    if not posts:
        return _no_post(request)
    text, ids = request.GET.get("q", "").strip()[:100], _chosen_ids(request.GET)
    found = _found(text, posts)
    context = {
        "q": text,
        "place": place_label(posts[0]),
        "chosen": _items(ids, posts),
        "found": [item for item in found if item.pk not in ids],
        "searched": bool(text),
    }
    return _page(request, "intake/window_items.html", context)


@require_http_methods(["GET", "POST"])
def fill_form(request: HttpRequest) -> HttpResponse:
    """Applicant, forms and materials on one page; nothing typed is lost on an error."""
    posts = _posts(request)
    if not posts:
        return _no_post(request)
    source = request.POST if request.method == "POST" else request.GET
    ids = _chosen_ids(source)
    items = _items(ids, posts)
    if not items:
        return HttpResponseRedirect(reverse("admin:window"))
    if request.method == "GET":
        return _form_page(request, WindowForm(actor=actor_of(request), items=items, posts=posts))
    form = WindowForm(
        actor=actor_of(request), items=items, posts=posts, data=request.POST, files=request.FILES
    )
    if len(items) < len(ids):
        form.faults.append(FieldError("", _("an item is no longer in force and was left out"), ""))
        form.is_valid()
        return _form_page(request, form, status=409)
    return _hand_in(request, form)


def _hand_in(request: HttpRequest, form: WindowForm) -> HttpResponse:
    if not form.is_valid():
        return _form_page(request, form, status=422)
    wanted = request.POST.get("action") == "notice"
    due_on = form.slip.cleaned_data["correction_due_on"] if wanted else None
    if form.missing and due_on is None:
        if wanted:
            form.slip.add_error("correction_due_on", _("fill this in"))
        return _form_page(request, form, ask_notice=True, status=422)
    try:
        application = hand_in_application(
            actor=actor_of(request), correction_due_on=due_on, **form.given()
        )
    except DomainError as fault:
        fields = fault.fields if isinstance(fault, InvalidInput) else {}
        form.take_refusal(fields, fault.message)
        if isinstance(fault, SubmittedAlready):
            form.renew_token()
        return _form_page(request, form, status=fault.status)
    return HttpResponseRedirect(reverse("admin:window_done", args=(application.pk,)))


def _form_page(
    request: HttpRequest, form: WindowForm, *, ask_notice: bool = False, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "errors": form.errors() if request.method == "POST" else [],
        "ask_notice": ask_notice,
        "missing": form.missing if ask_notice else [],
        "place": place_label(form.posts[0]),
    }
    return _page(request, "intake/window_form.html", context, status)


@require_GET
def done(request: HttpRequest, application_id: int) -> HttpResponse:
    """Numbers, due dates and papers to print."""
    _posts(request)
    rows = Application.objects.visible_to(request.user).for_list()
    application = rows.filter(pk=application_id).first()
    if application is None:
        return _page(request, "intake/case_hidden.html", {"title": _("case not found")}, 404)
    notices: dict[int, list[Notice]] = {}
    held = Notice.objects.filter(case__application=application).select_related("paper")
    for notice in held.defer("paper__pdf", "paper__data"):
        notices.setdefault(notice.case_id, []).append(notice)
    lines = [(case, notices.get(case.pk, [])) for case in application.cases.all()]
    context = {"title": _("taken in"), "application": application, "lines": lines}
    return _page(request, "intake/window_done.html", context)
