"""Cards by who may see them, who holds them, and whether they still stand."""

from typing import Any, ClassVar, Self

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from common.querysets import PartQuerySet
from organisations.querysets import ScopedQuerySet, scope_for
from supervision.choices import CardColour, CardSource, CardState

HOLDERS_WORDS = ("answer", "appeal")


class CardQuerySet(ScopedQuerySet):
    """Cards within the scope of a region or unit; everyone sees his own."""

    region_path: ClassVar[str] = "region_code"
    unit_path: ClassVar[str] = "unit_id"

    def visible_to(self, user: Any) -> Self:
        """Cards of the user's regions and units, and those he holds himself."""
        scope = scope_for(user)
        if scope.everything:
            return self
        return self.filter(self.scope_condition(scope) | Q(person_id=user.pk))

    def held_by(self, user: Any) -> Self:
        """Cards the user answers for: his own and those of the units of his posts."""
        units = {post.unit_id for post in user.acting_posts}
        return self.filter(Q(person_id=user.pk) | Q(unit_id__in=units))

    def standing(self) -> Self:
        """Neither revoked nor answered."""
        return self.exclude(state=CardState.REVOKED).filter(answered_at__isnull=True)

    def in_force(self) -> Self:
        """Not revoked, whether answered or not."""
        return self.exclude(state=CardState.REVOKED)

    def red(self) -> Self:
        """Red ones."""
        return self.filter(colour=CardColour.RED)

    def of_epoch(self, clock_id: int, epoch: int) -> Self:
        """Those written for one epoch of a clock."""
        return self.filter(clock_id=clock_id, epoch=epoch)

    def of_stage(self, stage: str) -> Self:
        """Those a stage wrote."""
        return self.filter(source=CardSource.STAGE, stage=stage)

    def waiting(self) -> Self:
        """Answered or appealed, and not decided since; the longest waiting first."""
        since = Coalesce(Greatest("answered_at", "appealed_at"), "answered_at", "appealed_at")
        undecided = self.filter(state__in=(CardState.ANSWERED, CardState.APPEALED))
        return undecided.alias(since=since).order_by("since", "pk")

    def with_last_word(self) -> Self:
        """With ``last_word``: what the holder wrote last."""
        events = self.model._meta.get_field("events").related_model.objects
        said = events.filter(card=OuterRef("pk"), verb__in=HOLDERS_WORDS).order_by("-seq")
        return self.annotate(last_word=Subquery(said.values("note")[:1]))

    def worst_first(self) -> Self:
        """Red before yellow, the newest first."""
        return self.order_by("colour", "-written_at", "-pk")

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("unit", "person", "clock")

    def tally(self) -> dict[str, int]:
        """How many stand by colour, are under appeal, are in force, were revoked."""
        open_ = Q(answered_at__isnull=True) & ~Q(state=CardState.REVOKED)
        counts = {
            "yellow": Count("pk", filter=open_ & Q(colour=CardColour.YELLOW)),
            "red": Count("pk", filter=open_ & Q(colour=CardColour.RED)),
            "appealed": Count("pk", filter=Q(state=CardState.APPEALED)),
            "answered": Count("pk", filter=Q(answered_at__isnull=False)),
            "revoked": Count("pk", filter=Q(state=CardState.REVOKED)),
        }
        return self.aggregate(**counts)


class CardFileQuerySet(PartQuerySet):
    """Files of cards: whoever sees the card sees them."""

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("attachment__data_key").order_by("pk")
