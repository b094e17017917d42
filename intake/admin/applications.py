"""The register of receipts."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.admin import CaseworkAdmin
from intake.models import Application


@admin.register(Application)
class ApplicationAdmin(CaseworkAdmin):
    """Applications by receipt number, with what became of their cases."""

    list_display = ("number", "applicant_name", "case_count", "point", "channel", "received_at")
    list_filter = ("channel",)
    search_fields = ("number",)
    search_help_text = _("receipt number")
    fields = ("number", "applicant_name", "point", "window", "channel", "received_at", "created_by")
    readonly_fields = ("applicant_name",)
    actions = None

    @admin.display(description=_("applicant"))
    def applicant_name(self, application: Application) -> str:
        """The applicant, masked."""
        return str(application.applicant.masked_name)

    @admin.display(description=_("cases"))
    def case_count(self, application: Application) -> int:
        """How many cases it has."""
        return len(application.cases.all())
