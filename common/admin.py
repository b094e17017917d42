"""The base of every clerk's screen."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from common.models import Job

COUNT_CAP = 10_000
PAGE_ROWS = 50


class CappedPaginator(Paginator):
    """Counts rows no further than the cap, for counting is the cost of a long list."""

    @cached_property
    def count(self) -> int:
        """Rows of the list, at most the cap."""
        rows = self.object_list
        if isinstance(rows, models.QuerySet):
            return rows.order_by()[:COUNT_CAP].count()
        return len(rows)


class ScopedAdmin(admin.ModelAdmin):
    """Rows within the user's scope, joined for lists, counted up to a cap."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = PAGE_ROWS
    list_max_show_all = PAGE_ROWS
    actions_on_top = True
    save_on_top = False

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The list as asked for.

        Raises:
            IncorrectLookupParameters: a filter can't be read; Django shows the whole list then.
        """
        try:
            return super().get_changelist_instance(request)
        except OverflowError as fault:
            raise IncorrectLookupParameters(fault) from fault

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Rows the user may see; ``for_list`` joins what a row shows."""
        rows = super().get_queryset(request)
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(request.user)
        return rows.for_list() if hasattr(rows, "for_list") else rows


class CaseworkAdmin(ScopedAdmin):
    """A screen that shows and leads to verbs: nothing is added, typed over or deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: things come into being through services."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: nothing is deleted that a file, audit or appeal may need."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never by typing over a field: verbs change things."""
        return False


class ReadOnlyInline(admin.TabularInline):
    """History beside the thing: read, never written."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Job)
class JobAdmin(CaseworkAdmin):
    """Background work and how far it has come."""

    list_display = (
        "__str__",
        "kind",
        "state",
        "progress_done",
        "progress_total",
        "created_at",
    )
    list_filter = ("state", "kind")
    list_select_related = ("created_by",)
    fields = (
        "kind",
        "state",
        ("progress_done", "progress_total"),
        "message",
        "report",
        "created_by",
        "created_at",
        "finished_at",
    )
    search_help_text = _("kind of job")
    search_fields = ("kind",)
