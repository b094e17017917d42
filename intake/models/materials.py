"""What was asked for, what came, in which files."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import MaterialRequirement
from common import time
from common.querysets import PartQuerySet
from documents.models import Attachment
from intake.choices import MaterialStatus
from intake.models.case import Case


class CaseMaterial(models.Model):
    """One material of the guide in one case."""

    part_of: ClassVar[str] = "case"

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="materials", verbose_name=_("case")
    )
    requirement = models.ForeignKey(
        MaterialRequirement,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("material"),
    )
    status = models.CharField(
        _("what came of it"),
        max_length=10,
        choices=MaterialStatus,
        default=MaterialStatus.MISSING,
        editable=False,
    )
    note = models.CharField(_("remark on the material"), max_length=300, blank=True)
    received_at = models.DateTimeField(_("case received at"), null=True, blank=True)
    due_on = models.DateField(_("follows by"), null=True, blank=True)
    original = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="used_again",
        verbose_name=_("handed in before as"),
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("material of a case")
        verbose_name_plural = _("materials of cases")
        ordering = ("requirement__order",)
        constraints = (
            models.UniqueConstraint(
                fields=("case", "requirement"), name="a_case_asks_a_material_once"
            ),
            models.CheckConstraint(
                condition=~Q(status=MaterialStatus.RECEIVED) | Q(received_at__isnull=False),
                name="a_received_material_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=MaterialStatus.DEFERRED) | Q(due_on__isnull=False),
                name="a_deferred_material_has_its_day",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The material as the guide names it."""
        return self.requirement.name

    @property
    def necessity(self) -> str:
        """Required, optional, or may follow."""
        return self.requirement.necessity


class MaterialFile(models.Model):
    """A file that shows a material; one file may serve several cases of an application."""

    part_of: ClassVar[str] = "material"

    material = models.ForeignKey(
        CaseMaterial,
        on_delete=models.PROTECT,
        related_name="files",
        verbose_name=_("material"),
    )
    attachment = models.ForeignKey(
        Attachment,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("file"),
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("file added at"), default=time.now, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a material")
        verbose_name_plural = _("files of materials")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("material", "attachment"), name="a_material_holds_a_file_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.attachment)
