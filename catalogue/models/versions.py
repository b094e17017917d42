"""One version of an item: its elements, frozen once published."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.choices import (
    UNPUBLISHED,
    CaseType,
    Handout,
    Level,
    ServiceObject,
    VersionState,
)
from catalogue.models.cards import read_card
from catalogue.models.elements import ServiceElements
from catalogue.models.items import Item
from catalogue.querysets import VersionQuerySet
from catalogue.rules.cards import ItemCard
from catalogue.rules.limits import limit_words
from common import time
from deadlines.choices import Unit as LimitUnit
from deadlines.rules import Limit


class ItemVersion(ServiceElements):
    """Elements after FACTS 2.2; a case is pinned to its version for ever."""

    item = models.ForeignKey(
        Item,
        on_delete=models.PROTECT,
        related_name="versions",
        verbose_name=_("item"),
    )
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=VersionState,
        default=VersionState.DRAFT,
        editable=False,
    )
    drafted_at = models.DateTimeField(_("drafted at"), default=time.now, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    publish_on = models.DateField(_("to be published on"), null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("sent to review by"),
    )
    content_sha = models.CharField(max_length=64, editable=False)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    name = models.CharField(_("item name"), max_length=200)

    accepts_district = models.BooleanField(_("accepted at the district"), default=False)
    accepts_street = models.BooleanField(_("accepted at streets"), default=False)
    accepts_community = models.BooleanField(_("accepted in communities"), default=False)
    decide_level = models.CharField(
        _("decided by"),
        max_length=10,
        choices=Level,
        default=Level.DISTRICT,
    )
    handout = models.CharField(
        _("result handed out"),
        max_length=10,
        choices=Handout,
        default=Handout.POINT,
    )
    delegation_basis = models.CharField(_("authorisation"), max_length=300, blank=True)

    case_type = models.CharField(
        _("case type"),
        max_length=1,
        choices=CaseType,
        default=CaseType.PROMISED,
    )
    statutory_amount = models.PositiveSmallIntegerField(
        _("statutory time limit"), null=True, blank=True
    )
    statutory_unit = models.CharField(
        _("unit of the statutory limit"),
        max_length=12,
        choices=LimitUnit,
        default=LimitUnit.WORKDAY,
    )
    statutory_basis = models.CharField(
        _("basis of the statutory limit"), max_length=300, blank=True
    )
    statutory_rule = models.ForeignKey(
        "deadlines.ClockRule",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rule of the limit"),
    )
    promised_amount = models.PositiveSmallIntegerField(
        _("promised time limit"), null=True, blank=True
    )
    promised_unit = models.CharField(
        _("unit of the promised limit"),
        max_length=12,
        choices=LimitUnit,
        default=LimitUnit.WORKDAY,
    )
    special_procedures = models.JSONField(_("special procedures"), default=list, blank=True)
    service_objects = models.JSONField(_("serves"), default=list, blank=True)
    mobile = models.BooleanField(_("on the mobile app"), default=False)
    home_service = models.BooleanField(_("home service"), default=False)
    visits = models.PositiveSmallIntegerField(_("visits needed"), null=True, blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    fee = models.BooleanField(_("fee"), default=False)
    fee_standard = models.TextField(_("rate of the fee"), blank=True)
    fee_basis = models.TextField(_("basis of the fee"), blank=True)
    result_name = models.CharField(_("result"), max_length=120, blank=True)
    place = models.TextField(_("place"), blank=True)
    hours = models.CharField(_("hours"), max_length=200, blank=True)
    contact_phone = models.CharField(_("telephone for advice"), max_length=60, blank=True)
    complaint_phone = models.CharField(_("telephone for complaints"), max_length=60, blank=True)
    form_definition = models.JSONField(_("form"), default=list, blank=True)
    source_note = models.CharField(_("source"), max_length=300, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("item version")
        verbose_name_plural = _("item versions")
        ordering = ("item_id", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("item", "number"),
                name="an_item_numbers_its_versions_once",
            ),
            models.UniqueConstraint(
                fields=("item",),
                condition=Q(state__in=(VersionState.PUBLISHED, VersionState.SUSPENDED)),
                name="an_item_has_one_version_in_force",
            ),
            models.UniqueConstraint(
                fields=("item",),
                condition=Q(state__in=UNPUBLISHED),
                name="an_item_has_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNPUBLISHED) | Q(published_at__isnull=False),
                name="only_a_draft_has_no_publication",
            ),
            models.CheckConstraint(
                condition=~Q(state=VersionState.SCHEDULED) | Q(publish_on__isnull=False),
                name="a_scheduled_version_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(promised_amount__isnull=True)
                | Q(statutory_amount__isnull=True)
                | ~Q(promised_unit=F("statutory_unit"))
                | Q(promised_amount__lte=F("statutory_amount")),
                name="promise_is_within_the_statute",
            ),
            models.CheckConstraint(
                condition=Q(statutory_amount__isnull=True) | ~Q(statutory_basis=""),
                name="statutory_limit_rests_on_an_article",
            ),
            models.CheckConstraint(
                condition=Q(fee=False) | (~Q(fee_standard="") & ~Q(fee_basis="")),
                name="fee_rests_on_rate_and_article",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    def card(self) -> ItemCard:
        """Facts and elements as one flat card."""
        return read_card(self)

    @property
    def accept_levels(self) -> list[str]:
        """Levels whose windows accept it, from the district down."""
        return [level for level in Level.values if getattr(self, f"accepts_{level}")]

    @accept_levels.setter
    def accept_levels(self, levels: list[str]) -> None:
        for level in Level.values:
            setattr(self, f"accepts_{level}", level in levels)

    @property
    def accept_level_labels(self) -> list[str]:
        """The same, in the reader's language."""
        return [str(Level(level).label) for level in self.accept_levels]

    @property
    def service_object_labels(self) -> list[str]:
        """Whom it serves, in the reader's language."""
        return [str(ServiceObject(code).label) for code in self.service_objects]

    @property
    def is_instant(self) -> bool:
        """Whether it is decided on the spot."""
        return self.case_type == CaseType.INSTANT

    @property
    def is_frozen(self) -> bool:
        """Whether its content may not change any more."""
        return self.state != VersionState.DRAFT

    @property
    def is_published(self) -> bool:
        """Whether it is or was in force."""
        return self.state not in UNPUBLISHED

    @property
    def is_sample(self) -> bool:
        """Whether it is made up for the sample district and marked so."""
        return self.source_note.startswith("示例")

    @property
    def statutory_limit(self) -> Limit | None:
        """The limit of the law, None without one."""
        if self.statutory_amount is None:
            return None
        return Limit(self.statutory_amount, LimitUnit(self.statutory_unit))

    @property
    def promised_limit(self) -> Limit | None:
        """The promised limit, None without one."""
        if self.promised_amount is None:
            return None
        return Limit(self.promised_amount, LimitUnit(self.promised_unit))

    @property
    def statutory_text(self) -> str:
        """The limit of the law in words; empty without one."""
        return limit_words(self.statutory_amount, self.statutory_unit)

    @property
    def promised_text(self) -> str:
        """The promised limit in words; empty without one."""
        return limit_words(self.promised_amount, self.promised_unit)

    def labelled(self, answers: dict[str, str]) -> list[tuple[str, str]]:
        """Answers given to the form as (label, value), in the order of the form."""
        return [
            (entry["label"], answers[entry["key"]])
            for entry in self.form_definition
            if answers.get(entry["key"])
        ]
