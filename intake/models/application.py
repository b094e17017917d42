"""An application: one form, one set of materials, one receipt."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Bundle
from common import time
from common.sealing import SealedField, SealedModel
from documents.models import Paper
from intake.choices import AgentRole, Channel
from intake.models.applicant import Applicant
from intake.querysets import ApplicationQuerySet
from intake.rules.numbers import grouped_check
from organisations.models import ServicePoint, Window


class Application(SealedModel):
    """What one applicant handed in at one time; its cases go their own ways."""

    number = models.CharField(_("receipt number"), max_length=40, unique=True)
    check_code = models.CharField(_("check characters"), max_length=8)
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="applications",
        verbose_name=_("applicant"),
    )
    point = models.ForeignKey(
        ServicePoint,
        on_delete=models.PROTECT,
        related_name="applications",
        verbose_name=_("service point"),
    )
    window = models.ForeignKey(
        Window,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("window"),
    )
    region_code = models.CharField(_("region"), max_length=12, db_index=True)
    channel = models.CharField(_("door"), max_length=10, choices=Channel)
    form = SealedField(_("application form"))
    agent = SealedField(_("agent"))
    received_at = models.DateTimeField(_("handed in at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("taken in by"),
    )
    created_at = models.DateTimeField(_("stored at"), default=time.now, editable=False)
    receipt = models.ForeignKey(
        Paper,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("receipt"),
    )
    bundle = models.ForeignKey(
        Bundle,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("bundle"),
    )
    submission_token = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - many may lack one, none may share one

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(check_code__regex=r"^[2-9A-HJ-NP-Z]{8}$"),
                name="check_characters_are_eight_clear_signs",
            ),
        )

    def __str__(self) -> str:
        return self.number

    opened: Sequence[Any] = ()
    """Its cases while they are at hand, in their order; empty once it was read anew."""

    @property
    def shown_cases(self) -> Iterable[Any]:
        """Its cases as a list shows them: read already, or read now."""
        return self.opened or self.cases.all()

    @property
    def spoken_check_code(self) -> str:
        """The check characters in two groups."""
        return grouped_check(self.check_code)

    @property
    def is_online(self) -> bool:
        """Whether it came through another door than the window."""
        return self.channel != Channel.WINDOW

    @property
    def place_text(self) -> str:
        """Point and window as papers name them."""
        return f"{self.point} {self.window}" if self.window else str(self.point)

    def answers_to(self, version_id: int) -> dict[str, Any]:
        """What was filled in for one item version; empty if nothing or erased."""
        answers = self.reveal_json("form").get(str(version_id), {})
        return answers if isinstance(answers, dict) else {}

    def agent_facts(self) -> dict[str, str]:
        """Who handed in for the applicant; empty if he came himself."""
        facts = self.reveal_json("agent")
        if not isinstance(facts, dict):
            return {}
        role = facts.get("role")
        return {**facts, "role_label": str(AgentRole(role).label)} if role else facts
