"""What people are told inside the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """The inbox."""

    name = "notifications"
    verbose_name = _("messages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Everyone on a post reads his inbox; the header counts what is unread."""
        from common.site import register_header_count
        from notifications.services import unread_count
        from organisations.choices import Role
        from organisations.registry import grant

        for role in Role:
            if role != Role.CLIENT:
                grant(role, "notifications.view_inboxmessage")
        register_header_count(
            unread_count, "admin:notifications_inboxmessage_changelist", _("unread messages")
        )
