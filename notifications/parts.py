"""What the outbox shows elsewhere."""

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from notifications.choices import MessageState
from notifications.models import OutboxMessage
from organisations.models import User


def delivery_warning() -> str:
    """What a watcher must see while messages lie given up; else empty."""
    count = OutboxMessage.objects.given_up().count()
    if not count:
        return ""
    text = ngettext("%(count)s message was given up", "%(count)s messages were given up", count)
    return text % {"count": count}


def given_up_panel(user: User) -> dict[str, Any] | None:
    """How many messages nobody will try again by himself; None if none, or for strangers."""
    if not user.has_perm("notifications.resend_outboxmessage"):
        return None
    count = OutboxMessage.objects.visible_to(user).given_up().count()
    address = reverse("admin:notifications_outboxmessage_changelist")
    return {"count": count, "url": f"{address}?state={MessageState.DEAD}"} if count else None
