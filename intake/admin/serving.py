"""A notice was served: the account, and the 送达回证 it becomes."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError, InvalidInput
from intake.admin.pages import actor_of, find_case, hidden
from intake.forms.serving import ServingForm
from intake.models import Case, Notice
from intake.parts import case_url
from intake.services.serving import PERMISSION, serve_notice


@require_http_methods(["GET", "POST"])
def serve(request: HttpRequest, pk: int, notice_id: int) -> HttpResponse:
    """The form of one service; after it, the case's page with the proof to print."""
    case = find_case(request, pk)
    notice = _notice(case, notice_id) if case else None
    if case is None or notice is None:
        return hidden(request)
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    if request.method == "GET":
        return _ask(request, notice, ServingForm(notice=notice))
    return _carry_out(request, notice, ServingForm(request.POST, notice=notice))


def _notice(case: Case, notice_id: int) -> Notice | None:
    rows: Any = case.notices.select_related("paper__drawn").defer("paper__pdf", "paper__data")
    notice: Notice | None = rows.filter(pk=notice_id).first()
    if notice is not None:
        notice.case = case
    return notice


def _carry_out(request: HttpRequest, notice: Notice, form: ServingForm) -> HttpResponse:
    if not form.is_valid():
        return _ask(request, notice, form, status=422)
    try:
        proof = serve_notice(notice_id=notice.pk, actor=actor_of(request), served=form.account())
    except InvalidInput as fault:
        _mark(form, fault)
        return _ask(request, notice, form, status=422)
    except DomainError as fault:
        return _ask(request, notice, form, refusal=fault.message, status=fault.status)
    messages.success(
        request, _("The service is on record: %(number)s.") % {"number": proof.paper.number}
    )
    return HttpResponseRedirect(case_url(notice.case))


def _mark(form: ServingForm, fault: InvalidInput) -> None:
    known = set(form.fields) & set(fault.fields)
    for name in known:
        for text in fault.fields[name]:
            form.add_error(name, text)
    if not known:
        form.add_error(None, fault.message)


def _ask(
    request: HttpRequest,
    notice: Notice,
    form: ServingForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("record a service"),
        "case": notice.case,
        "notice": notice,
        "form": form,
        "refusal": refusal,
    }
    return TemplateResponse(request, "intake/serve.html", context, status=status)
