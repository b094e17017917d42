"""Filters of the case list: whose desk, how late."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common import time
from deadlines.services import add_workdays_from
from intake.admin.pages import actor_of

SOON_WORKDAYS = 3


class DeskFilter(admin.SimpleListFilter):
    """My desk, my department, waiting for review."""

    title = _("desk")
    parameter_name = "desk"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The desks there are."""
        choices: list[tuple[str, Any]] = [("mine", _("my desk"))]
        if actor_of(request).scope.unit_ids:
            choices += [("review", _("waiting for review")), ("unit", _("my department"))]
        return choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The cases of the chosen desk."""
        desk = self.value()
        if desk == "mine":
            return queryset.on_desk_of(request.user)
        if desk == "review":
            return queryset.for_review(request.user)
        if desk == "unit":
            return queryset.filter(department_id__in=actor_of(request).scope.unit_ids)
        return queryset


class DueFilter(admin.SimpleListFilter):
    """Late, due today, due soon."""

    title = _("time left")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """From late to soon."""
        return [
            ("late", _("past due")),
            ("today", _("due today")),
            ("soon", _("due within 3 working days")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The cases whose clock stands so."""
        today, now = time.today(), time.now()
        if self.value() == "late":
            return queryset.overdue(now)
        if self.value() == "today":
            return queryset.due_before(time.end_of_day(today)).exclude(clock__due_at__lte=now)
        if self.value() == "soon":
            last = add_workdays_from(today, SOON_WORKDAYS)
            rows = queryset.due_before(time.end_of_day(last) + timedelta(seconds=1))
            return rows.exclude(clock__due_at__lte=now)
        return queryset
