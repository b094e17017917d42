"""Screens of messages, one file a model."""

from notifications.admin.contacts import ContactPointAdmin
from notifications.admin.inbox import InboxMessageAdmin
from notifications.admin.outbox import OutboxMessageAdmin
from notifications.admin.subscriptions import SubscriptionAdmin

__all__ = ["ContactPointAdmin", "InboxMessageAdmin", "OutboxMessageAdmin", "SubscriptionAdmin"]
