"""A case (办件): one item version, one department, one number, own state and clocks."""

import re
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from catalogue.models import Item, ItemVersion
from catalogue.querysets import LEVEL_OF_POINT
from deadlines.choices import Effect
from deadlines.models import Clock
from intake.choices import CaseResult, CaseState, ClockPurpose, Desk
from intake.models.application import Application
from intake.querysets import CaseClockQuerySet, CaseQuerySet
from intake.rules.acceptance import may_decide_on_spot, open_names
from intake.rules.bundles import EarlierPart
from intake.rules.effects import effect_words
from intake.transitions import CASE_FLOW, VERB_PERMISSIONS
from organisations.choices import PointKind
from organisations.models import ServicePoint, Unit

if TYPE_CHECKING:
    from intake.models.materials import CaseMaterial

BEFORE_ACCEPTANCE = (
    CaseState.DRAFT,
    CaseState.SUBMITTED,
    CaseState.RECEIVED,
    CaseState.CORRECTING,
    CaseState.REFUSED_ACCEPTANCE,
    CaseState.RETURNED,
)
MAY_LACK_ACCEPTANCE = (*BEFORE_ACCEPTANCE, CaseState.WITHDRAWN, CaseState.ARCHIVED)
LICENCE_END = "licence_ends_on"
DAY_FORM = re.compile(r"\d{4}-\d{2}-\d{2}")
EFFECT_MOVES = ("deem_accepted", "deem_withdrawn", "deem_renewed")
DECIDED = (CaseState.CLOSED, CaseState.AWAITING_DELIVERY, CaseState.DELIVERED)


