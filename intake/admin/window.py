"""The window page: find items, one form for all of them, result."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalogue.models import Bundle, Item
from common import time
from common.errors import DomainError, InvalidInput
from common.querysets import key_of
from intake.admin.drafts import asked_draft, items_of, keep, typed_again
from intake.admin.pages import actor_of
from intake.errors import SubmittedAlready
from intake.forms.window import FieldError, WindowForm, place_label, window_posts
from intake.models import Application, Case, Draft, Notice
from intake.rules.numbers import CHECK_LENGTH, spelled_check
from intake.services import hand_in_application
from organisations.models import Post

FOUND, FOUND_BUNDLES = 20, 5
FREQUENT, FREQUENT_SINCE = 8, timedelta(days=90)
MOST_ITEMS = 10
CODE_WITH_BLANKS = CHECK_LENGTH + 3


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


def _bundles(text: str, posts: Sequence[Post]) -> list[Bundle]:
    """What is done at once and can be had whole at this point."""
    point = posts[0].point
    if point is None:
        return []
    rows = Bundle.objects.acceptable_at(point).search(text).with_items()
    return list(rows[:FOUND_BUNDLES])


def _bundle(code: str, posts: Sequence[Post]) -> Bundle | None:
    """The bundle that the address names, as far as it can be had whole here."""
    point = posts[0].point
    if point is None or not (code and code.isprintable()):
        return None
    return Bundle.objects.acceptable_at(point).with_materials().filter(code=code[:64]).first()


def _frequent(posts: Sequence[Post]) -> list[Item]:
    """What was asked for most at this point of late, as far as it is still accepted."""
    point, since = posts[0].point, time.now() - FREQUENT_SINCE
    if point is None:
        return []
    return _items(Case.objects.most_asked_items(point.pk, since, FREQUENT), posts)


@require_GET
def pick_items(request: HttpRequest) -> HttpResponse:
    """Search by name, pinyin initials or code; one or several items are picked."""
    posts = _posts(request)
    if not posts:
        return _no_post(request)
    text, ids = request.GET.get("q", "").strip()[:100], _chosen_ids(request.GET)
    found = _found(text, posts)
    drafts = Draft.objects.visible_to(request.user)
    code = spelled_check(text) if len(text) <= CODE_WITH_BLANKS else ""
    context = {
        "q": text,
        "place": place_label(posts[0]),
        "chosen": _items(ids, posts),
        "found": [item for item in found if item.pk not in ids],
        "searched": bool(text),
        "bundles": [] if ids else _bundles(text, posts),
        "prefill": drafts.unexpired().with_code(code).first() if code else None,
        "drafts": [] if text or ids else list(drafts.waiting_of(request.user)[:FOUND]),
        "frequent": [] if text or ids else _frequent(posts),
    }
    return _page(request, "intake/window_items.html", context)


@require_http_methods(["GET", "POST"])
def fill_form(request: HttpRequest) -> HttpResponse:
    """Applicant, forms and materials on one page; nothing typed is lost on an error."""
    posts = _posts(request)
    if not posts:
        return _no_post(request)
    source = request.POST if request.method == "POST" else request.GET
    draft = asked_draft(request.user, source.get("draft", ""))
    wanted = source.get("bundle", "") or (draft.bundle_code if draft else "")
    bundle = _bundle(wanted, posts)
    if wanted and bundle is None:
        return _no_bundle(request, wanted)
    ids = _ids_of(source, draft, bundle)
    items = _items(ids, posts)
    if not items:
        return _nothing_chosen(request, draft)
    given: dict[str, Any] = {"actor": actor_of(request), "items": items, "posts": posts}
    if request.method == "GET":
        typed = typed_again(draft, items) if draft else None
        return _form_page(request, WindowForm(**given, bundle=bundle, typed=typed), draft=draft)
    form = WindowForm(**given, bundle=bundle, data=request.POST, files=request.FILES)
    doubts = _doubts(ids, items, source.get("draft", ""), draft)
    if doubts:
        form.faults.extend(FieldError("", text, "") for text in doubts)
        form.is_valid()
        return _form_page(request, form, draft=draft, status=409)
    return _hand_in(request, form, draft)


def _ids_of(source: QueryDict, draft: Draft | None, bundle: Bundle | None) -> list[int]:
    """Items of the page: what it names, else what the form in the making or the bundle is of."""
    if bundle is not None:
        return [part.item_id for part in bundle.parts.all()]
    return _chosen_ids(source) or (items_of(draft) if draft else [])


def _no_bundle(request: HttpRequest, code: str) -> HttpResponse:
    """Says which items of the bundle another window takes; they stay to be chosen one by one."""
    rows = Bundle.objects.visible_to(request.user).with_items()
    bundle = rows.filter(code=code[:64]).first() if code.isprintable() else None
    if bundle is None:
        messages.error(request, _("there is no such bundle"))
        return HttpResponseRedirect(reverse("admin:window"))
    messages.error(
        request,
        _("“%(name)s” cannot be taken in whole at this point; choose its items one by one")
        % {"name": bundle.name},
    )
    question = urlencode([("item", item.pk) for item in bundle.items])
    return HttpResponseRedirect(f"{reverse('admin:window')}?{question}")


def _doubts(
    ids: Sequence[int], items: Sequence[Item], wanted: str, draft: Draft | None
) -> list[str]:
    """What changed since the page was opened; the page comes back without it."""
    found = []
    if len(items) < len(ids):
        found.append(_("an item is no longer in force and was left out"))
    if wanted and draft is None:
        found.append(
            _("this form was handed in already, or its time is over; submit again to hand in anew")
        )
    return found


def _nothing_chosen(request: HttpRequest, draft: Draft | None) -> HttpResponse:
    if draft is not None:
        messages.error(request, _("none of these items is accepted here any more"))
    return HttpResponseRedirect(reverse("admin:window"))


@require_POST
def keep_form(request: HttpRequest) -> HttpResponse:
    """What the clerk has typed so far is stored."""
    posts = _posts(request)
    if not posts:
        raise PermissionDenied
    return keep(request, actor_of(request), _items(_chosen_ids(request.POST), posts))


@require_POST
def known(request: HttpRequest) -> HttpResponse:
    """What is on file of the applicant just typed in, as a part of the page."""
    posts = _posts(request)
    if not posts:
        raise PermissionDenied
    bundle = _bundle(request.POST.get("bundle", ""), posts)
    items = _items(_ids_of(request.POST, None, bundle), posts)
    form = WindowForm(
        actor=actor_of(request), items=items, posts=posts, data=request.POST, bundle=bundle
    )
    form.applicant.is_valid()
    return TemplateResponse(request, "intake/known.html", {"form": form, "known": form.known})


def _hand_in(request: HttpRequest, form: WindowForm, draft: Draft | None) -> HttpResponse:
    if not form.is_valid():
        return _form_page(request, form, draft=draft, status=422)
    if form.needs_a_second_look:
        form.faults.append(
            FieldError("", _("the same matter was asked for before: compare, then decide"), "")
        )
        return _form_page(request, form, draft=draft, status=409)
    wanted = request.POST.get("action") == "notice"
    due_on = form.slip.cleaned_data["correction_due_on"] if wanted else None
    if form.missing and due_on is None:
        if wanted:
            form.slip.add_error("correction_due_on", _("fill this in"))
        return _form_page(request, form, draft=draft, ask_notice=True, status=422)
    try:
        application = hand_in_application(
            actor=actor_of(request),
            correction_due_on=due_on,
            draft_id=draft.pk if draft else None,
            **form.given(),
        )
    except DomainError as fault:
        fields = fault.fields if isinstance(fault, InvalidInput) else {}
        form.take_refusal(fields, fault.message)
        if isinstance(fault, SubmittedAlready):
            form.renew_token()
        return _form_page(request, form, draft=draft, status=fault.status)
    return HttpResponseRedirect(reverse("admin:window_done", args=(application.pk,)))


def _form_page(
    request: HttpRequest,
    form: WindowForm,
    *,
    draft: Draft | None,
    ask_notice: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "draft": draft,
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
