"""The rows a figure consists of, two lines each, leading to the thing itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common import time
from inspections.models import (
    CampaignTarget,
    DispatchMember,
    Interview,
    Order,
    Problem,
    SamplingBatch,
    Visit,
)


@dataclass(frozen=True)
class Row:
    """One line of a list of rows."""

    title: str
    sub: str
    side: str = ""
    url: str = ""


def _day(moment: Any) -> str:
    return date_format(time.local_date(moment), "SHORT_DATE_FORMAT")


def _target(target: CampaignTarget) -> Row:
    url = reverse("inspections:target", args=[target.pk])
    return Row(str(target.subject), target.subject.address, url=url)


def _member(member: DispatchMember) -> Row:
    outing = _("outing %(number)s") % {"number": member.dispatch_id}
    return Row(str(member.officer), outing, date_format(member.dispatch.on, "SHORT_DATE_FORMAT"))


def _problem(problem: Problem) -> Row:
    url = reverse("inspections:visit", args=[problem.visit_id])
    return Row(problem.text, problem.visit.subject_name, str(problem.get_state_display()), url)


def _order(order: Order) -> Row:
    url = reverse("inspections:order", args=[order.pk])
    return Row(order.number, order.visit.subject_name, str(order.get_state_display()), url)


def _visit(visit: Visit) -> Row:
    url = reverse("inspections:visit", args=[visit.pk])
    return Row(visit.subject_name, str(visit.get_outcome_display()), _day(visit.submitted_at), url)


def _interview(interview: Interview) -> Row:
    return Row(str(interview.subject), interview.reason, _day(interview.held_at))


def _batch(batch: SamplingBatch) -> Row:
    return Row(f"{batch.code} {batch.product}", str(batch.subject), str(batch.get_result_display()))


_ROWS: dict[type, Callable[[Any], Row]] = {
    CampaignTarget: _target,
    DispatchMember: _member,
    Problem: _problem,
    Order: _order,
    Visit: _visit,
    Interview: _interview,
    SamplingBatch: _batch,
}


def row_of(thing: object) -> Row:
    """The line that stands for the thing in a list of rows."""
    return _ROWS[type(thing)](thing)
