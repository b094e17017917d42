"""Papers by which an applicant was told something about a case."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.querysets import PartQuerySet
from documents.models import Paper
from intake.choices import NoticeKind
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
