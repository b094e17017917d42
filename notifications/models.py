"""The inbox, and the outbox: what somebody is told, where he is reached, and what came of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common import time
from common.events import EventBase
from common.sealing import SealedField, SealedModel
from notifications.choices import Channel, DeliveryVerb, MessageState
from notifications.querysets import (
    ContactPointQuerySet,
    InboxQuerySet,
    OutboxQuerySet,
    SubscriptionQuerySet,
)
from notifications.rules import masked


class InboxMessage(models.Model):
    """One message to one person. It carries no personal data of an applicant."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="inbox_messages",
        verbose_name=_("recipient"),
    )
    title = models.CharField(_("message title"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    link = models.CharField(_("link"), max_length=300, blank=True)
    subject_kind = models.CharField(_("kind of matter"), max_length=30, blank=True)
    subject_id = models.CharField(_("matter"), max_length=64, blank=True)
    dedupe_key = models.CharField(max_length=160, blank=True, editable=False)
    created_at = models.DateTimeField(_("received"), default=time.now)
    read_at = models.DateTimeField(_("opened"), null=True, blank=True)

    objects = InboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("inbox")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("recipient", "dedupe_key"),
                condition=~Q(dedupe_key=""),
                name="nobody_is_told_the_same_twice",
            ),
        )
        indexes = (
            models.Index(
                fields=("recipient",),
                name="inbox_unread",
                condition=Q(read_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.title


class ContactPoint(SealedModel):
    """Where one member of staff is reached on one channel; the address lies sealed."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="contact_points",
        verbose_name=_("member of staff"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    address = SealedField(_("address"))
    active = models.BooleanField(_("in use"), default=True)
    changed_at = models.DateTimeField(_("changed at"), default=time.now, editable=False)

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        ordering = ("user", "channel")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "channel"), name="one_contact_point_per_person_and_channel"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.get_channel_display()}"

    @property
    def masked_address(self) -> str:
        """Enough of the address to recognise it by."""
        return masked(self.reveal("address"))


class Subscription(SealedModel):
    """Somebody outside the house who agreed to be told about one matter at one address.

    The address lies sealed under his own data key. Taking the agreement back is a date.
    """

    subject_kind = models.CharField(_("kind of matter"), max_length=30)
    subject_id = models.CharField(_("matter"), max_length=64)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    address = SealedField(_("address"))
    agreed_at = models.DateTimeField(_("agreed at"), default=time.now)
    withdrawn_at = models.DateTimeField(_("agreement taken back at"), null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement to be told")
        verbose_name_plural = _("agreements to be told")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("subject_kind", "subject_id", "channel"),
                name="a_matter_is_told_at_one_address_a_channel",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject_id} · {self.get_channel_display()}"

    @property
    def masked_address(self) -> str:
        """Enough of the address to recognise it by."""
        return masked(self.reveal("address"))


class OutboxMessage(SealedModel):
    """One message to one recipient over one channel, written together with the fact it tells.

    It goes to a member of staff's contact point, or to an address sealed in the message
    under the data key of the person it belongs to. Title and text name no applicant.
    """

    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    contact = models.ForeignKey(
        ContactPoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("contact point"),
    )
    address = SealedField(_("address"))
    title = models.CharField(_("message title"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    link = models.CharField(_("link"), max_length=300, blank=True)
    subject_kind = models.CharField(_("kind of matter"), max_length=30, blank=True)
    subject_id = models.CharField(_("matter"), max_length=64, blank=True)
    dedupe_key = models.CharField(max_length=200, unique=True, editable=False)
    urgent = models.BooleanField(_("at any hour"), default=False)
    state = models.CharField(
        pgettext_lazy("message", "state"),
        max_length=8,
        choices=MessageState,
        default=MessageState.WAITING,
        editable=False,
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    claimed = models.BooleanField(_("being sent"), default=False, editable=False)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    last_error = models.CharField(_("last fault"), max_length=300, blank=True)
    created_at = models.DateTimeField(
        pgettext_lazy("message", "written at"), default=time.now, editable=False
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("message for outside")
        verbose_name_plural = _("outbox")
        ordering = ("-pk",)
        permissions = (("resend_outboxmessage", "May send anew what was given up"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(contact__isnull=False, address=b"")
                | Q(contact__isnull=True) & ~Q(address=b""),
                name="a_message_goes_to_a_contact_point_or_an_address",
            ),
            models.CheckConstraint(
                condition=Q(state=MessageState.WAITING, next_attempt_at__isnull=False)
                | ~Q(state=MessageState.WAITING) & Q(next_attempt_at__isnull=True, claimed=False),
                name="a_message_is_tried_again_only_while_it_waits",
            ),
            models.CheckConstraint(
                condition=Q(state=MessageState.SENT, sent_at__isnull=False)
                | ~Q(state=MessageState.SENT) & Q(sent_at__isnull=True),
                name="a_sent_message_knows_when",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_attempt_at", "id"),
                name="outbox_waiting",
                condition=Q(state=MessageState.WAITING),
            ),
            models.Index(fields=("id",), name="outbox_dead", condition=Q(state=MessageState.DEAD)),
            models.Index(fields=("subject_kind", "subject_id"), name="outbox_subject"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def plain_address(self) -> str:
        """Where it goes; empty if the contact point is out of use or the person was erased."""
        if self.contact is None:
            return self.reveal("address")
        return self.contact.reveal("address") if self.contact.active else ""

    @property
    def to_label(self) -> str:
        """Who is meant: a member of staff, or an address nobody can read in full."""
        return str(self.contact.user) if self.contact else masked(self.reveal("address"))


class DeliveryEvent(EventBase):
    """One attempt, or one decision about a message, chained per message."""

    subject_field: ClassVar[str] = "message"

    message = models.ForeignKey(
        OutboxMessage,
        on_delete=models.PROTECT,
        related_name="events",
        verbose_name=_("message for outside"),
    )

    class Meta(EventBase.Meta):
        verbose_name = _("attempt")
        verbose_name_plural = pgettext_lazy("message", "attempts")
        constraints = (
            models.UniqueConstraint(
                fields=("message", "seq"), name="delivery_events_are_numbered_once"
            ),
        )

    @property
    def label(self) -> str:
        """What happened, in the reader's language."""
        return str(DeliveryVerb(self.verb).label)
