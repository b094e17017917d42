"""Every figure of a campaign, re-derived from its rows as of the end of a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.errors import NotFound
from inspections.choices import BatchResult
from inspections.models import (
    Campaign,
    CampaignTarget,
    DispatchMember,
    Interview,
    Order,
    Problem,
    SamplingBatch,
    Visit,
)
from organisations.models import User

Build = Callable[[Campaign, User, "date | None"], Any]


@dataclass(frozen=True)
class Figure:
    """A number that is the count of ``rows`` and nothing else."""

    key: str
    label: str | Promise
    rule: str | Promise
    rows: Any

    @cached_property
    def count(self) -> int:
        """How many rows there are."""
        return int(self.rows.count())


def _targets(campaign: Campaign, user: User, as_of: date | None) -> Any:
    return CampaignTarget.objects.visible_to(user).filter(campaign=campaign).live(as_of)


def _visited(campaign: Campaign, user: User, as_of: date | None) -> Any:
    return CampaignTarget.objects.visible_to(user).filter(campaign=campaign).visited(as_of)


def _todo(campaign: Campaign, user: User, as_of: date | None) -> Any:
    return CampaignTarget.objects.visible_to(user).filter(campaign=campaign).todo(as_of)


def _faulty(campaign: Campaign, user: User, as_of: date | None) -> Any:
    return CampaignTarget.objects.visible_to(user).filter(campaign=campaign).with_problems(as_of)


def _person_times(campaign: Campaign, user: User, as_of: date | None) -> Any:
    rows = DispatchMember.objects.visible_to(user).filter(dispatch__campaign=campaign)
    return rows.as_of(as_of).order_by("-dispatch__on", "pk")


def _problems(campaign: Campaign, user: User, as_of: date | None) -> Any:
    rows = Problem.objects.visible_to(user).filter(visit__target__campaign=campaign)
    return rows.counted(as_of).order_by("-recorded_at")


def _orders(campaign: Campaign, user: User, as_of: date | None) -> Any:
    rows = Order.objects.visible_to(user).filter(visit__target__campaign=campaign)
    return rows.issued_by_day(as_of)


def _closed_orders(campaign: Campaign, user: User, as_of: date | None) -> Any:
    rows = Order.objects.visible_to(user).filter(visit__target__campaign=campaign)
    return rows.closed_by_day(as_of)


def _rechecks(campaign: Campaign, user: User, as_of: date | None) -> Any:
    rows = Visit.objects.visible_to(user).filter(target__campaign=campaign)
    return rows.rechecks().counted(as_of)


def _interviews(campaign: Campaign, user: User, as_of: date | None) -> Any:
    return Interview.objects.visible_to(user).filter(campaign=campaign).as_of(as_of)


def _batches(campaign: Campaign, user: User, as_of: date | None) -> Any:
    return SamplingBatch.objects.visible_to(user).filter(campaign=campaign).as_of(as_of)


def _failed_batches(campaign: Campaign, user: User, as_of: date | None) -> Any:
    return _batches(campaign, user, as_of).filter(result=BatchResult.FAIL)


FIGURES: dict[str, tuple[str | Promise, str | Promise, Build]] = {
    "targets": (
        _("subjects to inspect"),
        _("subjects on the list, without excluded ones"),
        _targets,
    ),
    "visited": (
        _("subjects inspected"),
        _("subjects with a submitted first inspection that was not voided"),
        _visited,
    ),
    "todo": (_("subjects still to inspect"), _("subjects on the list not inspected yet"), _todo),
    "person_times": (
        _("person-times"),
        _("one officer on one outing counts once; two outings on one day count twice"),
        _person_times,
    ),
    "faulty": (
        _("subjects with problems"),
        _("inspected subjects at which a problem was found"),
        _faulty,
    ),
    "problems": (
        _("problems found"),
        _("problems of submitted inspections, without withdrawn ones"),
        _problems,
    ),
    "orders": (_("orders issued"), _("orders issued and not revoked"), _orders),
    "closed_orders": (
        _("orders closed"),
        _("orders whose every item was found corrected"),
        _closed_orders,
    ),
    "rechecks": (_("re-inspections made"), _("submitted re-inspections"), _rechecks),
    "interviews": (_("interviews held"), _("interviews on record"), _interviews),
    "batches": (_("batches sampled"), _("one row is one sampled lot of one product"), _batches),
    "failed_batches": (
        _("batches that failed"),
        _("sampled batches that do not conform"),
        _failed_batches,
    ),
}


def figure_of(campaign: Campaign, key: str, *, user: User, as_of: date | None = None) -> Figure:
    """The figure called ``key`` of the campaign, within the user's sight.

    Raises:
        NotFound: there is no such figure.
    """
    if key not in FIGURES:
        raise NotFound
    label, rule, build = FIGURES[key]
    return Figure(key, label, rule, build(campaign, user, as_of))


def campaign_figures(
    campaign: Campaign, *, user: User, as_of: date | None = None
) -> dict[str, Figure]:
    """Every figure of the campaign by key, within the user's sight."""
    return {key: figure_of(campaign, key, user=user, as_of=as_of) for key in FIGURES}
