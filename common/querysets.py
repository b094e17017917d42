"""Reads every kind of row shares."""

from typing import Any, ClassVar, Self

from django.db import models

KEY_DIGITS = 18  # what fits a 64-bit key


def key_of(text: str) -> int:
    """The primary key somebody wrote into an address or a form; 0, which no row has, if it is none."""
    return int(text) if text.isdecimal() and len(text) <= KEY_DIGITS else 0


class PartQuerySet(models.QuerySet[Any]):
    """Parts of something larger: whoever sees that sees them.

    The model names the field that leads to it in ``part_of``; the rows it leads to have a
    ``visible_to`` of their own.
    """

    part_field: ClassVar[str] = "part_of"

    def visible_to(self, user: Any) -> Self:
        """Parts of what the user may see; none for a stranger."""
        path = getattr(self.model, self.part_field)
        whole = self.model._meta.get_field(path).related_model
        return self.filter(**{f"{path}__in": whole.objects.visible_to(user)})
