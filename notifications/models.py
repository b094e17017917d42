"""The inbox: what somebody was told, and whether he opened it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import time
from notifications.querysets import InboxQuerySet


class InboxMessage(models.Model):
    """One message to one person. It carries no personal data of an applicant."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="inbox_messages",
        verbose_name=_("recipient"),
    )
    title = models.CharField(_("subject"), max_length=200)
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
