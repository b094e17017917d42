"""Where members of staff are reached outside the house, as an administrator keeps it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin import ScopedAdmin
from notifications.forms import ContactForm
from notifications.models import ContactPoint
from notifications.services import settle_contact


@admin.register(ContactPoint)
class ContactPointAdmin(ScopedAdmin):
    """Contact points; addresses are masked, and one out of use is kept."""

    form = ContactForm
    fields = ("user", "channel", "new_address", "active")
    list_display = ("user", "channel", "shown_address", "active", "changed_at")
    list_filter = ("channel", "active")
    search_fields = ("user__display_name", "user__username")
    search_help_text = _("name or login")
    autocomplete_fields = ("user",)

    @admin.display(description=_("address"))
    def shown_address(self, contact: ContactPoint) -> str:
        """Enough of it to recognise it by."""
        return contact.masked_address

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Person and channel stay: another one is another contact point."""
        return ("user", "channel") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: messages that went there name it; it is taken out of use."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """The contact point stands as typed, through the service."""
        given = form.cleaned_data
        settled = settle_contact(
            user=obj.user, channel=obj.channel, address=given["new_address"], active=given["active"]
        )
        obj.pk, obj.uuid, obj.data_key = settled.pk, settled.uuid, settled.data_key
