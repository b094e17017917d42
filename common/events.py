"""What happened: append-only events, chained per subject by HMAC-SM3.

The subject's row lock, held by the calling service, serialises the writers; the
timeline a person reads and the evidence an auditor checks are the same rows.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import crypto, time
from common.append_only import AppendOnly
from common.canonical import CanonicalJSONField, canonical_json
from common.querysets import PartQuerySet

GENESIS = "0" * 64


class EventQuerySet(PartQuerySet):
    """Reads of one kind of event, each a part of its subject."""

    part_field: ClassVar[str] = "subject_field"

    def visible_to(self, user: Any) -> Self:
        """What happened to subjects the user may see; nothing for the public."""
        return super().visible_to(user) if user.is_authenticated else self.none()

    def for_subject(self, subject_id: int) -> Self:
        """The subject's events in the order they happened, with their actors."""
        column = f"{self.model.subject_field}_id"
        return self.filter(**{column: subject_id}).select_related("actor").order_by("seq")


class EventBase(AppendOnly):
    """One fact about one subject; a subclass names the key in ``subject_field``."""

    subject_field: ClassVar[str]

    seq = models.PositiveIntegerField(_("number in the chain"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("actor"),
    )
    post_label = models.CharField(_("post"), max_length=120, blank=True)
    at = models.DateTimeField(_("time"))
    verb = models.CharField(_("verb"), max_length=64)
    note = models.TextField(_("note"), blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    data = CanonicalJSONField(_("data"))
    proof = CanonicalJSONField(_("proof"))
    previous_mac = models.CharField(max_length=64, editable=False)
    mac = models.CharField(max_length=64, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("seq",)

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"

    @property
    def subject_id(self) -> int:
        """The key of the subject this event belongs to."""
        return int(getattr(self, f"{self.subject_field}_id"))

    def spelled(self) -> str:
        """The canonical text the MAC covers, previous MAC included."""
        return canonical_json(
            [
                self.previous_mac,
                self._meta.label_lower,
                self.subject_id,
                self.seq,
                self.actor_id,
                self.post_label,
                self.at.astimezone(UTC).isoformat(timespec="microseconds"),
                self.verb,
                self.note,
                self.legal_basis,
                self.data,
                self.proof,
            ],
        )

    def computed_mac(self) -> str:
        """The MAC these facts must carry, 64 hex digits."""
        return crypto.hmac_sm3(settings.CHAIN_KEY, self.spelled().encode()).hex()

    @classmethod
    def append(
        cls,
        subject: models.Model,
        *,
        actor: Any,
        verb: str,
        note: str = "",
        legal_basis: str = "",
        data: Mapping[str, Any] | None = None,
        proof: Mapping[str, Any] | None = None,
        at: datetime | None = None,
    ) -> Self:
        """The stored next event of the subject, whose row lock the caller holds."""
        last = cls.objects.filter(**{cls.subject_field: subject}).order_by("-seq").first()
        event = cls.after(
            last,
            subject,
            actor=actor,
            verb=verb,
            note=note,
            legal_basis=legal_basis,
            data=data,
            proof=proof,
            at=at,
        )
        event.save(force_insert=True)
        return event

    @classmethod
    def after(
        cls,
        last: Self | None,
        subject: models.Model,
        *,
        actor: Any,
        verb: str,
        note: str = "",
        legal_basis: str = "",
        data: Mapping[str, Any] | None = None,
        proof: Mapping[str, Any] | None = None,
        at: datetime | None = None,
    ) -> Self:
        """The event that follows ``last`` in the subject's chain, not stored yet.

        ``last`` is None only for a subject that was stored in this transaction: nobody else
        can have written of it, so nothing is looked up.
        """
        event = cls(
            seq=last.seq + 1 if last else 1,
            actor=actor,
            post_label=str(getattr(actor, "post_label", "") or "")[:120],
            at=at or time.now(),
            verb=str(verb),
            note=note,
            legal_basis=legal_basis,
            data=dict(data or {}),
            proof=dict(proof or {}),
            previous_mac=last.mac if last else GENESIS,
            **{cls.subject_field: subject},
        )
        event.mac = event.computed_mac()
        return event


def chain_faults(events: Iterable[EventBase]) -> list[str]:
    """What is wrong with one subject's events, given in order; empty if nothing is."""
    faults, previous = [], GENESIS
    for place, event in enumerate(events, start=1):
        if event.seq != place:
            faults.append(f"{event}: expected number {place}")
        if event.previous_mac != previous:
            faults.append(f"{event}: does not follow the event before it")
        if event.mac != event.computed_mac():
            faults.append(f"{event}: its facts were altered")
        previous = event.mac
    return faults
