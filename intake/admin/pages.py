"""One case: its page, its verbs, its files."""

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import DomainError, InvalidInput, StaleObject, TransitionRefused
from documents.services import read_attachment
from intake.forms.materials import editable
from intake.forms.reveal import RevealForm
from intake.models import Case, CaseEvent, MaterialFile, Notice, ProofOfService
from intake.parts import VerbForm, case_url
from intake.registry import handler_of, sections_of
from intake.services.applicants import reveal_applicant
from intake.services.erasing import PERMISSION
from intake.services.records import fits_side, offers, refusals_of
from intake.services.recounts import recounts_of
from intake.services.serving import PERMISSION as SERVE
from intake.transitions import CASE_FLOW
from organisations.models import User


def actor_of(request: HttpRequest) -> User:
    """Who acts; the admin's door lets nobody else in."""
    return cast("User", request.user)


def find_case(request: HttpRequest, pk: int) -> Case | None:
    """The case if this person may see it."""
    if not request.user.has_perm("intake.view_case"):
        raise PermissionDenied
    return Case.objects.visible_to(request.user).for_page().filter(pk=pk).first()


def hidden(request: HttpRequest) -> HttpResponse:
    """A clear word instead of another street's case."""
    context = {**admin.site.each_context(request), "title": _("case not found")}
    return TemplateResponse(request, "intake/case_hidden.html", context, status=404)


def case_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is, how it stands, what can be done now, what happened, everything else."""
    case = find_case(request, pk)
    return hidden(request) if case is None else _show(request, case)


def _show(request: HttpRequest, case: Case, revealed: dict[str, str] | None = None) -> HttpResponse:
    context = {**admin.site.each_context(request), **_facts(request, case), "revealed": revealed}
    return TemplateResponse(request, "intake/case_page.html", context)


def _facts(request: HttpRequest, case: Case) -> dict[str, Any]:
    offered = offers(case, actor_of(request))
    return {
        "title": case.item.name,
        "case": case,
        "applicant": case.application.applicant,
        "agent": case.application.agent_facts(),
        "allowed": [offer for offer in offered if offer.allowed],
        "refused": [offer for offer in offered if not offer.allowed],
        "materials": case.materials.select_related("requirement").prefetch_related(
            "files__attachment__data_key"
        ),
        "events": CaseEvent.objects.for_subject(case.pk),
        "notices": _notices(case),
        "may_serve": request.user.has_perm(SERVE) and not case.applicant_erased,
        "clocks": case.clocks.select_related("clock__department"),
        "recounts": recounts_of([case]).get(case.pk, []),
        "siblings": case.application.cases.exclude(pk=case.pk).for_list(),
        "sections": sections_of(case),
        "may_reveal": request.user.has_perm("intake.reveal_applicant"),
        "may_erase": request.user.has_perm(PERMISSION),
        "reveal_form": RevealForm(),
    }


def _notices(case: Case) -> QuerySet[Notice]:
    """With their papers and what proves how they were served, without the sealed bytes."""
    sealed = ("paper__pdf", "paper__data")
    proofs = ProofOfService.objects.select_related("paper__drawn").defer(*sealed)
    rows: QuerySet[Notice] = case.notices.select_related("paper__drawn").defer(*sealed)
    return rows.prefetch_related(Prefetch("proofs", proofs))


@require_http_methods(["GET", "POST"])
def do_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The form of one move; after it, the case's page says what was done."""
    case = find_case(request, pk)
    if case is None:
        return hidden(request)
    reasons = _refusals(request, case, verb)
    if request.method == "POST" and not reasons:
        return _carry_out(request, case, verb)
    if reasons and request.method == "GET":
        messages.error(request, "；".join(reasons))
        return HttpResponseRedirect(case_url(case))
    form = _form(request, case, verb)
    return _verb_page(request, case, form, reasons=reasons, status=409 if reasons else 200)


def _refusals(request: HttpRequest, case: Case, verb: str) -> list[str]:
    try:
        move = CASE_FLOW.by_name(verb)
    except KeyError:
        return [_("there is no such step")]
    reasons = refusals_of(case, move, actor_of(request))
    if not reasons and not fits_side(case, move, actor_of(request)):
        return [_("this step belongs to the window or department that has the case")]
    return reasons


