"""The calendar of working days, in versions that never change, and what they are made of."""

from typing import Any

from django.conf import settings
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
    sha256 = models.CharField(_("digest"), max_length=64, db_index=True)
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


class CalendarNotice(models.Model):
    """A notice of the State Council as loaded; the newest one of a year counts."""

    year = models.PositiveIntegerField(_("year"), db_index=True)
    title = models.CharField(_("title"), max_length=200)
    papers = models.JSONField(_("papers"), default=list)
    holidays = models.JSONField(_("holidays"), default=list)
    workdays = models.JSONField(_("make-up working days"), default=list)
    sha256 = models.CharField(_("digest"), max_length=64)
    shipped = models.BooleanField(_("came with the release"), default=False)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("loaded by"),
    )
    loaded_at = models.DateTimeField(_("loaded at"), default=time.now)

    objects = CalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("holiday notice")
        verbose_name_plural = _("holiday notices")
        ordering = ("-year", "-pk")

    def __str__(self) -> str:
        return self.title

    def as_data(self) -> dict[str, Any]:
        """The notice in the form of the shipped file."""
        return {
            "year": self.year,
            "title": self.title,
            "notices": self.papers,
            "holidays": self.holidays,
            "workdays": self.workdays,
        }


class Closure(models.Model):
    """Days on which the district's offices are shut by decision, such as in a rainstorm.

    It lies over the notices; for now it always concerns the whole district.
    """

    region = models.ForeignKey(
        "organisations.Region",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("region"),
    )
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason of the closure"), max_length=30)
    legal_basis = models.CharField(_("legal basis"), max_length=80)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=time.now)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken back by"),
    )
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    revoked_because = models.CharField(_("why it was taken back"), max_length=200, blank=True)

    objects = CalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ("-first_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on")),
                name="a_closure_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_on} {self.reason}"
