"""Checklists: a template, its frozen versions and their items, which never change."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from common import time
from common.models import AppendOnly
from common.querysets import PartQuerySet
from inspections.querysets import ChecklistQuerySet, ChecklistVersionQuerySet


class ChecklistTemplate(models.Model):
    """What stays the same while versions follow each other."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class ChecklistVersion(AppendOnly):
    """A published checklist, frozen with its hash; the database refuses every change."""

    template = models.ForeignKey(
        ChecklistTemplate,
        on_delete=models.PROTECT,
        related_name="versions",
        verbose_name=_("checklist"),
    )
    number = models.PositiveSmallIntegerField(_("version"))
    content = models.TextField(_("frozen content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    published_at = models.DateTimeField(_("published at"), default=time.now)
    published_by = models.ForeignKey(
        "organisations.User",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("published by"),
    )

    objects = ChecklistVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist version")
        verbose_name_plural = _("checklist versions")
        ordering = ("template_id", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("template", "number"), name="a_checklist_numbers_its_versions_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.template} v{self.number}"


class ChecklistItem(AppendOnly):
    """One point to look at; its code is stable across versions, statistics join on it."""

    part_of: ClassVar[str] = "version"

    version = models.ForeignKey(
        ChecklistVersion,
        on_delete=models.PROTECT,
        related_name="items",
        verbose_name=_("checklist version"),
    )
    position = models.PositiveSmallIntegerField(_("place in the checklist"))
    code = models.CharField(_("checklist code"), max_length=20)
    group = models.CharField(_("item group"), max_length=60, blank=True)
    text = models.CharField(_("what to check"), max_length=400)
    is_key = models.BooleanField(_("key item"), default=False)
    method = models.CharField(_("how to check"), max_length=200, blank=True)
    clause = models.CharField(_("legal basis"), max_length=400, blank=True)
    required = models.BooleanField(_("must be checked"), default=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        ordering = ("version_id", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "code"), name="a_version_has_each_item_code_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.text}"
