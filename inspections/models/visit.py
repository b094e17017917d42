"""Visits with their answers and problems."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import time
from common.models import EventBase
from inspections import rules
from inspections.choices import (
    AnswerResult,
    OrderState,
    ProblemState,
    VisitKind,
    VisitOutcome,
    VisitState,
)
from inspections.querysets import AnswerQuerySet, ProblemQuerySet, VisitQuerySet


class Visit(models.Model):
    """One visit to one target; holds the checklist version it was made with."""

    target = models.ForeignKey(
        "inspections.CampaignTarget",
        on_delete=models.PROTECT,
        related_name="visits",
        verbose_name=_("campaign target"),
    )
    dispatch = models.ForeignKey(
        "inspections.Dispatch",
        on_delete=models.PROTECT,
        related_name="visits",
        verbose_name=_("outing"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=VisitKind)
    parent_visit = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rechecks",
        verbose_name=_("follows the visit"),
    )
    checklist = models.ForeignKey(
        "inspections.ChecklistVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name=_("checklist"),
    )
    client_uuid = models.UUIDField(unique=True, editable=False)
    subject_name = models.CharField(_("subject at the time"), max_length=120)
    subject_address = models.CharField(_("address at the time"), max_length=200, blank=True)
    region_code = models.CharField(_("region code"), max_length=12, db_index=True)
    department = models.ForeignKey(
        "organisations.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    opened_by = models.ForeignKey(
        "organisations.User",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("opened by"),
    )
    started_at = models.DateTimeField(_("time in"))
    ended_at = models.DateTimeField(_("time out"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, db_index=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=VisitState, default=VisitState.DRAFT, editable=False
    )
    outcome = models.CharField(
        _("visit outcome"),
        max_length=16,
        choices=VisitOutcome,
        default=VisitOutcome.NONE,
        blank=True,
        editable=False,
    )
    publication_clock = models.OneToOneField(
        "deadlines.Clock",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="published_visit",
        editable=False,
        verbose_name=_("publication limit"),
    )
    published_at = models.DateTimeField(_("result published at"), null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection visit")
        verbose_name_plural = _("inspection visits")
        ordering = ("-started_at", "-pk")
        permissions = (
            ("conduct_visit", _("may inspect, order and re-inspect")),
            ("approve_visit", _("may approve inspections and revoke orders")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("target",),
                condition=Q(kind=VisitKind.FIRST) & ~Q(state=VisitState.VOID),
                name="a_target_has_one_first_visit",
            ),
            models.CheckConstraint(
                condition=~Q(kind=VisitKind.RECHECK) | Q(parent_visit__isnull=False),
                name="a_recheck_follows_a_visit",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject_name} {self.get_kind_display()}"

    def missing_codes(self) -> list[str]:
        """Codes of required items without an answer."""
        return [answer.item.code for answer in rules.unanswered(self.answers.all())]

    def undescribed_codes(self) -> list[str]:
        """Codes of failed items without a described problem."""
        described = {p.answer_id for p in self.live_problems() if p.answer_id}
        return [a.item.code for a in rules.undescribed(self.answers.all(), described)]

    def live_problems(self) -> list["Problem"]:
        """Problems that were not withdrawn, in order."""
        return [p for p in self.problems.all() if p.state != ProblemState.WITHDRAWN]

    @property
    def has_order(self) -> bool:
        """Whether an order stands for this visit."""
        return any(order.state != OrderState.REVOKED for order in self.orders.all())

    @property
    def order_is_due(self) -> bool:
        """Whether problems were found and no order stands yet."""
        return self.outcome == VisitOutcome.ORDERED and not self.has_order


class Answer(models.Model):
    """What one visit found for one checklist item."""

    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="answers", verbose_name=_("visit")
    )
    item = models.ForeignKey(
        "inspections.ChecklistItem",
        on_delete=models.PROTECT,
        related_name="answers",
        verbose_name=_("checklist item"),
    )
    result = models.CharField(
        _("item result"), max_length=16, choices=AnswerResult, default=AnswerResult.UNCHECKED
    )
    note = models.CharField(_("remark"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        "organisations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checked by"),
    )
    answered_at = models.DateTimeField(_("checked at"), null=True, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist answer")
        verbose_name_plural = _("checklist answers")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("visit", "item"), name="a_visit_answers_an_item_once"),
        )

    def __str__(self) -> str:
        return f"{self.item_id}: {self.result}"

    @property
    def required(self) -> bool:
        """Whether the item must be answered."""
        return self.item.required


class Problem(models.Model):
    """One fault found, from a failed item or free; later a line of the order."""

    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="problems", verbose_name=_("visit")
    )
    answer = models.ForeignKey(
        Answer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="problems",
        verbose_name=_("checklist answer"),
    )
    item_code = models.CharField(_("checklist code"), max_length=20, blank=True)
    text = models.CharField(_("what is wrong"), max_length=500)
    is_key = models.BooleanField(_("key item"), default=False)
    clause = models.CharField(_("legal basis"), max_length=400, blank=True)
    corrected_on_site = models.BooleanField(_("corrected on the spot"), default=False)
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=ProblemState,
        default=ProblemState.OPEN,
        editable=False,
    )
    repeat_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("repeats"),
    )
    client_uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    recorded_by = models.ForeignKey(
        "organisations.User",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=time.now)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("answer",),
                condition=~Q(state=ProblemState.WITHDRAWN),
                name="a_failed_answer_has_one_live_problem",
            ),
        )

    def __str__(self) -> str:
        return self.text


class VisitEvent(EventBase):
    """What happened to a visit."""

    subject_field: ClassVar[str] = "visit"
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="events")

    class Meta(EventBase.Meta):
        verbose_name = _("event of a visit")
        verbose_name_plural = _("events of visits")
        constraints = (
            models.UniqueConstraint(fields=("visit", "seq"), name="visit_events_are_numbered_once"),
        )
