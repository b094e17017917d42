"""Orders to rectify with their items."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.admin import ReadOnlyInline
from deadlines.parts import remaining
from inspections.admin.base import EventInline, PagedAdmin
from inspections.models import Order, OrderEvent, OrderItem


class OrderItemInline(ReadOnlyInline):
    """What has to be put right."""

    model = OrderItem
    fields = ("number", "problem", "requirement", "standard", "due_on", "result")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """With the problems, read once."""
        return super().get_queryset(request).select_related("problem")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the order sees its items."""
        return True


class OrderEventInline(EventInline):
    """What happened to the order."""

    model = OrderEvent


@admin.register(Order)
class OrderAdmin(PagedAdmin):
    """Orders by the day they end."""

    page_name = "order"
    list_display = ("number", "party", "state", "time_left", "issued_on", "issued_by", "open_page")
    list_filter = ("state", "profile")
    search_fields = ("number", "visit__subject_name", "visit__target__subject__initials")
    date_hierarchy = "issued_on"
    fields = (
        ("number", "party", "open_page"),
        ("state", "time_left"),
        ("issued_on", "due_on", "issued_by"),
        ("department", "region_code"),
        ("legal_basis", "delivery_way"),
    )
    readonly_fields = ("party", "time_left", "open_page")
    inlines = (OrderItemInline, OrderEventInline)

    @admin.display(description=_("party"), ordering="visit__subject_name")
    def party(self, order: Order) -> str:
        """Who has to put it right."""
        return order.visit.subject_name

    @admin.display(description=_("time left"), ordering="clock__due_at")
    def time_left(self, order: Order) -> SafeString | str:
        """The remaining-time chip."""
        if order.clock is None:
            return ""
        left = remaining(order.clock)
        return format_html('<span class="{}">{}</span>', left.css, left.text)