def _form(request: HttpRequest, case: Case, verb: str) -> VerbForm | None:
    try:
        form_class = handler_of(verb).form_class
    except KeyError:
        return None
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form: VerbForm = form_class(*sent, case=case, actor=actor_of(request))
    return form


def _carry_out(request: HttpRequest, case: Case, verb: str) -> HttpResponse:
    form = _form(request, case, verb)
    if form is None or not form.is_valid():
        return _verb_page(request, case, form, status=422)
    try:
        done = form.carry_out(actor=actor_of(request))
    except StaleObject as fault:
        return _after_colleague(request, case, verb, fault)
    except TransitionRefused as fault:
        return _verb_page(request, case, form, reasons=fault.reasons, status=fault.status)
    except InvalidInput as fault:
        _put_errors(form, fault)
        return _verb_page(request, case, form, status=422)
    except DomainError as fault:
        return _verb_page(request, case, form, reasons=[fault.message], status=fault.status)
    label = CASE_FLOW.by_name(verb).label
    messages.success(
        request,
        _("%(verb)s: done. The case now stands at “%(state)s”.")
        % {"verb": label, "state": done.state_label},
    )
    return HttpResponseRedirect(_next_address(request, done))


def _next_address(request: HttpRequest, case: Case) -> str:
    """The case's page, or the list if the case has left this person's sight."""
    if Case.objects.visible_to(request.user).filter(pk=case.pk).exists():
        return case_url(case)
    return reverse("admin:intake_case_changelist")


def _after_colleague(
    request: HttpRequest, case: Case, verb: str, fault: StaleObject
) -> HttpResponse:
    """What was typed stands again, over the case as the colleague left it."""
    fresh = Case.objects.for_page().get(pk=case.pk)
    form = _form(request, fresh, verb)
    if form is not None:
        data = editable(form.data)
        data["row_version"] = fresh.row_version
        form.data = data
        form.is_valid()
    return _verb_page(request, fresh, form, reasons=[fault.message], status=fault.status)


def _put_errors(form: VerbForm, fault: InvalidInput) -> None:
    known = set(form.fields) & set(fault.fields)
    for name in known:
        for text in fault.fields[name]:
            form.add_error(name, text)
    if not known:
        form.add_error(None, fault.message)


def _verb_page(
    request: HttpRequest,
    case: Case,
    form: VerbForm | None,
    *,
    reasons: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    if form is None:
        return hidden(request)
    context = {
        **admin.site.each_context(request),
        "title": form.transition.label,
        "case": case,
        "form": form,
        "move": form.transition,
        "reasons": reasons or [],
        "latest": CaseEvent.objects.for_subject(case.pk).last(),
    }
    return TemplateResponse(request, "intake/verb.html", context, status=status)


@require_GET
def open_file(request: HttpRequest, pk: int, file_id: UUID) -> HttpResponse:
    """A file of the case, for whoever may see the case."""
    case = find_case(request, pk)
    rows = MaterialFile.objects.filter(material__case=case, attachment_id=file_id)
    found = rows.select_related("attachment__data_key").first() if case else None
    if found is None:
        return hidden(request)
    file = found.attachment
    try:
        content = read_attachment(file)
    except DomainError as fault:
        context = {"message": fault.message}
        return TemplateResponse(request, "documents/refused.html", context, status=fault.status)
    answer = HttpResponse(content, content_type=file.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = "inline"
    return answer


@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The applicant unmasked once, with the reason on record."""
    case = find_case(request, pk)
    if case is None:
        return hidden(request)
    if not request.user.has_perm("intake.reveal_applicant"):
        raise PermissionDenied
    form = RevealForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("say why the personal data are needed"))
        return HttpResponseRedirect(reverse("admin:intake_case_change", args=(pk,)))
    try:
        shown = reveal_applicant(
            case_id=case.pk, actor=actor_of(request), reason=form.cleaned_data["reason"]
        )
    except DomainError as fault:
        messages.error(request, fault.message)
        return HttpResponseRedirect(case_url(case))
    return _show(request, case, shown)
