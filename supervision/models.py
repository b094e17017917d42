"""Cards: who let which time pass, and what became of it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import time
from common.events import EventBase
from deadlines.choices import StageKey
from supervision.choices import CardColour, CardSource, CardState
from supervision.querysets import CardFileQuerySet, CardQuerySet
from supervision.rules import is_holder


class Card(models.Model):
    """A yellow or red card, held by a unit and a person, with what it was written for."""

    number = models.CharField(_("number of the card"), max_length=60, blank=True, editable=False)
    colour = models.CharField(_("colour"), max_length=8, choices=CardColour)
    source = models.CharField(_("source"), max_length=10, choices=CardSource)
    clock = models.ForeignKey(
        "deadlines.Clock",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cards",
        verbose_name=_("time limit"),
    )
    epoch = models.PositiveIntegerField(_("epoch"), null=True, blank=True)
    stage = models.CharField(_("stage"), max_length=16, choices=StageKey, blank=True)
    subject_label = models.CharField(_("matter"), max_length=200)
    subject_number = models.CharField(_("number"), max_length=60, blank=True)
    region_code = models.CharField(_("region"), max_length=12, db_index=True)
    unit = models.ForeignKey(
        "organisations.Unit",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("responsible unit"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    reason = models.TextField(_("reason"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    written_at = models.DateTimeField(_("written at"), default=time.now)
    state = models.CharField(
        _("state"),
        max_length=14,
        choices=CardState,
        default=CardState.WRITTEN,
        editable=False,
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    appealed_at = models.DateTimeField(_("appealed at"), null=True, blank=True, editable=False)
    escalated_at = models.DateTimeField(_("escalated at"), null=True, blank=True, editable=False)

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        ordering = ("-written_at", "-pk")
        permissions = (
            ("view_dashboard", "Can look at the supervision dashboards"),
            ("acknowledge_card", "Can acknowledge a card"),
            ("answer_card", "Can answer a card"),
            ("appeal_card", "Can appeal against a card"),
            ("uphold_card", "Can uphold a card"),
            ("revoke_card", "Can revoke a card"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("clock", "epoch", "stage"),
                condition=Q(source=CardSource.STAGE),
                name="a_stage_writes_one_card_an_epoch",
            ),
            models.UniqueConstraint(
                fields=("number",), condition=~Q(number=""), name="a_number_names_one_card"
            ),
            models.CheckConstraint(
                condition=~Q(source=CardSource.STAGE)
                | (Q(clock__isnull=False, epoch__isnull=False) & ~Q(stage="")),
                name="a_card_of_a_stage_names_its_clock",
            ),
        )
        indexes = (
            models.Index(fields=("unit", "state"), name="card_unit_state"),
            models.Index(fields=("person", "state"), name="card_person_state"),
        )

    def __str__(self) -> str:
        return f"{self.get_colour_display()} {self.subject_label} {self.subject_number}".strip()

    def is_held_by(self, user: Any) -> bool:
        """Whether the user may answer for it."""
        return is_holder(
            card_unit=self.unit_id,
            card_person=self.person_id,
            user=user.pk,
            user_units=[post.unit_id for post in user.acting_posts],
            everything=user.scope.everything,
        )


class CardEvent(EventBase):
    """What happened to a card."""

    subject_field: ClassVar[str] = "card"

    card = models.ForeignKey(
        Card, on_delete=models.PROTECT, related_name="events", verbose_name=_("card")
    )

    class Meta:
        verbose_name = _("event of a card")
        verbose_name_plural = _("events of cards")
        ordering = ("seq",)
        constraints = (
            models.UniqueConstraint(fields=("card", "seq"), name="a_card_numbers_its_events_once"),
        )


class CardFile(models.Model):
    """A file that came with an answer or an appeal; its digest stands in the event's proof."""

    part_of: ClassVar[str] = "card"

    card = models.ForeignKey(
        Card, on_delete=models.PROTECT, related_name="files", verbose_name=_("card")
    )
    event = models.ForeignKey(
        CardEvent, on_delete=models.PROTECT, related_name="files", verbose_name=_("came with")
    )
    attachment = models.OneToOneField(
        "documents.Attachment",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("file"),
    )

    objects = CardFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a card")
        verbose_name_plural = _("files of cards")
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.attachment)
