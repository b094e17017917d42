"""What approvals do when something below them, or of their own, happened."""

from typing import Any

from django.dispatch import receiver

from approvals.choices import RequestState
from approvals.models import ExtensionRequest
from approvals.signals import extension_answered
from intake.rules.informing import Occasion
from intake.services.informing import tell_applicant


@receiver(extension_answered, dispatch_uid="approvals.tell_of_extension")
def hear_extension(request: ExtensionRequest, **_facts: Any) -> None:
    """The applicant is told that the limit ends later (行政许可法 42)."""
    if request.state == RequestState.APPROVED:
        tell_applicant(case=request.case, occasion=Occasion.EXTENDED)
