"""A bundle (一件事): what people want done at once, made of several items."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from catalogue.models.items import Item
from catalogue.querysets import BundleQuerySet
from catalogue.rules.bundles import BundleCard, PartLine, is_result
from common import pinyin, time
from common.events import EventBase
from common.querysets import PartQuerySet
from organisations.models import Unit


class Bundle(models.Model):
    """One form, one set of materials, one receipt for several items; one unit leads (牵头部门)."""

    code = models.CharField(_("bundle code"), max_length=64, unique=True)
    name = models.CharField(_("bundle name"), max_length=200)
    initials = models.CharField(_("pinyin initials"), max_length=200, db_index=True, editable=False)
    lead = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="bundles", verbose_name=_("lead department")
    )
    about = models.TextField(_("whom it is for"), blank=True)
    offered = models.BooleanField(_("offered"), default=False, editable=False)
    created_at = models.DateTimeField(_("created at"), default=time.now, editable=False)

    objects = BundleQuerySet.as_manager()

    class Meta:
        verbose_name = _("bundle")
        verbose_name_plural = _("bundles")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name=""), name="bundle_has_a_code_and_a_name"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The row is stored with the pinyin it is found by."""
        self.initials = pinyin.initials(self.name)[:200]
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The public page."""
        return reverse("catalogue:bundle", args=(self.code,))

    def card(self) -> BundleCard:
        """What is written of it."""
        return BundleCard(
            code=self.code,
            name=self.name,
            lead=self.lead.code,
            about=self.about,
            parts=tuple(PartLine(part.item.code, part.step) for part in self.parts.all()),
        )

    @property
    def items(self) -> list[Item]:
        """Its items in the order they are done."""
        return [part.item for part in self.parts.all()]

    @property
    def resting_items(self) -> list[Item]:
        """Items on which no case can be opened today, so that the bundle cannot be had."""
        return [item for item in self.items if not item.opens_cases]

    @property
    def is_open(self) -> bool:
        """Whether it can be applied for today."""
        return self.offered and not self.resting_items

    @cached_property
    def spared(self) -> frozenset[int]:
        """Keys of the materials nobody brings, for an item of an earlier step results in them.

        What the government itself makes on the way is not asked of the applicant (安阳条例 24).
        """
        parts = list(self.parts.all())
        return frozenset(
            material.pk
            for part in parts
            if part.item.current
            for material in part.item.current.materials.all()
            if any(
                is_result(material.name, one.result_name) for one in parts if one.step < part.step
            )
        )

    @property
    def in_steps(self) -> bool:
        """Whether some item waits for another."""
        return any(part.step > 1 for part in self.parts.all())


class BundlePart(models.Model):
    """One item of a bundle; those of one step go side by side, steps one after another."""

    part_of: ClassVar[str] = "bundle"

    bundle = models.ForeignKey(
        Bundle, on_delete=models.CASCADE, related_name="parts", verbose_name=_("bundle")
    )
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, related_name="in_bundles", verbose_name=_("item")
    )
    step = models.PositiveSmallIntegerField(_("step of the bundle"), default=1)
    order = models.PositiveSmallIntegerField(_("place in the list"))

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a bundle")
        verbose_name_plural = _("items of bundles")
        ordering = ("step", "order")
        constraints = (
            models.UniqueConstraint(fields=("bundle", "item"), name="a_bundle_has_an_item_once"),
            models.CheckConstraint(condition=Q(step__gte=1), name="steps_are_counted_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.bundle} {self.step}"

    @property
    def result_name(self) -> str:
        """What its item results in; empty while it is not in force."""
        return self.item.current.result_name if self.item.current else ""


class BundleEvent(EventBase):
    """One fact of a bundle's life, chained per bundle."""

    subject_field: ClassVar[str] = "bundle"

    bundle = models.ForeignKey(
        Bundle, on_delete=models.PROTECT, related_name="events", verbose_name=_("bundle")
    )

    class Meta(EventBase.Meta):
        verbose_name = _("bundle event")
        verbose_name_plural = _("bundle events")
        constraints = (
            models.UniqueConstraint(
                fields=("bundle", "seq"), name="bundle_events_are_numbered_once"
            ),
        )
