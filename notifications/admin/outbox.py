"""Messages for outside: how each stands, every attempt, and sending anew what was given up."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from common.admin import CaseworkAdmin, ReadOnlyInline
from common.errors import DomainError
from notifications.choices import MessageState
from notifications.models import DeliveryEvent, OutboxMessage
from notifications.services import resend
from organisations.models import User


class DeliveryEventInline(ReadOnlyInline):
    """Every attempt, in order."""

    model = DeliveryEvent
    fields = ("at", "shown_verb", "note", "actor")
    readonly_fields = fields
    verbose_name_plural = pgettext_lazy("message", "attempts")

    @admin.display(description=pgettext_lazy("message", "what happened"))
    def shown_verb(self, event: DeliveryEvent) -> str:
        """What happened, in words."""
        return event.label

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With who acted."""
        return super().get_queryset(request).select_related("actor")


@admin.register(OutboxMessage)
class OutboxMessageAdmin(CaseworkAdmin):
    """The outbox. Nothing is typed here; what was given up may be sent anew."""

    change_form_template = "admin/notifications/outbox_message.html"
    list_display = (
        "title",
        "channel",
        "to",
        "state",
        "attempts",
        "created_at",
        "next_attempt_at",
    )
    list_filter = ("state", "channel", "urgent")
    search_fields = ("title", "subject_id")
    search_help_text = _("matter or number")
    date_hierarchy = "created_at"
    fields = (
        "title",
        "body",
        ("channel", "to"),
        ("state", "attempts", "urgent"),
        ("created_at", "next_attempt_at", "sent_at"),
        "last_error",
        "subject_id",
    )
    readonly_fields = ("to",)
    inlines = (DeliveryEventInline,)
    actions = ("send_anew",)

    @admin.display(description=_("recipient"))
    def to(self, message: OutboxMessage) -> str:
        """Who is meant."""
        return message.to_label

    def has_resend_permission(self, request: HttpRequest) -> bool:
        """Who may send anew."""
        return request.user.has_perm("notifications.resend_outboxmessage")

    def get_urls(self) -> list[URLPattern]:
        """With the button of one message."""
        view = self.admin_site.admin_view(self.resend_view)
        name = "notifications_outboxmessage_resend"
        return [path("<int:pk>/resend/", view, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The message, with a button if it was given up."""
        dead = context["original"].state == MessageState.DEAD
        context["may_resend"] = dead and self.has_resend_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    @method_decorator(require_POST)
    def resend_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The message waits again."""
        self._send_anew(request, [pk])
        page = "admin:notifications_outboxmessage_change"
        return HttpResponseRedirect(reverse(page, args=(pk,)))

    @admin.action(description=_("send anew what was given up"), permissions=["resend"])
    def send_anew(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        """The chosen ones that were given up wait again; the others stay."""
        dead = queryset.filter(state=MessageState.DEAD)
        self._send_anew(request, list(dead.order_by("pk").values_list("pk", flat=True)))

    def _send_anew(self, request: HttpRequest, keys: list[int]) -> None:
        if not isinstance(request.user, User) or not self.has_resend_permission(request):
            raise PermissionDenied
        count = 0
        for key in keys:
            try:
                resend(message_id=key, actor=request.user)
                count += 1
            except DomainError as fault:
                self.message_user(request, fault.message, messages.ERROR)
        text = ngettext("%(count)s message waits again", "%(count)s messages wait again", count)
        level = messages.SUCCESS if count else messages.WARNING
        self.message_user(request, text % {"count": count}, level)
