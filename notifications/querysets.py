"""Reads of the inbox, of the outbox and of contact points."""

from datetime import datetime
from typing import Any, Self

from django.db import models

from notifications.choices import MessageState
from organisations.querysets import scope_for


class InboxQuerySet(models.QuerySet[Any]):
    """Messages. Everybody sees his own and nobody else's, whatever his scope."""

    def visible_to(self, user: Any) -> Self:
        """The user's own messages."""
        return self.filter(recipient_id=user.pk)

    def unread(self) -> Self:
        """Those not opened yet."""
        return self.filter(read_at__isnull=True)

    def for_list(self) -> Self:
        """Newest first; a row needs no other table."""
        return self.order_by("-pk")


class ContactPointQuerySet(models.QuerySet[Any]):
    """Where members of staff are reached outside the house."""

    def visible_to(self, user: Any) -> Self:
        """One's own; an administrator sees all, to keep them."""
        return self if scope_for(user).everything else self.filter(user_id=user.pk)

    def reachable(self, channels: list[str]) -> Self:
        """Those in use on channels the district has."""
        return self.filter(active=True, channel__in=channels, user__is_active=True)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("user", "data_key").order_by("user", "channel")


class SubscriptionQuerySet(models.QuerySet[Any]):
    """Agreements of people outside to be told."""

    def visible_to(self, user: Any) -> Self:
        """An administrator's; what the others need to know stands on the matter's own page."""
        return self if scope_for(user).everything else self.none()

    def standing(self, subject_kind: str, subject_id: str) -> Self:
        """Those about the matter that were not taken back."""
        rows = self.filter(subject_kind=subject_kind, subject_id=subject_id)
        return rows.filter(withdrawn_at__isnull=True).select_related("data_key")


class OutboxQuerySet(models.QuerySet[Any]):
    """Messages for outside."""

    def visible_to(self, user: Any) -> Self:
        """Those to the user himself; an administrator sees all, to send what was given up."""
        if scope_for(user).everything:
            return self
        return self.filter(contact__isnull=False, contact__user_id=user.pk)

    def waiting(self) -> Self:
        """Those still to be sent."""
        return self.filter(state=MessageState.WAITING)

    def due(self, at: datetime) -> Self:
        """Those to be tried by ``at``, the longest waiting first."""
        return self.waiting().filter(next_attempt_at__lte=at).order_by("next_attempt_at", "pk")

    def given_up(self) -> Self:
        """Those nobody will try again by himself."""
        return self.filter(state=MessageState.DEAD)

    def locked(self) -> Self:
        """With the rows held until the transaction ends."""
        return self.select_for_update(of=("self",))

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("contact__user", "data_key").order_by("-pk")

    def for_sending(self) -> Self:
        """With what sending reads."""
        return self.select_related("data_key", "contact__data_key", "contact__user")
