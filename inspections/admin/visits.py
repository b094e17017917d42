"""Visits with their answers."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from common.admin import ReadOnlyInline
from inspections.admin.base import EventInline, PagedAdmin
from inspections.models import Answer, Visit, VisitEvent


class AnswerInline(ReadOnlyInline):
    """The answers in the order of the checklist."""

    model = Answer
    fields = ("item", "result", "answered_by", "answered_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """With items and officers, read once."""
        rows = super().get_queryset(request)
        return rows.select_related("item", "answered_by").order_by("item__position")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the visit sees its answers."""
        return True


class VisitEventInline(EventInline):
    """What happened to the visit."""

    model = VisitEvent


@admin.register(Visit)
class VisitAdmin(PagedAdmin):
    """Inspections made and begun."""

    page_name = "visit"
    list_display = (
        "subject_name",
        "kind",
        "state",
        "outcome",
        "started_at",
        "opened_by",
        "open_page",
    )
    list_filter = ("state", "outcome", "kind")
    search_fields = ("subject_name", "target__subject__initials")
    date_hierarchy = "started_at"
    fields = (
        ("subject_name", "kind", "open_page"),
        ("state", "outcome"),
        ("subject_address", "region_code", "department"),
        ("started_at", "ended_at", "submitted_at", "approved_at", "published_at"),
        ("checklist", "opened_by"),
    )
    readonly_fields = ("open_page",)
    inlines = (AnswerInline, VisitEventInline)
