"""Re-inspections: the only way an order is closed, item by item."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common import time
from common.errors import InvalidInput
from deadlines.services import add_workdays_from, finish_clock
from inspections import rules
from inspections.choices import (
    FollowUpState,
    ItemResult,
    OrderState,
    ProblemState,
    VisitKind,
)
from inspections.errors import ConflictingSubmission, FollowUpClosed, NotOnThisOuting
from inspections.models import (
    Dispatch,
    FollowUp,
    ItemCheck,
    Order,
    OrderEvent,
    OrderItem,
    Problem,
    Visit,
    VisitEvent,
)
from inspections.services.authority import locked, must_be_on, must_hold, within_sight
from inspections.services.visits import settle_submission
from inspections.signals import order_closed, visit_submitted
from inspections.transitions import CONDUCT, MOVE_TO_STATE, ORDER_FLOW
from organisations.models import User


@dataclass(frozen=True)
class ItemFinding:
    """What the re-inspection found for one order item."""

    result: str
    note: str = ""


@transaction.atomic
def recheck_visit(
    *,
    actor: User,
    follow_up_id: int,
    dispatch_id: int,
    findings: Mapping[int, ItemFinding],
    client_uuid: UUID,
    started_at: datetime | None = None,
) -> Visit:
    """The re-inspection stands with a finding, by order item id, for each unsettled item.

    All corrected: the order and its clock are closed. Otherwise the order stays open with
    its day, and the next re-inspection is owed. The same ``client_uuid`` is the same visit.

    Raises:
        NotFound: outside the actor's sight.
        NotOnThisOuting: he is not on the outing, or it belongs to another campaign.
        FollowUpClosed: this re-inspection was already made.
        InvalidInput: an item has no finding, or a finding is unknown.
        ConflictingSubmission: the key was used for another order.
    """
    must_hold(actor, CONDUCT)
    follow_up: FollowUp = within_sight(FollowUp.objects, follow_up_id, actor)
    order = locked(Order, follow_up.order_id, actor)
    known = Visit.objects.filter(client_uuid=client_uuid).first()
    if known:
        return _same_order(known, order)
    follow_up = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if follow_up.state != FollowUpState.PENDING:
        raise FollowUpClosed
    items = _checked_items(order, findings)
    visit = _stored_recheck(order, dispatch_id, client_uuid, started_at, actor)
    _record_findings(visit, items, findings)
    _settle_order(order, visit, actor)
    _settle_follow_up(follow_up, visit, order)
    visit_submitted.send(Visit, visit=visit, actor=actor)
    return visit


def _same_order(visit: Visit, order: Order) -> Visit:
    if visit.parent_visit_id != order.visit_id:
        raise ConflictingSubmission
    return visit


def _checked_items(order: Order, findings: Mapping[int, ItemFinding]) -> list[OrderItem]:
    items = list(order.items.unsettled().select_related("problem"))
    known = {ItemResult.CORRECTED, ItemResult.PARTLY, ItemResult.NOT_CORRECTED}
    faults = {
        f"result-{item.pk}": [_("choose a result for this item")]
        for item in items
        if item.pk not in findings or findings[item.pk].result not in known
    }
    if set(findings) - {item.pk for item in items}:
        faults["items"] = [_("this item belongs to another order or is settled")]
    if faults:
        raise InvalidInput(fields=faults)
    return items


def _stored_recheck(
    order: Order,
    dispatch_id: int,
    client_uuid: UUID,
    started_at: datetime | None,
    actor: User,
) -> Visit:
    first = order.visit
    dispatch: Dispatch = within_sight(Dispatch.objects, dispatch_id, actor)
    if dispatch.campaign_id != first.target.campaign_id:
        raise NotOnThisOuting
    must_be_on(dispatch, actor)
    visit = Visit.objects.create(
        target_id=first.target_id,
        dispatch=dispatch,
        kind=VisitKind.RECHECK,
        parent_visit=first,
        client_uuid=client_uuid,
        subject_name=first.subject_name,
        subject_address=first.subject_address,
        region_code=first.region_code,
        department_id=first.department_id,
        opened_by=actor,
        started_at=started_at or time.now(),
    )
    VisitEvent.append(visit, actor=actor, verb="open", data={"order": order.number})
    return visit


def _record_findings(
    visit: Visit, items: list[OrderItem], findings: Mapping[int, ItemFinding]
) -> None:
    """Each finding is a row; item and problem carry the latest one."""
    for item in items:
        item.result = ItemResult(findings[item.pk].result)
        corrected = item.result == ItemResult.CORRECTED
        item.problem.state = ProblemState.CORRECTED if corrected else ProblemState.NOT_CORRECTED
    ItemCheck.objects.bulk_create(
        ItemCheck(
            visit=visit,
            item=item,
            result=item.result,
            note=findings[item.pk].note.strip()[:500],
        )
        for item in items
    )
    OrderItem.objects.bulk_update(items, ["result"])
    Problem.objects.bulk_update([item.problem for item in items], ["state"])


def _settle_order(order: Order, visit: Visit, actor: User) -> None:
    """Order, clock and visit carry what the findings come to."""
    state = rules.order_state(order.items.values_list("result", flat=True))
    move = ORDER_FLOW.by_name(MOVE_TO_STATE[state])
    ORDER_FLOW.check(move, order, actor)
    ORDER_FLOW.apply(move, order)
    if state == OrderState.CORRECTED:
        order.closed_at = time.now()
    order.save(update_fields=["state", "closed_at"])
    settle_submission(visit, actor=actor, outcome=rules.recheck_outcome(state), problems=0)
    OrderEvent.append(order, actor=actor, verb=move.name, data={"visit": visit.pk})
    if state == OrderState.CORRECTED:
        if order.clock_id:
            finish_clock(clock_id=order.clock_id, actor=actor)
        order_closed.send(Order, order=order, actor=actor)


def _settle_follow_up(follow_up: FollowUp, visit: Visit, order: Order) -> None:
    """This re-inspection is done; while the order is open the next one is owed."""
    follow_up.state, follow_up.visit = FollowUpState.DONE, visit
    follow_up.save(update_fields=["state", "visit"])
    if order.state != OrderState.CORRECTED:
        FollowUp.objects.create(
            order=order,
            officer=follow_up.officer,
            due_on=add_workdays_from(
                max(time.today(), order.due_on), order.profile.recheck_workdays
            ),
            created_at=time.now(),
        )
