"""Writing messages for outside, in the transaction of the fact they tell."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import NotFound
from common.keys import DataKey
from common.time import local, now
from notifications.choices import Reach
from notifications.errors import AddressUnusable, ContactUnused
from notifications.models import ContactPoint, OutboxMessage
from notifications.registry import next_opening
from notifications.rules import fits
from notifications.services.channels import configured
from notifications.signals import messages_posted
from organisations.models import User

TITLE_LENGTH = 200


@dataclass(frozen=True)
class Text:
    """What is told, what it is about, and the key under which it is told once."""

    title: str
    body: str = ""
    link: str = ""
    subject_kind: str = ""
    subject_id: str = ""
    dedupe_key: str = ""


def _message(text: Text, channel: str, key: str, *, urgent: bool) -> OutboxMessage:
    moment = now()
    return OutboxMessage(
        channel=channel,
        title=str(text.title)[:TITLE_LENGTH],
        body=text.body,
        link=text.link,
        subject_kind=text.subject_kind,
        subject_id=text.subject_id,
        dedupe_key=f"{text.dedupe_key or uuid4()}:{key}",
        urgent=urgent,
        next_attempt_at=moment if urgent else next_opening(moment),
        created_at=moment,
    )


def _to_contact(contact: ContactPoint, text: Text, *, urgent: bool) -> OutboxMessage:
    message = _message(text, contact.channel, f"contact:{contact.pk}", urgent=urgent)
    message.contact, message.data_key_id = contact, contact.data_key_id
    return message


def _store(messages: Sequence[OutboxMessage]) -> None:
    """The messages wait; what was told under the same key before is not written again."""
    OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True)
    messages_posted.send(sender=OutboxMessage, messages=messages)


@transaction.atomic
def post_to_staff(*, recipients: Collection[User], text: Text, reach: Reach) -> None:
    """A message waits for each outside channel on which a recipient is reached."""
    channels = configured() if reach != Reach.INBOX else []
    if not channels:
        return
    contacts = ContactPoint.objects.reachable(channels).filter(user__in=recipients)
    urgent = reach == Reach.AT_ONCE
    if messages := [_to_contact(contact, text, urgent=urgent) for contact in contacts]:
        _store(messages)


@transaction.atomic
def post_test(*, contact_id: int, actor: User) -> OutboxMessage:
    """A message that only says that it is one is sent to the contact point at once.

    Raises:
        NotFound: the actor sees no such contact point.
        ContactUnused: it is out of use, or the district has no such channel.
    """
    contact = ContactPoint.objects.visible_to(actor).filter(pk=contact_id).first()
    if contact is None:
        raise NotFound
    if not contact.active or contact.channel not in configured():
        raise ContactUnused
    said = {"by": actor, "moment": f"{local(now()):%Y-%m-%d %H:%M}"}
    body = _("If you read this, messages reach you here. Asked for by %(by)s, %(moment)s.") % said
    message = _to_contact(contact, Text(title=_("Test message"), body=body), urgent=True)
    _store([message])
    return OutboxMessage.objects.get(dedupe_key=message.dedupe_key)


def post_to_address(*, channel: str, address: str, data_key: DataKey, text: Text) -> bool:
    """A message waits for a person outside the house, in office hours; False without the channel.

    The address lies sealed under the person's own data key, so erasing him erases it.

    Raises:
        AddressUnusable: the channel can't have such an address.
    """
    if channel not in configured():
        return False
    refuse_unusable(channel, address)
    message = _message(text, channel, "address", urgent=False)
    message.data_key = data_key
    message.seal("address", address)
    with transaction.atomic():
        _store([message])
    return True


def refuse_unusable(channel: str, address: str) -> None:
    """Pass if the channel can have such an address.

    Raises:
        AddressUnusable: it can't.
    """
    if not fits(channel, address):
        raise AddressUnusable(fields={"address": [str(AddressUnusable.default_message)]})