class Case(models.Model):
    """State and result are written by services only; the version is pinned for ever."""

    number = models.CharField(_("case number"), max_length=50, unique=True)
    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,
        related_name="cases",
        verbose_name=_("application"),
    )
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, related_name="cases", verbose_name=_("item")
    )
    version = models.ForeignKey(
        ItemVersion,
        on_delete=models.PROTECT,
        related_name="cases",
        verbose_name=_("item version"),
    )
    department = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="cases",
        verbose_name=_("department"),
    )
    region_code = models.CharField(_("region"), max_length=12, db_index=True)
    service_point = models.ForeignKey(
        ServicePoint,
        on_delete=models.PROTECT,
        related_name="cases",
        verbose_name=_("service point"),
    )
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=CaseState,
        default=CaseState.DRAFT,
        editable=False,
        db_index=True,
    )
    result = models.CharField(
        _("result"),
        max_length=14,
        choices=CaseResult,
        default=CaseResult.NONE,
        editable=False,
    )
    desk = models.CharField(
        _("lies with"), max_length=10, choices=Desk, default=Desk.WINDOW, editable=False
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handled by"),
    )
    clock = models.ForeignKey(
        Clock,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("time left"),
    )
    step = models.PositiveSmallIntegerField(_("step of the bundle"), default=1, editable=False)
    correction_count = models.PositiveSmallIntegerField(default=0, editable=False)
    extension_pending = models.BooleanField(default=False, editable=False)
    deemed = models.CharField(
        _("by effect of the law"), max_length=20, choices=Effect, blank=True, editable=False
    )
    deemed_at = models.DateTimeField(_("in effect since"), null=True, blank=True, editable=False)
    received_at = models.DateTimeField(_("case received at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("case closed at"), null=True, blank=True, editable=False)
    row_version = models.PositiveIntegerField(default=0, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ("-received_at", "-pk")
        permissions = VERB_PERMISSIONS
        indexes = (
            models.Index(fields=("department", "state"), name="case_department_state"),
            models.Index(fields=("region_code", "state"), name="case_region_state"),
            models.Index(fields=("handler", "state"), name="case_handler_state"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=CaseState.values), name="case_state_is_a_known_one"
            ),
            models.CheckConstraint(
                condition=Q(state__in=MAY_LACK_ACCEPTANCE) | Q(accepted_at__isnull=False),
                name="an_accepted_case_has_its_day_of_acceptance",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED)
                | Q(decided_at__isnull=False, result__in=("granted", "refused")),
                name="a_decided_case_has_its_result_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.WITHDRAWN) | Q(result=CaseResult.WITHDRAWN),
                name="a_withdrawn_case_says_so",
            ),
            models.CheckConstraint(condition=Q(step__gte=1), name="case_steps_count_from_one"),
            models.CheckConstraint(
                condition=Q(deemed="", deemed_at__isnull=True)
                | (~Q(deemed="") & Q(deemed_at__isnull=False)),
                name="an_effect_of_the_law_and_only_that_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return CASE_FLOW.label_of(self.state)

    @property
    def deemed_words(self) -> str:
        """What the law did and since when, in one sentence; empty where it did nothing."""
        return effect_words(self.deemed, self.deemed_at) if self.deemed_at else ""

    @property
    def licence_ends_on(self) -> date | None:
        """The last day of the licence to renew, where the form asks for it and it is sound."""
        asked = any(entry["key"] == LICENCE_END for entry in self.version.form_definition)
        text = self.application.answers_to(self.version_id).get(LICENCE_END, "") if asked else ""
        return parse_date(text) if DAY_FORM.fullmatch(str(text)) else None

    @cached_property
    def state_to_restore(self) -> str:
        """The state from which the last effect of the law moved it; empty if there is none."""
        last = self.events.filter(verb__in=EFFECT_MOVES).order_by("-seq").first()
        return str(last.data["from"]) if last else ""

    @cached_property
    def _asked(self) -> list["CaseMaterial"]:
        if "materials" in getattr(self, "_prefetched_objects_cache", {}):
            return sorted(self.materials.all(), key=lambda row: row.requirement.order)
        return list(self.materials.select_related("requirement").order_by("requirement__order"))

    def asked_materials(self) -> list["CaseMaterial"]:
        """Materials the guide asks for with what came of them, read once per object."""
        return self._asked

    def hold_materials(self, rows: list["CaseMaterial"]) -> None:
        """These are its materials, in the guide's order; they need not be stored yet."""
        self.__dict__["_asked"] = rows

    def forget_materials(self) -> None:
        """The next look at the materials reads them anew."""
        self.__dict__.pop("_asked", None)
        self.__dict__.get("_prefetched_objects_cache", {}).pop("materials", None)

    @property
    def missing_names(self) -> list[str]:
        """Names of the materials that still hinder acceptance."""
        return open_names(self.asked_materials())

    @property
    def decidable_on_spot(self) -> bool:
        """Whether the point that took it may decide it at once."""
        return may_decide_on_spot(
            instant=self.version.is_instant,
            decide_level=self.version.decide_level,
            point_level=LEVEL_OF_POINT[PointKind(self.service_point.kind)],
            delegation_basis=self.version.delegation_basis,
        )

    @cached_property
    def earlier_parts(self) -> list[EarlierPart]:
        """Cases of the same application that are decided before this one, in their order."""
        if self.step == 1:
            return []
        return [
            EarlierPart(name=case.item.name, state=case.state, result=case.result)
            for case in self.application.shown_cases
            if case.step < self.step
        ]

    @property
    def applicant_erased(self) -> bool:
        """Whether the applicant's data are no more."""
        return self.application.applicant.is_erased

    @property
    def filled_in(self) -> list[tuple[str, str]]:
        """The form as (label, value), in its order."""
        return self.version.labelled(self.application.answers_to(self.version_id))


class CaseClock(models.Model):
    """Which clock measures what of a case; the clock itself knows no case."""

    part_of: ClassVar[str] = "case"

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="clocks", verbose_name=_("case")
    )
    clock = models.OneToOneField(
        Clock,
        on_delete=models.PROTECT,
        related_name="case_link",
        verbose_name=_("clock"),
    )
    purpose = models.CharField(_("measures"), max_length=12, choices=ClockPurpose)

    objects = CaseClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock of a case")
        verbose_name_plural = _("clocks of cases")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.case} {self.get_purpose_display()}"
