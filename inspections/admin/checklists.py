"""Frozen checklists."""

from django.contrib import admin

from common.admin import CaseworkAdmin, ReadOnlyInline
from inspections.models import ChecklistItem, ChecklistVersion


class ItemInline(ReadOnlyInline):
    """The items of the version."""

    model = ChecklistItem
    fields = ("code", "group", "text", "is_key", "method", "clause")
    readonly_fields = fields

    def has_view_permission(self, request: object, obj: object = None) -> bool:
        """Whoever sees the version sees its items."""
        return True


@admin.register(ChecklistVersion)
class ChecklistVersionAdmin(CaseworkAdmin):
    """Published versions, which never change."""

    list_display = ("__str__", "number", "published_at", "published_by", "sha256")
    search_fields = ("template__name", "template__code")
    fields = (("template", "number"), ("published_at", "published_by"), "sha256")
    inlines = (ItemInline,)
