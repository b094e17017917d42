"""The progress page for citizens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from intake.forms.progress import ProgressForm
from intake.models import Application
from intake.parts import asker_of, progress_of
from intake.services.progress import find_by_receipt


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
