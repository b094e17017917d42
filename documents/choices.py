"""Kinds of files that may be handed in."""

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
