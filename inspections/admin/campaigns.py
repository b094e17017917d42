"""Programmes, subjects and campaigns."""

from django.contrib import admin

from common.admin import CaseworkAdmin, ScopedAdmin
from inspections.admin.base import EventInline, PagedAdmin
from inspections.models import Campaign, CampaignEvent, ProgrammeProfile, Subject


@admin.register(ProgrammeProfile)
class ProfileAdmin(ScopedAdmin):
    """The switch between market regulation and streets, kept by administrators."""

    list_display = ("name", "code", "order_title", "number_pattern", "needs_two_officers")
    search_fields = ("name", "code")


@admin.register(Subject)
class SubjectAdmin(CaseworkAdmin):
    """Whatever is inspected."""

    list_display = ("name", "subject_type", "address", "department", "risk_grade")
    list_filter = ("subject_type", "risk_grade")
    search_fields = ("name", "initials", "credit_code", "address")
    fields = (
        ("name", "subject_type"),
        ("credit_code", "risk_grade"),
        ("address", "region_code", "department"),
        "attributes",
    )


class CampaignEventInline(EventInline):
    """What happened to the campaign."""

    model = CampaignEvent


@admin.register(Campaign)
class CampaignAdmin(PagedAdmin):
    """Campaigns; their figures and targets stand on the page."""

    page_name = "campaign"
    list_display = ("name", "kind", "lead_unit", "starts_on", "ends_on", "open_page")
    list_filter = ("kind", "profile")
    search_fields = ("name", "basis")
    date_hierarchy = "starts_on"
    fields = (
        ("name", "kind", "open_page"),
        "basis",
        ("starts_on", "ends_on"),
        ("lead_unit", "region_code"),
        ("profile", "checklist"),
        ("created_by", "created_at"),
    )
    readonly_fields = ("open_page",)
    inlines = (CampaignEventInline,)
