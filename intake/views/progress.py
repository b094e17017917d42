"""The progress page for citizens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError, InvalidInput
from intake.forms.progress import ProgressForm
from intake.forms.supplement import SENT, SupplementForm
from intake.models import Application
from intake.parts import asker_of, progress_of
from intake.services.progress import find_by_receipt
from intake.services.supplements import hand_in_supplement


@never_cache
@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """What happens next, by when, whom to ask; proof is the receipt, sent in the body."""
    form = ProgressForm(request.POST or None)
    application, status = None, 200
    if request.method == "POST":
        application, status = _answer(form, asker_of(request))
    context = {
        "title": _("Progress of an application"),
        "form": form,
        "application": application,
        "rows": progress_of(application) if application else [],
    }
    return render(request, "intake/progress.html", context, status=status)


@never_cache
@require_POST
def supplement(request: HttpRequest) -> HttpResponse:
    """Files for what is still open; what is wrong with one is said beside it."""
    form, asker = SupplementForm(request.POST), asker_of(request)
    application, status = _answer(form, asker)
    faults: dict[str, list[str]] = {}
    sent = ""
    if application is not None:
        faults, sent, status = _sent(application, form, request)
        application = _again(application)
    context = {
        "title": _("Progress of an application"),
        "form": ProgressForm(request.POST) if application is None else form,
        "application": application,
        "rows": progress_of(application) if application else [],
        "faults": faults,
        "sent": sent,
    }
    return render(request, "intake/progress.html", context, status=status)


def _sent(
    application: Application, form: SupplementForm, request: HttpRequest
) -> tuple[dict[str, list[str]], str, int]:
    number = form.cleaned_data["case"]
    case = next((c for c in application.cases.all() if c.number == number), None)
    files = form.uploads(case, request.FILES) if case else {}
    try:
        hand_in_supplement(application=application, case_number=number, files=files)
    except DomainError as fault:
        fields = dict(fault.fields) if isinstance(fault, InvalidInput) else {}
        return fields or {"": [str(fault.message)]}, "", fault.status
    return {}, str(SENT), 200


def _again(application: Application) -> Application:
    return Application.objects.for_list().get(pk=application.pk)


def _answer(form: ProgressForm, asker: str) -> tuple[Application | None, int]:
    if not form.is_valid():
        return None, 200
    given = form.cleaned_data
    try:
        found = find_by_receipt(receipt=given["receipt"], check=given["check"], asker=asker)
    except DomainError as fault:
        form.add_error(None, fault.message)
        return None, fault.status
    return found, 200
