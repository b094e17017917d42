"""The register of decisions."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from approvals.models import Decision
from common.admin import CaseworkAdmin


@admin.register(Decision)
class DecisionAdmin(CaseworkAdmin):
    """Decisions by number and day, with the case they decided."""

    list_display = ("number", "item", "result", "applicant", "department", "decided_at")
    list_filter = ("result", "on_spot")
    search_fields = ("number", "case__number")
    search_help_text = _("number of the decision or of the case")
    fields = (
        "number",
        "case",
        "result",
        "text",
        "opinion",
        "basis",
        "valid_until",
        "decided_at",
        "decided_by",
    )
    actions = None

    @admin.display(description=_("item"))
    def item(self, decision: Decision) -> str:
        """What was applied for."""
        return str(decision.case.item.name)

    @admin.display(description=_("applicant"))
    def applicant(self, decision: Decision) -> str:
        """The applicant, masked."""
        return str(decision.case.application.applicant.masked_name)

    @admin.display(description=_("department"))
    def department(self, decision: Decision) -> str:
        """Who decided."""
        return str(decision.case.department)
