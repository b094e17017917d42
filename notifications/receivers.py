"""What the outbox does when a message was written."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from common.jobs import nudge
from common.time import now
from notifications.models import OutboxMessage
from notifications.signals import messages_posted
from notifications.tasks import deliver_messages


@receiver(messages_posted, dispatch_uid="notifications.wake_a_worker")
def wake_a_worker(messages: Sequence[OutboxMessage], **_kwargs: Any) -> None:
    """After the commit a worker is told, unless all of them wait for office hours."""
    if any(message.next_attempt_at and message.next_attempt_at <= now() for message in messages):
        nudge(deliver_messages)
