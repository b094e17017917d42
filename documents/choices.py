"""Kinds of files that may be handed in; what a check of a paper may find."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FileKind(TextChoices):
    """A kind of file, known by its content; the value is its media type."""

    PDF = "application/pdf", _("PDF")
    JPEG = "image/jpeg", _("JPEG picture")
    PNG = "image/png", _("PNG picture")

    @property
    def suffix(self) -> str:
        """The ending of its name."""
        return {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}[self.value]


class Verdict(TextChoices):
    """What the public check says of a paper."""

    GENUINE = "genuine", _("genuine paper")
    VOID = "void", _("void number")
    UNKNOWN = "unknown", _("unknown paper")
