"""Verbs of messages, by family; other apps import them from here."""

from notifications.services.channels import configured
from notifications.services.contacts import settle_contact
from notifications.services.delivering import DeliveryResult, deliver_due, resend
from notifications.services.inbox import mark_all_read, mark_read, notify, unread_count
from notifications.services.posting import Text, post_test, post_to_address
from notifications.services.subscribing import subscribe, tell_subscribers, unsubscribe

__all__ = [
    "DeliveryResult",
    "Text",
    "configured",
    "deliver_due",
    "mark_all_read",
    "mark_read",
    "notify",
    "post_test",
    "post_to_address",
    "resend",
    "settle_contact",
    "subscribe",
    "tell_subscribers",
    "unread_count",
    "unsubscribe",
]
