"""What a department did with a case: reviews, procedures, extensions, decision, delivery."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.choices import DeliveryMethod, Outcome, RequestState
from approvals.querysets import DecisionQuerySet, OfCaseQuerySet
from common.sealing import SealedField, SealedModel
from deadlines.choices import Ground
from documents.models import Paper
from intake.choices import CaseResult
from intake.models import Case


def _person(label: Any, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=null,
        blank=null,
        related_name="+",
        verbose_name=label,
    )


class Review(models.Model):
    """One opinion of one reviewer."""

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("case")
    )
    step = models.PositiveSmallIntegerField(_("number of the review"))
    reviewer = _person(_("reviewer"))
    opinion = models.TextField(_("opinion"))
    outcome = models.CharField(_("proposal"), max_length=8, choices=Outcome)
    at = models.DateTimeField(_("time"))

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ("step",)
        constraints = (
            models.UniqueConstraint(
                fields=("case", "step"), name="a_case_numbers_its_reviews_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.step} {self.get_outcome_display()}"


class SpecialProcedure(models.Model):
    """A hearing, an appraisal, a survey ...: why, till when it was told, how it ended."""

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="procedures", verbose_name=_("case")
    )
    ground = models.CharField(_("special procedure"), max_length=12, choices=Ground)
    reason = models.TextField(_("reason"))
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    told_until = models.DateField(_("told to last until"))
    stops_statute = models.BooleanField(_("stops the statutory limit"))
    stops_promise = models.BooleanField(_("stops the promise"))
    begun_at = models.DateTimeField(_("begun at"))
    begun_by = _person(_("begun by"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = _person(_("ended by"), null=True)
    result = models.TextField(_("result"), blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("special procedure")
        verbose_name_plural = _("special procedures")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("case",),
                condition=Q(ended_at__isnull=True),
                name="a_case_has_one_open_special_procedure",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="an_ended_procedure_names_who_ended_it",
            ),
        )

    def __str__(self) -> str:
        return self.get_ground_display()


class ExtensionRequest(models.Model):
    """A request for more time and the head's answer."""

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="extensions", verbose_name=_("case")
    )
    amount = models.PositiveSmallIntegerField(_("longer by"))
    reason = models.TextField(_("reason"))
    state = models.CharField(
        _("state"), max_length=10, choices=RequestState, default=RequestState.PENDING
    )
    requested_at = models.DateTimeField(_("requested at"))
    requested_by = _person(_("requested by"))
    answered_at = models.DateTimeField(_("answer given at"), null=True, blank=True)
    answered_by = _person(_("answer given by"), null=True)
    answer = models.TextField(_("answer given"), blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension request")
        verbose_name_plural = _("extension requests")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("case",),
                condition=Q(state=RequestState.PENDING),
                name="a_case_has_one_pending_extension_request",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} +{self.amount}"


class Decision(models.Model):
    """The decision of a case, with its paper."""

    case = models.OneToOneField(
        Case, on_delete=models.PROTECT, related_name="decision", verbose_name=_("case")
    )
    result = models.CharField(
        _("result"),
        max_length=14,
        choices=[(c.value, c.label) for c in (CaseResult.GRANTED, CaseResult.REFUSED)],
    )
    number = models.CharField(_("number of the decision"), max_length=100, unique=True)
    opinion = models.TextField(_("opinion"))
    text = models.TextField(_("decision"))
    basis = models.TextField(_("legal basis"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"))
    decided_by = _person(_("decision made by"))
    on_spot = models.BooleanField(_("granted on the spot"), default=False)
    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, related_name="+", verbose_name=_("paper of the decision")
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("-decided_at",)

    def __str__(self) -> str:
        return self.number


class Delivery(SealedModel):
    """Who took the result, how, and what proves it; the receiver is sealed."""

    case = models.OneToOneField(
        Case, on_delete=models.PROTECT, related_name="delivery", verbose_name=_("case")
    )
    method = models.CharField(_("method"), max_length=12, choices=DeliveryMethod)
    receiver = SealedField(_("receiver"))
    proof = models.CharField(_("proof"), max_length=200, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"))
    delivered_by = _person(_("delivered by"))
    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, related_name="+", verbose_name=_("proof of service")
    )

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-delivered_at",)

    def __str__(self) -> str:
        return f"{self.case} {self.get_method_display()}"
