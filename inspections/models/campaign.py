"""Campaigns, their targets and the outings made for them. No counter is stored."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common import time
from common.models import EventBase
from inspections.choices import CampaignKind
from inspections.querysets import (
    CampaignQuerySet,
    DispatchMemberQuerySet,
    DispatchQuerySet,
    TargetQuerySet,
)


class Campaign(models.Model):
    """One action with a list of subjects that must all be covered."""

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=CampaignKind)
    basis = models.CharField(_("basis document"), max_length=200, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    profile = models.ForeignKey(
        "inspections.ProgrammeProfile",
        on_delete=models.PROTECT,
        related_name="campaigns",
        verbose_name=_("inspection programme"),
    )
    checklist = models.ForeignKey(
        "inspections.ChecklistVersion",
        on_delete=models.PROTECT,
        related_name="campaigns",
        verbose_name=_("checklist"),
    )
    lead_unit = models.ForeignKey(
        "organisations.Unit",
        on_delete=models.PROTECT,
        related_name="campaigns",
        verbose_name=_("lead unit"),
    )
    region_code = models.CharField(_("region code"), max_length=12, db_index=True)
    client_uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_by = models.ForeignKey(
        "organisations.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made at"), default=time.now)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ("-starts_on", "-pk")
        permissions = (("manage_campaign", _("may set up campaigns and their targets")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="a_campaign_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return self.name


class CampaignTarget(models.Model):
    """A subject on the list of a campaign; taken out only with a reason and a name."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="targets", verbose_name=_("campaign")
    )
    subject = models.ForeignKey(
        "inspections.Subject",
        on_delete=models.PROTECT,
        related_name="targets",
        verbose_name=_("inspected subject"),
    )
    added_at = models.DateTimeField(_("added at"), default=time.now)
    excluded_at = models.DateTimeField(_("excluded at"), null=True, blank=True)
    excluded_reason = models.CharField(_("reason for exclusion"), max_length=200, blank=True)
    excluded_by = models.ForeignKey(
        "organisations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("excluded by"),
    )

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target of a campaign")
        verbose_name_plural = _("targets of campaigns")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "subject"), name="a_subject_is_on_a_campaign_once"
            ),
            models.CheckConstraint(
                condition=Q(excluded_at__isnull=True)
                | (~Q(excluded_reason="") & Q(excluded_by__isnull=False)),
                name="an_exclusion_has_reason_and_name",
            ),
        )

    def __str__(self) -> str:
        return str(self.subject)


class Dispatch(models.Model):
    """One outing of some officers on one day; may take in several visits."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="dispatches", verbose_name=_("campaign")
    )
    unit = models.ForeignKey(
        "organisations.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    on = models.DateField(_("day"))
    client_uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_by = models.ForeignKey(
        "organisations.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made at"), default=time.now)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("outing")
        verbose_name_plural = _("outings")
        ordering = ("-on", "-pk")

    def __str__(self) -> str:
        return f"{self.on:%m-%d} #{self.pk}"


class DispatchMember(models.Model):
    """One officer on one outing: the row by which 人次 are counted."""

    dispatch = models.ForeignKey(
        Dispatch, on_delete=models.PROTECT, related_name="members", verbose_name=_("outing")
    )
    officer = models.ForeignKey(
        "organisations.User",
        on_delete=models.PROTECT,
        related_name="outings",
        verbose_name=_("officer"),
    )
    certificate_number = models.CharField(_("certificate number"), max_length=40, blank=True)

    objects = DispatchMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of an outing")
        verbose_name_plural = _("members of outings")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("dispatch", "officer"), name="an_officer_is_on_an_outing_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.officer)


class CampaignEvent(EventBase):
    """What happened to a campaign."""

    subject_field: ClassVar[str] = "campaign"
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="events")

    class Meta(EventBase.Meta):
        verbose_name = _("event of a campaign")
        verbose_name_plural = _("events of campaigns")
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "seq"), name="campaign_events_are_numbered_once"
            ),
        )
