"""Delivering what waits: claim, send, settle, each in its own step.

The claim is a short transaction, the sending stands in none, and the settling is a
second transaction. So each message goes out at least once. It goes twice only where a
process died, or the other side fell silent, between taking it and saying so; the record
of the message then says that it may have arrived.
"""

import logging
import time as machine_time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import NotFound
from common.time import now
from notifications.choices import DeliveryVerb, MessageState
from notifications.errors import NotGivenUp
from notifications.models import DeliveryEvent, OutboxMessage
from notifications.registry import next_opening
from notifications.rules import LEASE, pause_after
from notifications.services import channels
from notifications.signals import message_settled, messages_posted
from organisations.models import User
from organisations.services import system_user

logger = logging.getLogger(__name__)

# A pass shares its worker with the sweep, so it ends soon; the next one is a minute away, and so
# is the first repetition of what failed, which therefore never falls into the same pass.
PASS_SECONDS = 20.0
# A channel that failed so often in a row is left alone for the rest of the pass.
MOST_FAILURES_IN_A_ROW = 3


@dataclass
class DeliveryResult:
    """What one pass did, in messages."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    in_a_row: Counter[str] = field(default_factory=Counter)

    @property
    def troubled(self) -> list[str]:
        """Channels that are left alone for the rest of the pass."""
        return [name for name, count in self.in_a_row.items() if count >= MOST_FAILURES_IN_A_ROW]

    def note(self, message: OutboxMessage) -> None:
        """One more message was tried."""
        if message.state == MessageState.SENT:
            self.sent += 1
            self.in_a_row[message.channel] = 0
            return
        self.failed += 1
        self.given_up += message.state == MessageState.DEAD
        self.in_a_row[message.channel] += 1


def _record(message: OutboxMessage, verb: DeliveryVerb, actor: User, note: str = "") -> None:
    data = {"attempt": message.attempts, "channel": str(message.channel)}
    DeliveryEvent.append(message, actor=actor, verb=verb, note=note, data=data)


def _wait_until(message: OutboxMessage, moment: datetime) -> datetime:
    return moment if message.urgent else next_opening(moment)


def _put_off_till_opening(at: datetime) -> None:
    """What fell due outside office hours waits for them, whenever it was written."""
    if (opening := next_opening(at)) > at:
        OutboxMessage.objects.due(at).filter(urgent=False).order_by().update(
            next_attempt_at=opening
        )


def _give_up(message: OutboxMessage, actor: User, fault: str) -> None:
    message.state, message.next_attempt_at = MessageState.DEAD, None
    _record(message, DeliveryVerb.GIVE_UP, actor, fault)
    logger.warning("message %s over %s is given up", message.pk, message.channel)


def _save(message: OutboxMessage) -> None:
    """The row is stored; whoever must know hears of it once it is settled."""
    columns = ["state", "attempts", "claimed", "next_attempt_at", "last_error", "sent_at"]
    message.save(update_fields=columns)
    if message.state != MessageState.WAITING:
        message_settled.send(sender=OutboxMessage, message=message)


@transaction.atomic(durable=True)
def _claim(avoided: list[str], actor: User) -> OutboxMessage | None:
    """The next due message, ours until its lease ends; None if none is left.

    One that is due though somebody claimed it was never settled: he died over it. After
    the last attempt it comes back given up, and isn't sent.
    """
    rows = OutboxMessage.objects.due(now()).exclude(channel__in=avoided).for_sending()
    message: OutboxMessage | None = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if message is None:
        return None
    if message.claimed:
        _note_loss(message, actor)
    if message.state == MessageState.WAITING:
        message.attempts, message.claimed = message.attempts + 1, True
        message.next_attempt_at = now() + LEASE
    _save(message)
    return message


def _note_loss(message: OutboxMessage, actor: User) -> None:
    """The attempt nobody settled is on record; if it was the last one, the message is given up."""
    message.claimed, message.last_error = False, _("broken off while being sent; may have arrived")
    _record(message, DeliveryVerb.LOSE, actor, message.last_error)
    if pause_after(message.attempts) is None:
        _give_up(message, actor, message.last_error)


@dataclass(frozen=True)
class Answer:
    """Why a channel did not take a message, and whether it ever may; no fault if it did."""

    fault: str = ""
    hopeless: bool = False


def _send(message: OutboxMessage) -> Answer:
    """What the channel says. Waits for another machine, so it stands in no transaction."""
    body = f"{message.body}\n{settings.PUBLIC_URL}{message.link}" if message.link else message.body
    try:
        channels.send(
            channel=message.channel,
            address=message.plain_address,
            title=message.title,
            body=body.strip(),
        )
    except channels.NotTaken as fault:
        return Answer(str(fault), hopeless=isinstance(fault, channels.NoAddress))
    return Answer()


@transaction.atomic(durable=True)
def _settle(claimed: OutboxMessage, answer: Answer, actor: User) -> OutboxMessage:
    """What came of the attempt stands; a claim that somebody took over meanwhile is left to him."""
    message: OutboxMessage = OutboxMessage.objects.locked().get(pk=claimed.pk)
    if message.attempts != claimed.attempts or not message.claimed:
        return message
    message.claimed, message.last_error = False, answer.fault
    if answer.fault:
        _put_back(message, answer, actor)
    else:
        message.state, message.sent_at = MessageState.SENT, now()
        message.next_attempt_at = None
        _record(message, DeliveryVerb.SEND, actor)
    _save(message)
    return message


def _put_back(message: OutboxMessage, answer: Answer, actor: User) -> None:
    _record(message, DeliveryVerb.FAIL, actor, answer.fault)
    pause = pause_after(message.attempts)
    if pause is None or answer.hopeless:
        _give_up(message, actor, answer.fault)
    else:
        message.next_attempt_at = _wait_until(message, now() + pause)


def _claims(actor: User, result: DeliveryResult) -> Iterator[OutboxMessage]:
    end = machine_time.monotonic() + PASS_SECONDS
    while machine_time.monotonic() < end:
        message = _claim(result.troubled, actor)
        if message is None:
            return
        yield message


def deliver_due() -> DeliveryResult:
    """Whatever is due has been tried once, as far as one pass's time goes.

    Safe beside any number of others: a claim is one row update under its lock.
    """
    actor, result = system_user("delivery"), DeliveryResult()
    _put_off_till_opening(now())
    for message in _claims(actor, result):
        waits = message.state == MessageState.WAITING
        result.note(_settle(message, _send(message), actor) if waits else message)
    return result


@transaction.atomic
def resend(*, message_id: int, actor: User) -> OutboxMessage:
    """A message that was given up waits again, with all its attempts before it.

    Raises:
        NotFound: the actor sees no such message.
        NotGivenUp: it waits or was sent already.
    """
    rows = OutboxMessage.objects.visible_to(actor).locked().filter(pk=message_id)
    message: OutboxMessage | None = rows.first()
    if message is None:
        raise NotFound
    if message.state != MessageState.DEAD:
        raise NotGivenUp
    _record(message, DeliveryVerb.RESEND, actor)
    message.state, message.attempts = MessageState.WAITING, 0
    message.next_attempt_at = _wait_until(message, now())
    _save(message)
    messages_posted.send(sender=OutboxMessage, messages=[message])
    return message
