"""The administrator erases a person's data: what goes, what stays, why, and no way back."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from intake.admin.pages import actor_of, find_case, hidden
from intake.forms.reveal import EraseForm
from intake.models import Case
from intake.parts import case_url
from intake.services.erasing import PERMISSION, erase_applicant


@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """The question with its consequences; after it, the case without a name."""
    case = find_case(request, pk)
    if case is None:
        return hidden(request)
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    if request.method == "GET":
        return _ask(request, case, EraseForm())
    return _carry_out(request, case, EraseForm(request.POST))


def _carry_out(request: HttpRequest, case: Case, form: EraseForm) -> HttpResponse:
    if not form.is_valid():
        return _ask(request, case, form, status=422)
    reason = form.cleaned_data["reason"]
    try:
        erase_applicant(case_id=case.pk, actor=actor_of(request), reason=reason)
    except DomainError as fault:
        return _ask(request, case, form, refusal=fault.message, status=fault.status)
    messages.success(request, _("The personal data have been erased."))
    return HttpResponseRedirect(case_url(case))


def _ask(
    request: HttpRequest, case: Case, form: EraseForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    cases = Case.objects.of_applicant(case.application.applicant_id)
    context = {
        **admin.site.each_context(request),
        "title": _("erase personal data"),
        "case": case,
        "cases": cases.visible_to(request.user).for_list().order_by("pk"),
        "form": form,
        "refusal": refusal,
    }
    return TemplateResponse(request, "intake/erase.html", context, status=status)
