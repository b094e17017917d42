"""The calendar of working days and where it comes from."""

from django.contrib import admin

from common.admin import CaseworkAdmin
from deadlines.models import CalendarDay, CalendarVersion


@admin.register(CalendarVersion)
class CalendarVersionAdmin(CaseworkAdmin):
    """Editions; the newest counts for new time limits."""

    list_display = ("code", "number", "official_from", "official_until", "loaded_at")
    fields = ("code", "number", "official_from", "official_until", "source", "sha256", "loaded_at")


@admin.register(CalendarDay)
class CalendarDayAdmin(CaseworkAdmin):
    """Days that are not what their weekday says."""

    list_display = ("day", "label", "is_workday", "status", "notice", "version")
    list_filter = ("is_workday", "status", "version")
    list_select_related = ("version",)
    date_hierarchy = "day"
    ordering = ("day",)
