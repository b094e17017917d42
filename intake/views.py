"""The progress page for citizens."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from intake.choices import Desk
from intake.forms.progress import ProgressForm
from intake.models import Application, Case
from intake.rules.progress import NextStep, is_over, next_step, outcome
from intake.services.progress import find_by_receipt


@dataclass(frozen=True)
class CaseProgress:
    """One case as the holder of the receipt sees it."""

    case: Case
    step: NextStep
    outcome: Any
    over: bool

    @property
    def ask(self) -> str:
        """Whom to ask, with telephone."""
        if self.step.by == Desk.DEPARTMENT:
            unit = self.case.department
            return f"{unit.name} {unit.phone}".strip()
        point = self.case.service_point
        return f"{point.name} {point.phone}".strip()


def progress_of(application: Application) -> list[CaseProgress]:
    """Every case of the application with its next step."""
    return [
        CaseProgress(
            case=case,
            step=next_step(case.state),
            outcome=outcome(case.result),
            over=is_over(case.state),
        )
        for case in application.cases.all()
    ]


def asker_of(request: HttpRequest) -> str:
    """The address the question came from."""
    return str(request.META.get("REMOTE_ADDR", ""))


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
