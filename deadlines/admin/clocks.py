"""Time limits: what runs, until when, and what happened."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from common import time
from common.admin import CaseworkAdmin, ReadOnlyInline
from deadlines.choices import StageKey, Verb
from deadlines.models import Clock, ClockEvent, StageFire, SweepRun
from deadlines.parts import clock_chip
from deadlines.registry import links_for

WEEK = timedelta(days=7)
LATE_FROM = timedelta(minutes=5)


class DueFilter(admin.SimpleListFilter):
    """When the time ends."""

    title = _("ends")
    parameter_name = "ends"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Late, today, this week."""
        return [
            ("late", _("already late")),
            ("today", _("today")),
            ("week", _("within seven days")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Open clocks of the chosen time."""
        rows: Any = queryset
        today = time.today()
        chosen = {
            "late": lambda: rows.overdue(time.now()),
            "today": lambda: rows.due_on(today),
            "week": lambda: rows.due_between(today, today + WEEK),
        }.get(self.value() or "")
        return chosen() if chosen else queryset


class EventInline(ReadOnlyInline):
    """What happened, in order."""

    model = ClockEvent
    fields = ("seq", "at", "shown_verb", "actor", "post_label", "note", "legal_basis")
    readonly_fields = fields
    ordering = ("seq",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClockEvent]:
        """With the actors."""
        return super().get_queryset(request).select_related("actor")

    @admin.display(description=_("verb"))
    def shown_verb(self, event: ClockEvent) -> str:
        """The verb in the reader's language, with the stage it was about."""
        data: Any = event.data
        stage = data.get("stage", "")
        words = [Verb(event.verb).label, StageKey(stage).label if stage else ""]
        return " · ".join(str(word) for word in words if word)


class FireInline(ReadOnlyInline):
    """Stages reached."""

    model = StageFire
    fields = ("stage", "planned_for", "fired_at", "lateness", "inherited", "answered_at", "epoch")
    readonly_fields = fields
    ordering = ("pk",)

    @admin.display(description=_("late by"))
    def lateness(self, fire: StageFire) -> str:
        """How late the engine was; nothing below five minutes."""
        if fire.late_by < LATE_FROM:
            return ""
        return timesince(fire.planned_for, fire.fired_at)


@admin.register(Clock)
class ClockAdmin(CaseworkAdmin):
    """Time limits within one's scope, whose time ends first on top."""

    list_display = (
        "subject_number",
        "subject_label",
        "chip",
        "department",
        "handler",
        "state",
        "light",
    )
    list_filter = (DueFilter, "state", "light", "subject_kind", "debtor", "provisional")
    search_fields = ("subject_number", "subject_label")
    search_help_text = _("number or matter")
    ordering = ("due_at",)
    inlines = (EventInline, FireInline)
    fieldsets = (
        (None, {"fields": ("matter", "chip", "state", "light", "verified")}),
        (
            _("course of time"),
            {
                "fields": (
                    "started_at",
                    "promised_due_on",
                    "statutory_due_on",
                    "told_until",
                    "finished_at",
                    "provisional",
                    "next_stage_at",
                )
            },
        ),
        (
            _("responsible"),
            {"fields": ("department", "handler", "post", "service_point", "region_code", "debtor")},
        ),
        (_("basis of the limit"), {"fields": ("rule", "calendar", "failures", "last_error")}),
    )
    readonly_fields = ("matter", "chip", "state")

    @admin.display(description=_("remaining time"), ordering="due_at")
    def chip(self, clock: Clock) -> SafeString:
        """The remaining-time chip."""
        return clock_chip(clock)

    @admin.display(description=_("matter"))
    def matter(self, clock: Clock) -> SafeString | str:
        """The matter, linked to its own page."""
        link = links_for([clock]).get(clock.pk)
        if link is None:
            return str(clock)
        return format_html('<a href="{}">{}</a>', link.url, clock)


@admin.register(SweepRun)
class SweepRunAdmin(CaseworkAdmin):
    """Passes of the engine."""

    list_display = ("started_at", "finished_at", "clocks", "fired", "failed")
    date_hierarchy = "started_at"
