"""Rungs reached, and the heartbeat of the engine that reaches them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from common import time
from deadlines.choices import StageKey
from deadlines.models.clocks import Clock
from deadlines.querysets import StageFireQuerySet, SweepRunQuerySet


class StageFire(models.Model):
    """The claim on one rung of one epoch: whoever inserts it, fires it, and nobody else."""

    part_of: ClassVar[str] = "clock"

    clock = models.ForeignKey(
        Clock, on_delete=models.PROTECT, related_name="fires", verbose_name=_("time limit")
    )
    epoch = models.PositiveIntegerField(_("epoch"))
    stage = models.CharField(_("stage"), max_length=16, choices=StageKey)
    planned_for = models.DateTimeField(_("planned for"))
    fired_at = models.DateTimeField(_("reached at"))
    late_by = models.DurationField(_("late by"))
    inherited = models.BooleanField(_("from before a change"), default=False)
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = StageFireQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage reached")
        verbose_name_plural = _("stages reached")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("clock", "epoch", "stage"), name="a_stage_fires_once_an_epoch"
            ),
        )

    def __str__(self) -> str:
        return str(StageKey(self.stage).label)


class SweepRun(models.Model):
    """One pass of the engine; an old last pass means the engine itself is late."""

    started_at = models.DateTimeField(_("started at"), default=time.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True, db_index=True)
    clocks = models.PositiveIntegerField(_("time limits looked at"), default=0)
    fired = models.PositiveIntegerField(_("stages reached"), default=0)
    failed = models.PositiveIntegerField(_("put aside"), default=0)

    objects = SweepRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("pass of the engine")
        verbose_name_plural = _("passes of the engine")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{time.local(self.started_at):%m-%d %H:%M:%S}"
