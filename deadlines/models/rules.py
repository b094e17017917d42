"""Time limits of the law as effective-dated data."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from deadlines.choices import Debtor, Direction, LateReceipt, RuleKind, Unit
from deadlines.querysets import ClockRuleQuerySet
from deadlines.rules import Limit, Thresholds

VERIFIED = "verified"


class ClockRule(models.Model):
    """One limit of one article, in one version; running clocks keep what they started with."""

    code = models.CharField(_("rule"), max_length=20)
    version = models.PositiveIntegerField(_("version"), default=1)
    domain = models.CharField(_("domain"), max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=RuleKind)
    start_event = models.CharField(_("counted from"), max_length=120)
    applies_to = models.CharField(_("applies to"), max_length=200, blank=True)
    debtor = models.CharField(_("owed by"), max_length=10, choices=Debtor)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    amount = models.PositiveIntegerField(_("length of the limit"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=12, choices=Unit)
    promise = models.PositiveIntegerField(_("promised limit"), null=True, blank=True)
    end_roll = models.BooleanField(_("ends on the next working day"), default=False)
    ext_amount = models.PositiveIntegerField(_("extension"), null=True, blank=True)
    ext_unit = models.CharField(_("unit of extension"), max_length=12, choices=Unit, blank=True)
    ext_times = models.PositiveIntegerField(_("times extended"), default=0)
    ext_approver = models.CharField(_("extension approved by"), max_length=60, blank=True)
    suspend_on = models.TextField(_("grounds that stop it"), blank=True)
    effect = models.CharField(_("legal effect of expiry"), max_length=30, blank=True)
    on_expiry = models.CharField(_("on expiry"), max_length=200, blank=True)
    effective_from = models.DateField(_("in force from"), null=True, blank=True)
    effective_to = models.DateField(_("in force until"), null=True, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    law_file = models.CharField(_("text at hand"), max_length=120, blank=True)
    confidence = models.CharField(_("confidence"), max_length=40)
    late_receipt = models.CharField(
        _("late receipt"), max_length=16, choices=LateReceipt, blank=True, default=""
    )
    thresholds = models.JSONField(_("thresholds"), default=dict, blank=True)

    objects = ClockRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("time limit rule")
        verbose_name_plural = _("time limit rules")
        ordering = ("code", "-version")
        constraints = (
            models.UniqueConstraint(
                fields=("code", "version"), name="a_rule_numbers_its_versions_once"
            ),
            models.CheckConstraint(
                condition=models.Q(promise__isnull=True)
                | models.Q(amount__isnull=True)
                | models.Q(promise__lte=models.F("amount")),
                name="a_rule_promises_no_more_than_the_law_allows",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.legal_basis}".strip()

    @property
    def is_verified(self) -> bool:
        """Whether it may issue cards: checked against the text, which is at hand."""
        return self.confidence == VERIFIED and bool(self.law_file)

    @property
    def grounds(self) -> list[str]:
        """Grounds on which the law stops it."""
        return [ground.strip() for ground in self.suspend_on.split(";") if ground.strip()]

    def limit(self, named_on: date | None = None) -> Limit | None:
        """The statutory limit; a rule that names a day needs that day."""
        if self.unit == Unit.NAMED_DATE:
            return Limit(0, Unit.NAMED_DATE, named_on) if named_on else None
        return None if self.amount is None else Limit(self.amount, Unit(self.unit))

    def promised_limit(self) -> Limit | None:
        """The promise the rule itself carries, if any."""
        return None if self.promise is None else Limit(self.promise, Unit(self.unit))

    def figures(self) -> Thresholds:
        """When the rungs of its clocks are reached."""
        return Thresholds.from_data(self.thresholds)
