"""Under which rules one inspects, and what is inspected."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from inspections.choices import RiskGrade, SubjectType, VisitOutcome
from inspections.querysets import ProfileQuerySet, SubjectQuerySet


class ProgrammeProfile(models.Model):
    """The one switch between market regulation and streets: titles, numbers, outcomes, as data."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    order_title = models.CharField(_("title of the order"), max_length=60)
    paper_kind = models.CharField(_("kind of paper"), max_length=60)
    number_pattern = models.CharField(
        _("number pattern"),
        max_length=80,
        help_text=_("{unit}, {year} and {number} are filled in"),
    )
    needs_two_officers = models.BooleanField(_("needs two officers"), default=True)
    allowed_outcomes = models.JSONField(_("allowed outcomes"), default=list)
    publishes_results = models.BooleanField(_("results are published"), default=False)
    due_workdays = models.PositiveSmallIntegerField(_("usual working days to correct"), default=5)
    recheck_workdays = models.PositiveSmallIntegerField(
        _("working days to the re-inspection"), default=3
    )
    default_requirement = models.CharField(_("usual requirement"), max_length=200, blank=True)
    legal_basis = models.CharField(_("legal basis of the order"), max_length=300, blank=True)
    consequence = models.CharField(_("what follows if ignored"), max_length=300, blank=True)
    review_organ = models.CharField(_("organ of review"), max_length=120, blank=True)
    court = models.CharField(_("court"), max_length=120, blank=True)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection programme")
        verbose_name_plural = _("inspection programmes")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def always_order(self) -> bool:
        """Whether every problem calls for an order, even one fixed on the spot."""
        return VisitOutcome.FIXED_ON_SITE not in self.allowed_outcomes


class Subject(models.Model):
    """Whoever or whatever is inspected; shared by all campaigns."""

    subject_type = models.CharField(_("type"), max_length=20, choices=SubjectType)
    name = models.CharField(_("name"), max_length=120)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    region_code = models.CharField(_("region code"), max_length=12, db_index=True)
    department = models.ForeignKey(
        "organisations.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("supervising unit"),
    )
    risk_grade = models.CharField(_("risk grade"), max_length=1, choices=RiskGrade, blank=True)
    attributes = models.JSONField(_("further facts"), default=dict, blank=True)
    initials = models.CharField(
        _("pinyin initials"), max_length=120, blank=True, editable=False, db_index=True
    )

    objects = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspected subject")
        verbose_name_plural = _("inspected subjects")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("subject_type", "name", "region_code"),
                name="a_subject_is_registered_once",
            ),
        )

    def __str__(self) -> str:
        return self.name
