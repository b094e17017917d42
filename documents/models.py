"""Files handed in, official numbers, papers issued and printed."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import crypto, time
from common.append_only import AppendOnly
from common.querysets import PartQuerySet
from common.sealing import ERASED, SealedField, SealedModel
from documents.choices import FileKind
from documents.errors import ContentGone
from documents.querysets import (
    AttachmentQuerySet,
    IssuedNumberQuerySet,
    NumberQuerySet,
    PaperQuerySet,
)


class SealedContent(SealedModel, AppendOnly):
    """A row with sealed bytes, written once, whose key is its public name."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    region_code = models.CharField(_("region code"), max_length=12, db_index=True)
    department = models.ForeignKey(
        "organisations.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )

    class Meta:
        abstract = True

    def close_bytes(self, field: str, content: bytes) -> bytes:
        """``content`` sealed under the person's key for ``field`` of this row.

        Raises:
            ContentGone: the data key was erased.
        """
        return crypto.encrypt(self._open_key(), content, self._place(field))

    def open_bytes(self, field: str, sealed: bytes) -> bytes:
        """The plain content.

        Raises:
            ContentGone: the data key was erased.
            crypto.Unsealable: the stored bytes were altered.
        """
        return crypto.decrypt(self._open_key(), sealed, self._place(field))

    def _open_key(self) -> bytes:
        key = self.data_key.open()
        if key is None:
            raise ContentGone
        return key


class Attachment(SealedContent):
    """A file handed in; its sealed content lies under MEDIA_ROOT, never served from there."""

    name = models.CharField(_("file name"), max_length=255)
    content_type = models.CharField(_("kind of file"), max_length=32, choices=FileKind)
    size = models.PositiveIntegerField(_("size in bytes"))
    path = models.CharField(_("place in the store"), max_length=120, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("handed in by"),
    )
    uploaded_at = models.DateTimeField(_("handed in at"), default=time.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("file handed in")
        verbose_name_plural = _("files handed in")
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The file's name; it may name a person, so an erased one is shown no more."""
        return str(ERASED) if self.is_erased else self.name

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it as a picture."""
        return self.content_type != FileKind.PDF


class NumberSeries(models.Model):
    """A counter of one series, organ and year; its row lock serialises whoever draws."""

    key = models.CharField(_("series"), max_length=40)
    organ_code = models.CharField(_("organ"), max_length=50)
    year = models.PositiveSmallIntegerField(_("year"))
    next = models.PositiveIntegerField(_("next number"), default=1)

    objects = NumberQuerySet.as_manager()

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        ordering = ("key", "organ_code", "-year")
        constraints = (
            models.UniqueConstraint(
                fields=("key", "organ_code", "year"),
                name="one_counter_per_series_organ_and_year",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.organ_code} {self.year}"


class IssuedNumber(models.Model):
    """A number drawn; it stays for ever, a void one with its reason."""

    series = models.ForeignKey(
        NumberSeries,
        on_delete=models.PROTECT,
        related_name="numbers",
        verbose_name=_("series"),
    )
    number = models.PositiveIntegerField(_("number"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("drawn by"),
    )
    issued_at = models.DateTimeField(_("drawn at"), default=time.now)
    void_reason = models.CharField(_("reason why it is void"), max_length=500, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("voided by"),
    )
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)
    # On this side, for a paper is never changed once it is written.
    paper = models.OneToOneField(
        "documents.Paper",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="drawn",
        verbose_name=_("paper that bears it"),
    )

    objects = IssuedNumberQuerySet.as_manager()

    class Meta:
        verbose_name = _("number drawn")
        verbose_name_plural = _("numbers drawn")
        ordering = ("series_id", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("series", "number"),
                name="a_series_gives_each_number_once",
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                name="a_void_number_has_reason_person_and_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.series} №{self.number}"


class Paper(SealedContent):
    """An official paper: the bytes that were issued, for ever; a reprint is the same bytes."""

    kind = models.CharField(_("kind of paper"), max_length=40, db_index=True)
    number = models.CharField(_("number"), max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=100)
    check_code = models.CharField(_("check code"), max_length=8)
    template = models.CharField(_("template"), max_length=100)
    template_version = models.CharField(_("version of the template"), max_length=64)
    data = SealedField(_("data"))
    pdf = SealedField(_("PDF"))
    issued_at = models.DateTimeField(_("issued at"), default=time.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("issued by"),
    )
    organ = models.CharField(_("issuing organ"), max_length=120)
    subject_kind = models.CharField(_("kind of subject"), max_length=40, blank=True)
    subject_id = models.CharField(_("subject"), max_length=64, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper issued")
        verbose_name_plural = _("papers issued")
        ordering = ("-issued_at",)
        indexes = (models.Index(fields=("subject_kind", "subject_id"), name="papers_of_a_subject"),)

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def void(self) -> IssuedNumber | None:
        """The number it bears with reason and moment, if that number is void."""
        drawn: IssuedNumber | None = getattr(self, "drawn", None)
        return drawn if drawn and drawn.voided_at else None


class Print(AppendOnly):
    """One print of a paper: the first is the paper itself, each later one a marked copy."""

    part_of: ClassVar[str] = "paper"

    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, related_name="prints", verbose_name=_("paper printed")
    )
    place = models.PositiveSmallIntegerField(_("which print"))
    printed_at = models.DateTimeField(_("printed at"), default=time.now)
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("printed by"),
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("print of a paper")
        verbose_name_plural = _("prints of the paper")
        ordering = ("paper_id", "place")
        constraints = (
            models.UniqueConstraint(
                fields=("paper", "place"), name="a_paper_counts_each_print_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.place}"
