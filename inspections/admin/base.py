"""What the screens of inspections share."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.admin import CaseworkAdmin, ReadOnlyInline

EVENT_FIELDS = ("at", "actor", "post_label", "verb", "note", "legal_basis")


class PagedAdmin(CaseworkAdmin):
    """A screen that also leads to the phone page of the thing."""

    page_name = ""

    @admin.display(description=_("page"))
    def open_page(self, thing: models.Model) -> SafeString:
        """A link to the phone page."""
        url = reverse(f"inspections:{self.page_name}", args=(thing.pk,))
        return format_html('<a href="{}">{}</a>', url, _("open page"))


class EventInline(ReadOnlyInline):
    """History beside the thing."""

    fields = EVENT_FIELDS
    readonly_fields = EVENT_FIELDS
    ordering = ("seq",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """With the actors, read once."""
        return super().get_queryset(request).select_related("actor")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the thing sees what happened to it."""
        return True
