"""What a worker does for messages."""

from celery import shared_task

from notifications.services import deliver_due


@shared_task(name="notifications.deliver_messages", ignore_result=True)
def deliver_messages() -> int:
    """What was due has been tried; tells how many messages were sent."""
    return deliver_due().sent
