"""Orders to rectify, item by item, with the re-inspections they call for."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import time
from common.models import EventBase, SealedModel
from common.querysets import PartQuerySet
from common.sealing import SealedField
from inspections.choices import DeliveryWay, FollowUpState, ItemResult, OrderState
from inspections.querysets import FollowUpQuerySet, OrderItemQuerySet, OrderQuerySet


class Order(SealedModel):
    """责令改正通知书 or 整改通知书: number, paper, day, items; who signed for it is sealed."""

    visit = models.ForeignKey(
        "inspections.Visit",
        on_delete=models.PROTECT,
        related_name="orders",
        verbose_name=_("visit"),
    )
    profile = models.ForeignKey(
        "inspections.ProgrammeProfile",
        on_delete=models.PROTECT,
        related_name="orders",
        verbose_name=_("inspection programme"),
    )
    number = models.CharField(_("number"), max_length=60, unique=True)
    serial = models.PositiveIntegerField(_("number in the series"), editable=False)
    issued_at = models.DateTimeField(_("order issued at"))
    issued_on = models.DateField(_("issued on"), db_index=True)
    due_on = models.DateField(_("to be corrected by"), db_index=True)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=OrderState, default=OrderState.ISSUED, editable=False
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    clock = models.OneToOneField(
        "deadlines.Clock",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="inspection_order",
        editable=False,
        verbose_name=_("time limit"),
    )
    paper = models.ForeignKey(
        "documents.Paper",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("paper"),
    )
    region_code = models.CharField(_("region code"), max_length=12, db_index=True)
    department = models.ForeignKey(
        "organisations.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    issued_by = models.ForeignKey(
        "organisations.User",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("order issued by"),
    )
    client_uuid = models.UUIDField(unique=True, editable=False)
    delivery_way = models.CharField(
        _("way of delivery"), max_length=10, choices=DeliveryWay, default=DeliveryWay.DIRECT
    )
    receiver = SealedField(_("signed for by"))
    witness = SealedField(_("witness"))
    refusal_reason = models.CharField(_("reason of refusal"), max_length=200, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order to rectify")
        verbose_name_plural = _("orders to rectify")
        ordering = ("-issued_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("visit",),
                condition=~Q(state=OrderState.REVOKED),
                name="a_visit_has_one_standing_order",
            ),
        )

    def __str__(self) -> str:
        return self.number


class OrderItem(models.Model):
    """One thing to put right, with its requirement, standard and own day."""

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="items", verbose_name=_("the order")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    problem = models.ForeignKey(
        "inspections.Problem",
        on_delete=models.PROTECT,
        related_name="order_items",
        verbose_name=_("problem"),
    )
    requirement = models.CharField(_("what to do"), max_length=400)
    standard = models.CharField(_("standard to reach"), max_length=400, blank=True)
    due_on = models.DateField(_("to be corrected by"))
    result = models.CharField(
        _("item result"),
        max_length=16,
        choices=ItemResult,
        default=ItemResult.PENDING,
        editable=False,
    )

    objects = OrderItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("order item")
        verbose_name_plural = _("order items")
        ordering = ("order_id", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("order", "number"), name="an_order_numbers_its_items_once"
            ),
            models.UniqueConstraint(
                fields=("order", "problem"), name="an_order_names_a_problem_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.requirement}"


class FollowUp(models.Model):
    """A re-inspection owed; made with the order and closed only by a re-inspection."""

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="follow_ups", verbose_name=_("the order")
    )
    due_on = models.DateField(_("to be made by"))
    officer = models.ForeignKey(
        "organisations.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("officer")
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=FollowUpState,
        default=FollowUpState.PENDING,
        editable=False,
    )
    visit = models.OneToOneField(
        "inspections.Visit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_up",
        verbose_name=_("re-inspection"),
    )
    created_at = models.DateTimeField(_("made at"), default=time.now)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("re-inspection owed")
        verbose_name_plural = _("re-inspections owed")
        ordering = ("due_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("order",),
                condition=Q(state=FollowUpState.PENDING),
                name="an_order_owes_one_recheck_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=FollowUpState.DONE) | Q(visit__isnull=False),
                name="a_follow_up_is_done_by_a_visit",
            ),
        )

    def __str__(self) -> str:
        return f"{self.order} {self.due_on}"


class ItemCheck(models.Model):
    """What one re-inspection found for one order item; earlier findings stay beside it."""

    part_of: ClassVar[str] = "visit"

    visit = models.ForeignKey(
        "inspections.Visit",
        on_delete=models.PROTECT,
        related_name="item_checks",
        verbose_name=_("re-inspection"),
    )
    item = models.ForeignKey(
        OrderItem, on_delete=models.PROTECT, related_name="checks", verbose_name=_("order item")
    )
    result = models.CharField(_("item result"), max_length=16, choices=ItemResult)
    note = models.CharField(_("remark"), max_length=500, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding of a re-inspection")
        verbose_name_plural = _("findings of re-inspections")
        ordering = ("visit_id", "item_id")
        constraints = (
            models.UniqueConstraint(fields=("visit", "item"), name="a_recheck_judges_an_item_once"),
        )

    def __str__(self) -> str:
        return f"{self.item_id}: {self.result}"


class OrderEvent(EventBase):
    """What happened to an order."""

    subject_field: ClassVar[str] = "order"
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events")

    class Meta(EventBase.Meta):
        verbose_name = _("event of an order")
        verbose_name_plural = _("events of orders")
        constraints = (
            models.UniqueConstraint(fields=("order", "seq"), name="order_events_are_numbered_once"),
        )
