"""What happened to an item."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.models.items import Item
from common.events import EventBase


class ItemEvent(EventBase):
    """One fact of an item's life, chained per item."""

    subject_field: ClassVar[str] = "item"

    item = models.ForeignKey(
        Item,
        on_delete=models.PROTECT,
        related_name="events",
        verbose_name=_("item"),
    )

    class Meta(EventBase.Meta):
        verbose_name = _("item event")
        verbose_name_plural = _("item events")
        constraints = (
            models.UniqueConstraint(
                fields=("item", "seq"),
                name="item_events_are_numbered_once",
            ),
        )
