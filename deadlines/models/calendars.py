"""The calendar of working days, in versions that never change."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common import time
from deadlines.choices import DayStatus
from deadlines.querysets import CalendarQuerySet


class CalendarVersion(models.Model):
    """One edition of the calendar. Its code carries the digest of its days."""

    code = models.CharField(_("edition"), max_length=32, primary_key=True)
    number = models.PositiveIntegerField(_("edition number"), unique=True)
    official_from = models.DateField(_("official from"))
    official_until = models.DateField(_("official until"))
    sha256 = models.CharField(_("digest"), max_length=64, unique=True)
    source = models.TextField(_("notices"), blank=True)
    loaded_at = models.DateTimeField(_("loaded at"), default=time.now)

    objects = CalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar edition")
        verbose_name_plural = _("calendar editions")
        ordering = ("-number",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(official_until__gte=models.F("official_from")),
                name="official_calendar_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.code


class CalendarDay(models.Model):
    """A day that is not what its weekday says, or is a holiday by rule."""

    version = models.ForeignKey(
        CalendarVersion,
        on_delete=models.PROTECT,
        related_name="days",
        verbose_name=_("edition"),
    )
    day = models.DateField(_("day"))
    is_workday = models.BooleanField(_("working day"))
    label = models.CharField(_("holiday"), max_length=30)
    status = models.CharField(
        _("status"), max_length=12, choices=DayStatus, default=DayStatus.OFFICIAL
    )
    notice = models.CharField(_("notice number"), max_length=80, blank=True)

    objects = CalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ("day",)
        constraints = (
            models.UniqueConstraint(fields=("version", "day"), name="an_edition_names_a_day_once"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.label}"
