"""Parts of a version: materials, steps, articles, questions. Frozen with it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.choices import Level, MaterialForm, MaterialKind, MaterialSource, Necessity
from catalogue.models.versions import ItemVersion
from common.querysets import PartQuerySet


class VersionPart(models.Model):
    """One row of a version, in its order."""

    part_of: ClassVar[str] = "version"

    order = models.PositiveSmallIntegerField(_("place in the list"))

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("order",)


class MaterialRequirement(VersionPart):
    """A material the guide asks for; nothing outside this list may be asked (安阳条例 23)."""

    version = models.ForeignKey(
        ItemVersion,
        on_delete=models.CASCADE,
        related_name="materials",
        verbose_name=_("item version"),
    )
    name = models.CharField(_("material"), max_length=200)
    necessity = models.CharField(
        _("necessity"),
        max_length=1,
        choices=Necessity,
        default=Necessity.REQUIRED,
    )
    kind = models.CharField(
        _("original or copy"),
        max_length=1,
        choices=MaterialKind,
        default=MaterialKind.ORIGINAL,
    )
    copies = models.PositiveSmallIntegerField(_("copies"), default=1)
    source = models.CharField(
        _("source"),
        max_length=2,
        choices=MaterialSource,
        default=MaterialSource.APPLICANT,
    )
    basis = models.CharField(_("basis"), max_length=300, blank=True)
    form = models.CharField(
        _("paper or electronic"), max_length=1, choices=MaterialForm, blank=True
    )
    spec = models.CharField(_("size or format"), max_length=120, blank=True)
    source_note = models.CharField(_("where it is had"), max_length=200, blank=True)
    standard = models.CharField(_("acceptance standard"), max_length=500, blank=True)
    filling_notes = models.CharField(_("how to fill it in"), max_length=500, blank=True)
    blank_form = models.CharField(_("blank form"), max_length=300, blank=True)
    sample = models.CharField(_("filled-in sample"), max_length=300, blank=True)
    valid_months = models.PositiveSmallIntegerField(
        _("months it stays valid"), null=True, blank=True
    )

    class Meta(VersionPart.Meta):
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "order"),
                name="a_version_orders_its_materials",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_required(self) -> bool:
        """Whether it must be there before acceptance."""
        return self.necessity == Necessity.REQUIRED

    @property
    def is_deferrable(self) -> bool:
        """Whether it may follow later (容缺后补)."""
        return self.necessity == Necessity.DEFERRABLE


class Step(VersionPart):
    """One step of the procedure, as the guide tells it."""

    version = models.ForeignKey(
        ItemVersion,
        on_delete=models.CASCADE,
        related_name="steps",
        verbose_name=_("item version"),
    )
    name = models.CharField(_("step"), max_length=60)
    role = models.CharField(_("done by"), max_length=120, blank=True)
    workdays = models.PositiveSmallIntegerField(_("working days"), null=True, blank=True)
    standard = models.CharField(_("what is examined"), max_length=500, blank=True)
    result = models.CharField(_("result of the step"), max_length=200, blank=True)

    class Meta(VersionPart.Meta):
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "order"),
                name="a_version_orders_its_steps",
            ),
        )

    def __str__(self) -> str:
        return self.name


class VersionBasis(VersionPart):
    """An article the item rests on (设定依据)."""

    version = models.ForeignKey(
        ItemVersion,
        on_delete=models.CASCADE,
        related_name="bases",
        verbose_name=_("item version"),
    )
    text = models.CharField(_("article"), max_length=500)
    law = models.CharField(_("law"), max_length=200, blank=True, db_index=True, editable=False)
    articles = models.CharField(
        _("numbers of the articles"), max_length=200, blank=True, editable=False
    )

    class Meta(VersionPart.Meta):
        verbose_name = _("legal basis")
        verbose_name_plural = _("legal bases")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "order"),
                name="a_version_orders_its_bases",
            ),
        )

    def __str__(self) -> str:
        return self.text


class Fee(VersionPart):
    """One fee with its rate, and who is exempt on what basis."""

    version = models.ForeignKey(
        ItemVersion,
        on_delete=models.CASCADE,
        related_name="fees",
        verbose_name=_("item version"),
    )
    name = models.CharField(_("name of the fee"), max_length=120)
    standard = models.CharField(_("rate of the fee"), max_length=300)
    basis = models.CharField(_("basis of the fee"), max_length=300, blank=True)
    exemption = models.CharField(_("who is exempt"), max_length=300, blank=True)
    exemption_basis = models.CharField(_("basis of the exemption"), max_length=300, blank=True)

    class Meta(VersionPart.Meta):
        verbose_name = _("fee")
        verbose_name_plural = _("fees")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "order"),
                name="a_version_orders_its_fees",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Delegation(VersionPart):
    """To whom the item was handed down (下放), from when, by which document."""

    version = models.ForeignKey(
        ItemVersion,
        on_delete=models.CASCADE,
        related_name="delegations",
        verbose_name=_("item version"),
    )
    level = models.CharField(_("handed down to"), max_length=10, choices=Level)
    region_code = models.CharField(_("only in the region"), max_length=12, blank=True)
    from_on = models.CharField(_("handed down from"), max_length=10, blank=True)
    to_on = models.CharField(_("handed down until"), max_length=10, blank=True)
    document = models.CharField(_("document"), max_length=300)

    class Meta(VersionPart.Meta):
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "order"),
                name="a_version_orders_its_delegations",
            ),
        )

    def __str__(self) -> str:
        return self.document


class Faq(VersionPart):
    """A question people ask, with its answer."""

    version = models.ForeignKey(
        ItemVersion,
        on_delete=models.CASCADE,
        related_name="faqs",
        verbose_name=_("item version"),
    )
    question = models.CharField(_("question"), max_length=200)
    answer = models.TextField(_("answer"))

    class Meta(VersionPart.Meta):
        verbose_name = _("frequent question")
        verbose_name_plural = _("frequent questions")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "order"),
                name="a_version_orders_its_questions",
            ),
        )

    def __str__(self) -> str:
        return self.question
