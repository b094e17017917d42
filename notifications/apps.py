"""What people are told inside and outside the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """The inbox, the outbox and its channels."""

    name = "notifications"
    verbose_name = _("messages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Everyone on a post reads his inbox; the administrator keeps contacts and outbox."""
        from common.site import Panel, register_header_count, register_panel
        from notifications import checks, receivers  # noqa: F401
        from notifications.parts import given_up_panel
        from notifications.services import unread_count
        from organisations.choices import Role
        from organisations.registry import grant

        for role in Role:
            if role != Role.CLIENT:
                grant(role, "notifications.view_inboxmessage")
        kept = ("view", "add", "change")
        grant(Role.ADMINISTRATOR, *(f"notifications.{verb}_contactpoint" for verb in kept))
        grant(Role.ADMINISTRATOR, *(f"notifications.{v}_subscription" for v in ("view", "change")))
        outbox = ("view_outboxmessage", "resend_outboxmessage", "view_deliveryevent")
        grant(Role.ADMINISTRATOR, *(f"notifications.{name}" for name in outbox))
        register_header_count(
            unread_count, "admin:notifications_inboxmessage_changelist", _("unread messages")
        )
        register_panel(Panel("notifications/given_up_panel.html", given_up_panel, order=90))
