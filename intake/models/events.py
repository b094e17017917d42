"""What happened to a case."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.events import EventBase
from intake.models.case import Case
from intake.transitions import CASE_FLOW

OPENED = "open_case"
REVEAL = "reveal_applicant"
ERASE = "erase_applicant"
TOLD = "tell_applicant"
NOT_REACHED = "applicant_not_reached"
SERVED = "serve_notice"
OTHER_LABELS = {
    OPENED: _("open case"),
    REVEAL: _("personal data shown"),
    ERASE: _("personal data erased"),
    TOLD: _("applicant told by message"),
    SERVED: _("notice served"),
    NOT_REACHED: _("message to the applicant failed"),
}


class CaseEvent(EventBase):
    """One fact of a case's life, chained per case."""

    subject_field: ClassVar[str] = "case"

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="events", verbose_name=_("case")
    )

    class Meta(EventBase.Meta):
        verbose_name = _("case event")
        verbose_name_plural = _("case events")
        constraints = (
            models.UniqueConstraint(fields=("case", "seq"), name="case_events_are_numbered_once"),
        )

    @property
    def label(self) -> str:
        """What happened, in the reader's language."""
        if self.verb in OTHER_LABELS:
            return str(OTHER_LABELS[self.verb])
        return str(CASE_FLOW.by_name(self.verb).label)
