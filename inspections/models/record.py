"""Evidence, interviews and sampling batches."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from common import time
from common.models import SealedModel
from common.sealing import SealedField
from inspections.choices import BatchResult, PositionSource
from inspections.querysets import BatchQuerySet, EvidenceQuerySet, InterviewQuerySet


class Evidence(models.Model):
    """A photo of a visit; each source of time and place keeps its own column."""

    visit = models.ForeignKey(
        "inspections.Visit",
        on_delete=models.PROTECT,
        related_name="evidence",
        verbose_name=_("visit"),
    )
    problem = models.ForeignKey(
        "inspections.Problem",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("problem"),
    )
    order_item = models.ForeignKey(
        "inspections.OrderItem",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("order item"),
    )
    about = models.CharField(max_length=30, editable=False)
    attachment = models.ForeignKey(
        "documents.Attachment", on_delete=models.PROTECT, related_name="+", verbose_name=_("file")
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    exif_time = models.CharField(_("time written by the camera"), max_length=40, blank=True)
    exif_latitude = models.DecimalField(
        _("latitude in the photo"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    exif_longitude = models.DecimalField(
        _("longitude in the photo"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    device_latitude = models.DecimalField(
        _("latitude of the device"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    device_longitude = models.DecimalField(
        _("longitude of the device"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    position_source = models.CharField(
        _("source of the position"),
        max_length=8,
        choices=PositionSource,
        default=PositionSource.NONE,
    )
    client_time = models.DateTimeField(_("time of the device"), null=True, blank=True)
    server_time = models.DateTimeField(_("received at"), default=time.now)
    uploader = models.ForeignKey(
        "organisations.User",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("uploaded by"),
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("visit", "about", "sha256"), name="a_photo_proves_a_thing_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.visit_id} {self.sha256[:8]}"


class Interview(SealedModel):
    """责任约谈 (食品安全法 114): who came is sealed."""

    campaign = models.ForeignKey(
        "inspections.Campaign",
        on_delete=models.PROTECT,
        related_name="interviews",
        verbose_name=_("campaign"),
    )
    subject = models.ForeignKey(
        "inspections.Subject",
        on_delete=models.PROTECT,
        related_name="interviews",
        verbose_name=_("inspected subject"),
    )
    held_at = models.DateTimeField(_("held at"))
    place = models.CharField(_("place of the interview"), max_length=120)
    interviewee = SealedField(_("who was interviewed"))
    reason = models.CharField(_("reason"), max_length=400)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    demands = models.TextField(_("demands and limit"))
    statement = models.TextField(_("statement and promise"), blank=True)
    officers = models.ManyToManyField(
        "organisations.User", related_name="+", verbose_name=_("officers")
    )
    client_uuid = models.UUIDField(unique=True, editable=False)
    recorded_by = models.ForeignKey(
        "organisations.User",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    objects = InterviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        ordering = ("-held_at",)

    def __str__(self) -> str:
        return f"{self.subject} {time.local_date(self.held_at)}"


class SamplingBatch(models.Model):
    """One 批次: one lot of one product sampled at one subject."""

    campaign = models.ForeignKey(
        "inspections.Campaign",
        on_delete=models.PROTECT,
        related_name="batches",
        verbose_name=_("campaign"),
    )
    subject = models.ForeignKey(
        "inspections.Subject",
        on_delete=models.PROTECT,
        related_name="batches",
        verbose_name=_("inspected subject"),
    )
    code = models.CharField(_("sampling sheet number"), max_length=60)
    product = models.CharField(_("product"), max_length=120)
    lot = models.CharField(_("lot or date of making"), max_length=60, blank=True)
    sampled_on = models.DateField(_("sampled on"), db_index=True)
    result = models.CharField(
        _("item result"), max_length=8, choices=BatchResult, default=BatchResult.PENDING
    )
    client_uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    recorded_by = models.ForeignKey(
        "organisations.User",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("sampling batch")
        verbose_name_plural = _("sampling batches")
        ordering = ("-sampled_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "code"), name="a_sampling_sheet_is_recorded_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.product}"
