"""Every read of clocks, rules and calendars, by name."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from common.querysets import PartQuerySet
from deadlines.choices import OPEN_STATES, ClockState, Debtor, StageKey
from organisations.querysets import ScopedQuerySet


def running_down(path: str = "") -> Q:
    """Clocks whose first due no open pause holds back; a held due is a projection only.

    ``path`` leads to the clock, such as ``clock__``.
    """
    first = f"{path}promised_due_at__isnull"
    promise = Q(**{first: False, f"{path}promise_stopped": False})
    statute = Q(**{first: True, f"{path}statute_stopped": False})
    return promise | statute


def past_statute(at: datetime, path: str = "") -> Q:
    """Clocks past the statutory due that no open pause holds back."""
    return Q(**{f"{path}statutory_due_at__lte": at, f"{path}statute_stopped": False})


def overdue(at: datetime, path: str = "") -> Q:
    """Clocks past a due that no open pause holds back: what every list and figure means by late."""
    first = Q(**{f"{path}due_at__lte": at}) & running_down(path)
    return first | past_statute(at, path)


class ClockQuerySet(ScopedQuerySet):
    """Clocks by state and time. The first call at every door is ``visible_to``."""

    region_path: ClassVar[str] = "region_code"
    unit_path: ClassVar[str] = "department_id"

    def open(self) -> Self:
        """Running or paused."""
        return self.filter(state__in=OPEN_STATES)

    def running(self) -> Self:
        """Running, not paused."""
        return self.filter(state=ClockState.RUNNING)

    def finished(self) -> Self:
        """Brought to an end."""
        return self.filter(state=ClockState.FINISHED)

    def owed_by_units(self) -> Self:
        """Those whose act a unit owes: the only ones that issue cards."""
        return self.filter(debtor=Debtor.UNIT)

    def overdue(self, at: datetime) -> Self:
        """Open and past a due that no pause holds back."""
        return self.open().filter(overdue(at))

    def past_statute(self, at: datetime) -> Self:
        """Open and past the statutory due, not paused."""
        return self.open().filter(past_statute(at))

    def finished_late(self) -> Self:
        """Finished after the first of their dues, or never done, so that the law ended them."""
        late = Q(state=ClockState.FINISHED, finished_at__gt=models.F("due_at"))
        return self.filter(late | Q(state=ClockState.LAPSED))

    def due_on(self, day: date) -> Self:
        """Open and ending on ``day``; a held due is not expected yet."""
        return self.open().filter(running_down(), due_on=day)

    def due_between(self, first: date, last: date) -> Self:
        """Open and ending on a day of the span, both included; held ones do not."""
        return self.open().filter(running_down(), due_on__range=(first, last))

    def of_kind(self, *kinds: str) -> Self:
        """Of these kinds of subject."""
        return self.filter(subject_kind__in=kinds)

    def lit(self, light: str) -> Self:
        """Open, with this light on."""
        return self.open().filter(light=light)

    def with_stage_due(self, at: datetime) -> Self:
        """Those the sweep must look at, longest waiting first; put-aside ones rest."""
        rests = Q(aside_until__isnull=True) | Q(aside_until__lte=at)
        return self.filter(rests, next_stage_at__lte=at).order_by("next_stage_at", "pk")

    def with_effect_planned(self) -> Self:
        """Those whose expiry the law attaches an effect to that has not come yet."""
        return self.open().filter(plan__has_key=str(StageKey.EFFECT))

    def on_older_calendar(self, edition: Any) -> Self:
        """Open, and not yet counted on ``edition``, in the order of their keys."""
        older = type(edition).objects.exclude(pk=edition.pk).values_list("pk", flat=True)
        return self.open().filter(calendar_id__in=list(older)).order_by("pk")

    def by_due(self) -> Self:
        """Whose time ends first comes first."""
        return self.order_by("due_at", "pk")

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("department", "handler", "service_point", "rule")


class ClockRuleQuerySet(models.QuerySet[Any]):
    """Rules by code and day."""

    def visible_to(self, user: Any) -> Self:
        """The law is open to everyone signed in."""
        return self if user.is_authenticated else self.none()

    def in_force(self, day: date) -> Self:
        """Rules that govern a start on ``day``."""
        begun = Q(effective_from__isnull=True) | Q(effective_from__lte=day)
        lasting = Q(effective_to__isnull=True) | Q(effective_to__gte=day)
        return self.filter(begun, lasting)

    def current(self, code: str, day: date) -> Any:
        """The newest version of rule ``code`` in force on ``day``, or None."""
        return self.in_force(day).filter(code=code).order_by("-version").first()


class CalendarQuerySet(models.QuerySet[Any]):
    """Versions of the calendar and their days."""

    def visible_to(self, user: Any) -> Self:
        """The calendar is open to everyone signed in."""
        return self if user.is_authenticated else self.none()

    def newest(self) -> Any:
        """The version that counts today, or None."""
        return self.order_by("-number").first()

    def standing(self) -> Self:
        """Closures that have not been taken back."""
        return self.filter(revoked_at__isnull=True).order_by("first_on", "pk")


class StageFireQuerySet(PartQuerySet):
    """Rungs reached."""

    def of_epoch(self, clock: Any) -> Self:
        """Those of the clock's present epoch, in the order they were reached."""
        return self.filter(clock=clock, epoch=clock.epoch).order_by("pk")

    def untold(self) -> Self:
        """Those nobody has been told about yet."""
        return self.filter(told_at__isnull=True, inherited=False)

    def unanswered(self, stages: Iterable[str]) -> Self:
        """Cards of these stages that stand unanswered."""
        return self.filter(stage__in=list(stages), answered_at__isnull=True)


class SweepRunQuerySet(models.QuerySet[Any]):
    """Heartbeats of the engine."""

    def visible_to(self, user: Any) -> Self:
        """The engine's health is open to everyone signed in."""
        return self if user.is_authenticated else self.none()

    def last_finished(self) -> Any:
        """The latest completed run, or None."""
        return self.filter(finished_at__isnull=False).order_by("-pk").first()
