"""The inbox page: one's own messages, opened by a click that leads to the matter."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import CaseworkAdmin
from common.errors import NotFound
from common.querysets import key_of
from notifications.models import InboxMessage
from notifications.services import mark_all_read, mark_read
from organisations.models import User


def _reader(request: HttpRequest) -> User:
    """Whoever is signed in; the admin lets nobody else get here."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class UnreadFilter(admin.SimpleListFilter):
    """New or opened."""

    title = _("opened")
    parameter_name = "read"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The two sides."""
        return [("no", _("unread")), ("yes", _("read"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[InboxMessage]
    ) -> QuerySet[InboxMessage]:
        """Rows of the chosen side."""
        if self.value() is None:
            return queryset
        return queryset.filter(read_at__isnull=self.value() == "no")


@admin.register(InboxMessage)
class InboxMessageAdmin(CaseworkAdmin):
    """One's own inbox. Opening a message marks it read and leads to what it is about."""

    list_display = ("shown_title", "shown_body", "created_at")
    list_display_links = ("shown_title",)
    list_filter = (UnreadFilter,)
    search_fields = ("title", "body")
    search_help_text = _("matter or number")
    date_hierarchy = "created_at"
    fields = ("title", "body", "created_at", "read_at")
    actions = ("mark_every_message_read",)

    @admin.display(description=_("message title"), ordering="title")
    def shown_title(self, message: InboxMessage) -> SafeString:
        """The subject; an unread one carries a mark beside its word."""
        if message.read_at:
            return format_html("{}", message.title)
        return format_html(
            '<span class="unread"><span aria-hidden="true">●</span> {} {}</span>',
            _("new"),
            message.title,
        )

    @admin.display(description=_("text"))
    def shown_body(self, message: InboxMessage) -> str:
        """The first line."""
        return message.body.partition("\n")[0]

    @admin.action(description=_("mark all my messages read"), permissions=["view"])
    def mark_every_message_read(
        self, request: HttpRequest, queryset: QuerySet[InboxMessage]
    ) -> None:
        """Nothing is unread any more."""
        count = mark_all_read(actor=_reader(request))
        text = ngettext("%(count)s message marked read", "%(count)s messages marked read", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The message is marked read and leads on to its matter, if it has one."""
        try:
            message = mark_read(message_id=key_of(object_id), actor=_reader(request))
        except NotFound:
            raise Http404 from None
        if message.link and url_has_allowed_host_and_scheme(message.link, allowed_hosts=None):
            return HttpResponseRedirect(message.link)
        return super().change_view(request, object_id, form_url, extra_context)
