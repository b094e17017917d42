"""Somebody asked here for what is done elsewhere: he is not sent away, the matter is (首问负责)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import time
from common.events import EventBase
from common.sealing import ERASED, SealedField, SealedModel, mask_mobile, mask_name
from intake.choices import ContactSide, FirstContactState
from intake.querysets import FirstContactQuerySet
from intake.transitions import FIRST_CONTACT_FLOW

RECORD = "record_contact"
REVEAL = "reveal_contact"
ERASE = "erase_contact"
OTHER_LABELS = {
    RECORD: _("first contact recorded"),
    REVEAL: _("personal data shown"),
    ERASE: _("personal data erased"),
}


class FirstContact(SealedModel):
    """What somebody wanted, who was asked first, and where it lies.

    Name and telephone lie under a data key of their own, which is erased some days after the
    answer (个人信息保护法 19: the shortest time that is needed); the course of the matter stays.
    """

    token = models.CharField(max_length=64, unique=True, editable=False)
    wanted = models.CharField(_("what is wanted"), max_length=200)
    person = SealedField(_("name and telephone"))
    point = models.ForeignKey(
        "organisations.ServicePoint",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("asked first at"),
    )
    region_code = models.CharField(_("region"), max_length=12, db_index=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("asked first"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=time.now, editable=False)
    receiver_unit = models.ForeignKey(
        "organisations.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handed to the unit"),
    )
    receiver_point = models.ForeignKey(
        "organisations.ServicePoint",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handed to the point"),
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken up by"),
    )
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=FirstContactState,
        default=FirstContactState.RECORDED,
        editable=False,
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    erase_at = models.DateTimeField(
        _("personal data kept until"), null=True, blank=True, editable=False, db_index=True
    )
    clock = models.ForeignKey(
        "deadlines.Clock",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("time limit"),
    )
    clocks = models.ManyToManyField(
        "deadlines.Clock",
        related_name="first_contacts",
        blank=True,
        editable=False,
        verbose_name=_("time limits"),
    )

    objects = FirstContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("first contact")
        verbose_name_plural = _("first contacts")
        ordering = ("-recorded_at", "-pk")
        permissions = (
            ("record_first_contact", "May: record first contact"),
            ("answer_first_contact", "May: answer first contact"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=(FirstContactState.RECORDED, FirstContactState.ANSWERED))
                | Q(receiver_unit__isnull=False),
                name="a_contact_handed_over_has_its_receiver",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=FirstContactState.ANSWERED,
                    answered_at__isnull=False,
                    erase_at__isnull=False,
                )
                | (
                    ~Q(state=FirstContactState.ANSWERED)
                    & Q(answered_at__isnull=True, erase_at__isnull=True)
                ),
                name="an_answered_contact_and_only_that_is_over",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """SW20261125-12: the day and the row, short enough to be told."""
        return f"SW{time.local_date(self.recorded_at):%Y%m%d}-{self.pk}"

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return FIRST_CONTACT_FLOW.label_of(self.state)

    @property
    def receiver(self) -> str:
        """Where it was handed to; empty while it lies where it was asked."""
        return str(self.receiver_point or self.receiver_unit or "")

    @property
    def masked_person(self) -> str:
        """Name and telephone as far as a list shows them."""
        if self.is_erased:
            return str(ERASED)
        known = self.known_person()
        parts = (mask_name(known.get("name", "")), mask_mobile(known.get("telephone", "")))
        return " ".join(part for part in parts if part)

    def known_person(self) -> dict[str, str]:
        """Name and telephone; empty once erased."""
        found = self.reveal_json("person")
        return found if isinstance(found, dict) else {}

    def side_of(self, user: Any) -> frozenset[str]:
        """On which sides of the matter the user stands."""
        posts = user.acting_posts
        sides = set()
        if any(post.point_id == self.point_id for post in posts):
            sides.add(str(ContactSide.GIVER))
        if any(self._is_receiver(post) for post in posts):
            sides.add(str(ContactSide.RECEIVER))
        return frozenset(sides)

    def _is_receiver(self, post: Any) -> bool:
        if self.receiver_point_id:
            return bool(post.point_id == self.receiver_point_id)
        return self.receiver_unit_id is not None and post.unit_id == self.receiver_unit_id


class FirstContactEvent(EventBase):
    """One fact of a first contact, chained per contact."""

    subject_field: ClassVar[str] = "contact"

    contact = models.ForeignKey(
        FirstContact,
        on_delete=models.PROTECT,
        related_name="events",
        verbose_name=_("first contact"),
    )

    class Meta(EventBase.Meta):
        verbose_name = _("event of a first contact")
        verbose_name_plural = _("events of first contacts")
        constraints = (
            models.UniqueConstraint(
                fields=("contact", "seq"), name="a_contact_numbers_its_events_once"
            ),
        )

    @property
    def label(self) -> str:
        """What happened, in the reader's language."""
        if self.verb in OTHER_LABELS:
            return str(OTHER_LABELS[self.verb])
        return str(FIRST_CONTACT_FLOW.by_name(self.verb).label)
