"""Telling people, and their reading it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from common.errors import NotFound
from common.time import now
from notifications.choices import Reach
from notifications.models import InboxMessage
from notifications.services.posting import TITLE_LENGTH, Text, post_to_staff
from organisations.models import User


@transaction.atomic
def notify(
    *,
    recipients: Iterable[User],
    title: str,
    body: str = "",
    link: str = "",
    subject_kind: str = "",
    subject_id: str = "",
    dedupe_key: str = "",
    reach: Reach = Reach.INBOX,
) -> None:
    """Each recipient has the message in his inbox, once for one ``dedupe_key``.

    Beyond the inbox it waits for the channels on which he is reached, as far as ``reach`` says.
    """
    people = list(dict.fromkeys(recipients))
    text = Text(str(title), body, link, subject_kind, subject_id, dedupe_key)
    messages = [_entry(user, text) for user in people]
    InboxMessage.objects.bulk_create(messages, ignore_conflicts=bool(dedupe_key))
    post_to_staff(recipients=people, text=text, reach=reach)


def _entry(user: User, text: Text) -> InboxMessage:
    return InboxMessage(
        recipient=user,
        title=text.title[:TITLE_LENGTH],
        body=text.body,
        link=text.link,
        subject_kind=text.subject_kind,
        subject_id=text.subject_id,
        dedupe_key=text.dedupe_key,
        created_at=now(),
    )


@transaction.atomic
def mark_read(*, message_id: int, actor: User) -> InboxMessage:
    """The actor has opened his message; the first time counts.

    Raises:
        NotFound: he has no such message.
    """
    message = (
        InboxMessage.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .filter(pk=message_id)
        .first()
    )
    if message is None:
        raise NotFound
    if message.read_at is None:
        message.read_at = now()
        message.save(update_fields=["read_at"])
    return message


def mark_all_read(*, actor: User) -> int:
    """Nothing in the actor's inbox is unread any more; tells how many were."""
    return InboxMessage.objects.visible_to(actor).unread().update(read_at=now())


def unread_count(user: Any) -> int:
    """How many messages wait for the user."""
    return InboxMessage.objects.visible_to(user).unread().count()
