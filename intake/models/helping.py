"""A member of staff helps an applicant, or does it for him, free of charge (帮办代办)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import time
from common.events import EventBase
from intake.choices import HelpKind, HelpState
from intake.models.application import Application
from intake.querysets import HelpingQuerySet
from intake.transitions import HELP_FLOW

BEGIN = "begin_help"


class Helping(models.Model):
    """Who stands by the applicant of one application, in what way, and until when."""

    application = models.OneToOneField(
        Application,
        on_delete=models.PROTECT,
        related_name="helping",
        verbose_name=_("application"),
    )
    helper = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("helper"),
    )
    kind = models.CharField(_("in what way"), max_length=10, choices=HelpKind)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=HelpState,
        default=HelpState.HELPING,
        editable=False,
    )
    begun_at = models.DateTimeField(_("since"), default=time.now, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)

    objects = HelpingQuerySet.as_manager()

    class Meta:
        verbose_name = _("help for an applicant")
        verbose_name_plural = _("help for applicants")
        ordering = ("-begun_at", "-pk")
        permissions = (("help_applicant", "May: help applicant"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state=HelpState.ENDED, ended_at__isnull=False)
                | Q(state=HelpState.HELPING, ended_at__isnull=True),
                name="ended_help_and_only_that_has_an_end",
            ),
        )

    def __str__(self) -> str:
        return self.application.number

    @property
    def is_under_way(self) -> bool:
        """Whether somebody still stands by."""
        return self.state == HelpState.HELPING

    @property
    def telephone(self) -> str:
        """Where the helper is reached: his own number, else that of the point."""
        return self.helper.phone or self.application.point.phone

    def is_of(self, user: Any) -> bool:
        """Whether the user is the helper or a colleague at the point."""
        points = {post.point_id for post in user.acting_posts}
        return user.pk == self.helper_id or self.application.point_id in points


class HelpingEvent(EventBase):
    """One fact of the help given, chained per application."""

    subject_field: ClassVar[str] = "helping"

    helping = models.ForeignKey(
        Helping,
        on_delete=models.PROTECT,
        related_name="events",
        verbose_name=_("help for an applicant"),
    )

    class Meta(EventBase.Meta):
        verbose_name = _("event of help")
        verbose_name_plural = _("events of help")
        constraints = (
            models.UniqueConstraint(fields=("helping", "seq"), name="help_numbers_its_events_once"),
        )

    @property
    def label(self) -> str:
        """What happened, in the reader's language."""
        return str(_("help begun") if self.verb == BEGIN else HELP_FLOW.by_name(self.verb).label)
