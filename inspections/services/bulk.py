"""Whole visits in one call, through the same services, for the sample district and drills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from common import time
from inspections.choices import AnswerResult, ItemResult
from inspections.models import Order, Visit
from inspections.services.evidence import attach_photo
from inspections.services.orders import (
    OrderItemInput,
    default_due_on,
    issue_order,
)
from inspections.services.rechecks import ItemFinding, recheck_visit
from inspections.services.visits import (
    AnswerInput,
    answer_items,
    open_visit,
    submit_visit,
)
from organisations.models import User


@dataclass(frozen=True)
class Failure:
    """What is wrong with one item, and what the order shall ask."""

    text: str
    requirement: str
    standard: str = ""
    photo: Any = None


@transaction.atomic
def walk_visit(
    *,
    actor: User,
    target_id: int,
    dispatch_id: int,
    failures: Mapping[str, Failure] | None = None,
    not_applicable: Sequence[str] = (),
    due_on: date | None = None,
    client_uuid: UUID | None = None,
) -> tuple[Visit, Order | None]:
    """A submitted visit, and its order if an item failed; ``failures`` are by item code.

    Move time around the call with ``common.time.travel``. Raises what the single verbs raise.
    """
    failures = failures or {}
    visit = open_visit(
        actor=actor,
        target_id=target_id,
        dispatch_id=dispatch_id,
        client_uuid=client_uuid or uuid4(),
    )
    submit_filled(actor=actor, visit=visit, failures=failures, not_applicable=not_applicable)
    visit.refresh_from_db()
    if not failures or not visit.order_is_due:
        return visit, None
    return visit, _usual_order(actor, visit, failures, due_on)


def _usual_order(
    actor: User, visit: Visit, failures: Mapping[str, Failure], due_on: date | None
) -> Order:
    """The order as an officer would issue it on the spot."""
    lines = [
        OrderItemInput(
            problem_id=problem.pk,
            requirement=failures[problem.item_code].requirement,
            standard=failures[problem.item_code].standard,
        )
        for problem in visit.problems.live()
    ]
    return issue_order(
        actor=actor,
        visit_id=visit.pk,
        due_on=due_on or default_due_on(visit.target.campaign.profile, time.today()),
        items=lines,
        client_uuid=uuid4(),
    )


@transaction.atomic
def submit_filled(
    *,
    actor: User,
    visit: Visit,
    failures: Mapping[str, Failure],
    not_applicable: Sequence[str] = (),
) -> Visit:
    """The draft is filled in, all else passing, its photos kept, and submitted."""
    answers = {}
    for answer in visit.answers.select_related("item"):
        code = answer.item.code
        result = AnswerResult.NOT_APPLICABLE if code in not_applicable else AnswerResult.PASS
        if code in failures:
            result = AnswerResult.FAIL
        text = failures[code].text if code in failures else ""
        answers[answer.item_id] = AnswerInput(result=result, text=text)
    answer_items(actor=actor, visit_id=visit.pk, answers=answers)
    for problem in visit.problems.live():
        photo = failures[problem.item_code].photo
        if photo is not None:
            attach_photo(actor=actor, visit_id=visit.pk, upload=photo, problem_id=problem.pk)
    return submit_visit(actor=actor, visit_id=visit.pk)


@transaction.atomic
def correct_everything(*, actor: User, order: Order, dispatch_id: int, note: str = "") -> Visit:
    """A re-inspection that finds every open item of the order corrected."""
    follow_up = order.follow_ups.pending().get()
    return recheck_visit(
        actor=actor,
        follow_up_id=follow_up.pk,
        dispatch_id=dispatch_id,
        findings={
            item.pk: ItemFinding(ItemResult.CORRECTED, note) for item in order.items.unsettled()
        },
        client_uuid=uuid4(),
    )
