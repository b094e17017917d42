"""Reads of the inbox."""

from typing import Any, Self

from django.db import models


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
