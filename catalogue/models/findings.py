"""What the catalogue's check found in a version, kept so that it can be counted."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.choices import Severity
from catalogue.models.versions import ItemVersion
from catalogue.querysets import FindingQuerySet
from catalogue.rules.lint import CHECK_OF, Check


class LintFinding(models.Model):
    """One failing check of one version; made anew from the version, never typed."""

    part_of: ClassVar[str] = "version"

    version = models.ForeignKey(
        ItemVersion,
        on_delete=models.CASCADE,
        related_name="findings",
        verbose_name=_("item version"),
    )
    code = models.CharField(_("check"), max_length=40, db_index=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ("severity", "code")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "code"), name="a_check_finds_a_version_once"
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def rule(self) -> Check | None:
        """The check, if there still is one of this code."""
        return CHECK_OF.get(self.code)
