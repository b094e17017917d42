"""Where members of staff are reached outside the house, as an administrator keeps it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from common.admin import ScopedAdmin
from common.errors import DomainError, NotFound
from notifications.forms import ContactForm
from notifications.models import ContactPoint
from notifications.services import post_test, settle_contact
from organisations.models import User


@admin.register(ContactPoint)
class ContactPointAdmin(ScopedAdmin):
    """Contact points; addresses are masked, and one out of use is kept."""

    form = ContactForm
    change_form_template = "admin/notifications/contact.html"
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

    def get_urls(self) -> list[URLPattern]:
        """With the button that sends a test message."""
        view = self.admin_site.admin_view(self.test_view)
        name = "notifications_contactpoint_test"
        return [path("<int:pk>/test/", view, name=name), *super().get_urls()]

    @method_decorator(require_POST)
    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A test message is on its way; its own page says whether the channel took it."""
        user = request.user
        if not isinstance(user, User) or not self.has_change_permission(request):
            raise PermissionDenied
        try:
            message = post_test(contact_id=pk, actor=user)
        except NotFound:
            raise Http404 from None
        except DomainError as fault:
            self.message_user(request, fault.message, messages.ERROR)
            page, key = "admin:notifications_contactpoint_change", pk
        else:
            self.message_user(request, _("the test message is on its way"), messages.SUCCESS)
            page, key = "admin:notifications_outboxmessage_change", message.pk
        return HttpResponseRedirect(reverse(page, args=(key,)))

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
