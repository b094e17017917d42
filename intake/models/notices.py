"""Papers by which an applicant was told something about a case, and how they reached him."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import SealedModel
from common.querysets import PartQuerySet
from common.sealing import SealedField
from documents.models import Paper
from intake.choices import NoticeKind, ServiceWay
from intake.models.case import Case


class Notice(models.Model):
    """One paper told to the applicant, with the day it names."""

    part_of: ClassVar[str] = "case"

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="notices", verbose_name=_("case")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=NoticeKind)
    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, related_name="+", verbose_name=_("paper told")
    )
    told_at = models.DateTimeField(_("told the applicant at"))
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("told by"),
    )
    due_on = models.DateField(_("day named"), null=True, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices told")
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(NoticeKind(self.kind).label)


class ProofOfService(SealedModel):
    """送达回证: how one notice was served; who took it and who saw it are sealed."""

    part_of: ClassVar[str] = "notice"

    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, related_name="proofs", verbose_name=_("notice")
    )
    way = models.CharField(_("way of service"), max_length=12, choices=ServiceWay)
    place = models.CharField(_("place of service"), max_length=200)
    served_at = models.DateTimeField(_("served at"))
    receiver = SealedField(_("who took it"))
    relation = models.CharField(_("relation to the applicant"), max_length=40, blank=True)
    witness = SealedField(_("witness of the service"))
    refusal_reason = models.CharField(_("why it was refused"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("served by"),
    )
    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, related_name="+", verbose_name=_("proof of service")
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("proof of service of a notice")
        verbose_name_plural = _("proofs of service of notices")
        ordering = ("pk",)
        permissions = (("serve_notice", "May: serve notice"),)

    def __str__(self) -> str:
        return str(ServiceWay(self.way).label)
