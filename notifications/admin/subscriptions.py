"""What people outside agreed to be told, and taking an agreement back."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import CaseworkAdmin
from notifications.models import Subscription
from notifications.services import unsubscribe
from organisations.models import User


@admin.register(Subscription)
class SubscriptionAdmin(CaseworkAdmin):
    """Agreements; a person's wish ends one, and the row stays."""

    list_display = ("subject_id", "channel", "shown_address", "agreed_at", "withdrawn_at")
    list_filter = ("channel", ("withdrawn_at", admin.EmptyFieldListFilter))
    list_select_related = ("data_key",)
    search_fields = ("subject_id",)
    search_help_text = _("matter or number")
    fields = ("subject_id", "channel", "shown_address", "agreed_at", "withdrawn_at")
    readonly_fields = ("shown_address",)
    actions = ("take_back",)

    @admin.display(description=_("address"))
    def shown_address(self, agreed: Subscription) -> str:
        """Enough of it to recognise it by."""
        return agreed.masked_address

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Who may end one."""
        return request.user.has_perm("notifications.change_subscription")

    @admin.action(
        description=_("take the agreement back at the person's wish"), permissions=["end"]
    )
    def take_back(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """The chosen ones are told nothing more."""
        if not isinstance(request.user, User):
            raise PermissionDenied
        for key in queryset.order_by("pk").values_list("pk", flat=True):
            unsubscribe(subscription_id=key, actor=request.user)
        count = queryset.count()
        text = ngettext("%(count)s agreement ended", "%(count)s agreements ended", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
