"""Problems, interviews and sampling batches."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.admin import CaseworkAdmin
from inspections.models import Interview, Problem, SamplingBatch


@admin.register(Problem)
class ProblemAdmin(CaseworkAdmin):
    """Problems found."""

    list_display = ("text", "item_code", "is_key", "state", "subject_name", "recorded_at")
    list_filter = ("state", "is_key", "item_code")
    search_fields = ("text", "visit__subject_name", "item_code")
    date_hierarchy = "recorded_at"
    fields = (
        "text",
        ("item_code", "is_key", "corrected_on_site"),
        "clause",
        ("state", "subject_name"),
        ("recorded_by", "recorded_at"),
    )
    readonly_fields = ("subject_name",)

    @admin.display(description=_("inspected subject"), ordering="visit__subject_name")
    def subject_name(self, problem: Problem) -> str:
        """Where it was found."""
        return problem.visit.subject_name


@admin.register(Interview)
class InterviewAdmin(CaseworkAdmin):
    """Interviews held; who came stays sealed here."""

    list_display = ("subject", "campaign", "held_at", "place", "reason")
    search_fields = ("subject__name", "reason")
    date_hierarchy = "held_at"
    fields = (
        ("subject", "campaign"),
        ("held_at", "place"),
        ("reason", "legal_basis"),
        "demands",
        "statement",
        "recorded_by",
    )


@admin.register(SamplingBatch)
class BatchAdmin(CaseworkAdmin):
    """Batches sampled."""

    list_display = ("code", "product", "subject", "campaign", "sampled_on", "result")
    list_filter = ("result",)
    search_fields = ("code", "product", "subject__name")
    date_hierarchy = "sampled_on"
    fields = (
        ("code", "product", "lot"),
        ("subject", "campaign"),
        ("sampled_on", "result"),
        "recorded_by",
    )
