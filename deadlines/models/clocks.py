"""A clock: one running limit of one thing, and what happened to it."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common import time
from common.events import EventBase
from deadlines.choices import OPEN_STATES, ClockState, Debtor, Light, Unit
from deadlines.models.calendars import CalendarVersion
from deadlines.models.rules import ClockRule
from deadlines.querysets import ClockQuerySet

IS_OPEN = Q(state__in=[str(state) for state in OPEN_STATES])


class Clock(models.Model):
    """Its dues, ladder and light are what its events and its calendar amount to.

    The subject's side holds the key to it. Its own columns carry no personal data, so
    lists, filters and scope need no join to the subject.
    """

    subject_kind = models.CharField(_("kind of matter"), max_length=30)
    subject_label = models.CharField(_("matter"), max_length=200)
    subject_number = models.CharField(_("number"), max_length=60, blank=True, db_index=True)
    region_code = models.CharField(_("region"), max_length=12, db_index=True)
    service_point = models.ForeignKey(
        "organisations.ServicePoint",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service point"),
    )
    department = models.ForeignKey(
        "organisations.Unit",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("responsible unit"),
    )
    post = models.ForeignKey(
        "organisations.Post",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("post"),
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handler"),
    )
    topic_code = models.CharField(_("topic"), max_length=60, blank=True)
    debtor = models.CharField(_("owed by"), max_length=10, choices=Debtor, default=Debtor.UNIT)
    rule = models.ForeignKey(
        ClockRule,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rule"),
    )
    snapshot = models.JSONField(_("rule as it stood"), default=dict, encoder=DjangoJSONEncoder)
    calendar = models.ForeignKey(
        CalendarVersion,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("calendar edition"),
    )
    verified = models.BooleanField(_("basis verified"), default=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ClockState,
        default=ClockState.RUNNING,
        editable=False,
    )
    epoch = models.PositiveIntegerField(_("epoch"), default=1)
    started_at = models.DateTimeField(_("started at"))
    statutory_due_on = models.DateField(_("statutory due"), null=True, blank=True)
    statutory_due_at = models.DateTimeField(_("statutory limit over at"), null=True, blank=True)
    promised_due_on = models.DateField(_("promised due"), null=True, blank=True)
    promised_due_at = models.DateTimeField(_("promised limit over at"), null=True, blank=True)
    due_on = models.DateField(_("due day"))
    due_at = models.DateTimeField(_("over at"))
    due_unit = models.CharField(_("unit"), max_length=12, choices=Unit)
    provisional = models.BooleanField(_("provisional"), default=False)
    told_until = models.DateField(_("pause told until"), null=True, blank=True)
    statute_stopped = models.BooleanField(_("statutory limit paused"), default=False)
    promise_stopped = models.BooleanField(_("promised limit paused"), default=False)
    light = models.CharField(_("warning light"), max_length=8, choices=Light, default=Light.GREEN)
    plan = models.JSONField(_("stages to come"), default=dict, blank=True)
    next_stage_at = models.DateTimeField(_("next stage at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("failed attempts"), default=0)
    aside_until = models.DateTimeField(_("put aside until"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("recorded at"), default=time.now)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        ordering = ("due_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(statutory_due_at__isnull=False) | Q(promised_due_at__isnull=False),
                name="a_clock_has_a_due",
            ),
            models.CheckConstraint(
                condition=Q(statutory_due_at__isnull=True)
                | Q(promised_due_at__isnull=True)
                | Q(promised_due_at__lte=F("statutory_due_at")),
                name="a_promise_ends_no_later_than_the_statute",
            ),
            models.CheckConstraint(
                condition=(IS_OPEN & Q(finished_at__isnull=True))
                | (~IS_OPEN & Q(finished_at__isnull=False)),
                name="a_closed_clock_and_only_that_has_an_end",
            ),
            models.CheckConstraint(
                condition=IS_OPEN | Q(next_stage_at__isnull=True),
                name="a_closed_clock_fires_nothing",
            ),
            models.CheckConstraint(
                condition=(Q(state=ClockState.PAUSED) & Q(told_until__isnull=False))
                | (~Q(state=ClockState.PAUSED) & Q(told_until__isnull=True)),
                name="a_paused_clock_and_only_that_has_a_told_end",
            ),
        )
        indexes = (
            # All that the due scan reads, so that it looks up no row: it costs what is due.
            models.Index(
                fields=("next_stage_at", "id", "aside_until"),
                name="clock_next_stage",
                condition=Q(next_stage_at__isnull=False),
            ),
            models.Index(fields=("due_at",), name="clock_open_due", condition=IS_OPEN),
            models.Index(
                fields=("department", "due_at"), name="clock_department_due", condition=IS_OPEN
            ),
            models.Index(fields=("handler", "due_at"), name="clock_handler_due", condition=IS_OPEN),
            models.Index(
                fields=("region_code", "due_at"), name="clock_region_due", condition=IS_OPEN
            ),
            models.Index(fields=("calendar", "id"), name="clock_open_calendar", condition=IS_OPEN),
        )

    def __str__(self) -> str:
        return f"{self.subject_number} {self.subject_label}".strip()

    @property
    def is_open(self) -> bool:
        """Running or paused."""
        return self.state in OPEN_STATES

    def is_past_statute(self, at: datetime) -> bool:
        """Whether the statutory due that no open pause holds back has passed."""
        due = self.statutory_due_at
        return due is not None and due <= at and not self.statute_stopped

    def is_held(self, at: datetime) -> bool:
        """Whether an open pause holds back the due that lists show, and nothing else has passed."""
        if not self.is_open or self.is_past_statute(at):
            return False
        return self.promise_stopped if self.promised_due_at else self.statute_stopped


class ClockEvent(EventBase):
    """What happened to a clock; enough to compute its dues again."""

    subject_field: ClassVar[str] = "clock"

    clock = models.ForeignKey(
        Clock, on_delete=models.PROTECT, related_name="events", verbose_name=_("time limit")
    )

    class Meta:
        verbose_name = _("event of a time limit")
        verbose_name_plural = _("events of time limits")
        ordering = ("seq",)
        constraints = (
            models.UniqueConstraint(
                fields=("clock", "seq"), name="a_clock_numbers_its_events_once"
            ),
        )
