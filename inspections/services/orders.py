"""Orders to rectify: issued on the spot, numbered, printed, with clock and follow-up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common import time
from common.errors import InvalidInput
from common.sealing import new_data_key
from deadlines.services import add_workdays_from, cancel_clock
from documents.models import IssuedNumber
from documents.services import issue_paper, next_number, void_number
from inspections import rules
from inspections.choices import DeliveryWay, FollowUpState, VisitState
from inspections.errors import (
    ConflictingSubmission,
    NothingToOrder,
    OrderExists,
    VisitNotOpen,
)
from inspections.models import (
    FollowUp,
    Order,
    OrderEvent,
    OrderItem,
    Problem,
    ProgrammeProfile,
    Visit,
    VisitEvent,
)
from inspections.services.authority import (
    locked,
    must_act_for,
    must_be_on,
    must_hold,
    required_text,
)
from inspections.services.clocks import start_order_clock
from inspections.services.papers import order_data, order_paper_kind
from inspections.signals import order_issued
from inspections.transitions import CONDUCT, ORDER_FLOW
from organisations.models import User


@dataclass(frozen=True)
class OrderItemInput:
    """One line of the order: what to do about one problem, up to which standard, by when."""

    problem_id: int
    requirement: str
    standard: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class DeliveryInput:
    """How the order reached the party, and who signed; refusal needs reason and witness."""

    way: str = DeliveryWay.DIRECT
    receiver: str = ""
    refusal_reason: str = ""
    witness: str = ""


def default_due_on(profile: ProgrammeProfile, day: date) -> date:
    """The usual last day to correct: the programme's working days after ``day``."""
    return add_workdays_from(day, profile.due_workdays)


@transaction.atomic
def issue_order(
    *,
    actor: User,
    visit_id: int,
    due_on: date,
    items: Sequence[OrderItemInput],
    client_uuid: UUID,
    delivery: DeliveryInput | None = None,
) -> Order:
    """The order stands with number, paper, running clock and the re-inspection it calls for.

    Everything is one transaction; the same ``client_uuid`` again is the same order.

    Raises:
        NotFound: the visit is outside the actor's sight.
        NotOnThisOuting: he is not one of its officers.
        VisitNotOpen: the visit is not submitted.
        NothingToOrder: it found no problem.
        OrderExists: an order stands for it.
        InvalidInput: a problem has no line, a line has no requirement, a day has passed,
            or a refusal lacks reason or witness.
        UnprintableCharacters: the paper cannot be printed.
        ConflictingSubmission: the key was used for another visit.
    """
    must_hold(actor, CONDUCT)
    visit = locked(Visit, visit_id, actor)
    must_be_on(visit.dispatch, actor)
    known = Order.objects.filter(client_uuid=client_uuid).first()
    if known:
        return _same_visit(known, visit)
    problems = _problems_to_order(visit)
    lines = _checked_lines(problems, items, due_on)
    order = _stored_order(visit, due_on, delivery or DeliveryInput(), client_uuid, actor)
    OrderItem.objects.bulk_create(
        OrderItem(order=order, number=place, due_on=line.due_on or due_on, **_words(line))
        for place, line in enumerate(lines, start=1)
    )
    _complete(order, actor)
    order_issued.send(Order, order=order, actor=actor)
    return order


def _same_visit(order: Order, visit: Visit) -> Order:
    if order.visit_id != visit.pk:
        raise ConflictingSubmission
    return order


def _words(line: OrderItemInput) -> dict[str, Any]:
    return {
        "problem_id": line.problem_id,
        "requirement": line.requirement.strip()[:400],
        "standard": line.standard.strip()[:400],
    }


def _problems_to_order(visit: Visit) -> list[Problem]:
    standing = visit.orders.standing().first()
    if standing:
        raise OrderExists(order=standing.pk)
    if visit.state not in {VisitState.SUBMITTED, VisitState.APPROVED}:
        raise VisitNotOpen(_("submit the inspection first"))
    problems = list(visit.problems.live())
    if not problems:
        raise NothingToOrder
    return problems


def _checked_lines(
    problems: Sequence[Problem],
    items: Sequence[OrderItemInput],
    due_on: date,
) -> list[OrderItemInput]:
    """One line for each problem, in the problems' order.

    Raises:
        InvalidInput: naming each fault at its field.
    """
    lines = {line.problem_id: line for line in items}
    faults: dict[str, list[str]] = {}
    if due_on < time.today():
        faults["due_on"] = [_("this day has passed already")]
    for problem in problems:
        line = lines.get(problem.pk)
        if line is None or not line.requirement.strip():
            faults[f"requirement-{problem.pk}"] = [_("say what has to be done")]
    if set(lines) - {problem.pk for problem in problems}:
        faults["items"] = [_("this problem belongs to another inspection")]
    if faults:
        raise InvalidInput(fields=faults)
    return [lines[problem.pk] for problem in problems]


def _checked_delivery(delivery: DeliveryInput) -> None:
    """Refusal needs a reason and a witness (总局令49号 第34条)."""
    faults: dict[str, list[str]] = {}
    if delivery.way not in DeliveryWay.values:
        faults["way"] = [_("choose a way of delivery")]
    if delivery.way == DeliveryWay.LEFT:
        wanted = {"refusal_reason": delivery.refusal_reason, "witness": delivery.witness}
        faults |= {
            name: [_("needed when the paper is left behind")]
            for name, value in wanted.items()
            if not value.strip()
        }
    if faults:
        raise InvalidInput(fields=faults)


def _stored_order(
    visit: Visit,
    due_on: date,
    delivery: DeliveryInput,
    client_uuid: UUID,
    actor: User,
) -> Order:
    _checked_delivery(delivery)
    profile = visit.target.campaign.profile
    order = Order(
        **_numbered(visit, profile, actor),
        visit=visit,
        profile=profile,
        due_on=due_on,
        legal_basis=profile.legal_basis,
        region_code=visit.region_code,
        department=visit.department,
        issued_by=actor,
        client_uuid=client_uuid,
        delivery_way=delivery.way,
        refusal_reason=delivery.refusal_reason.strip()[:200],
        data_key=new_data_key(),
    )
    order.seal("receiver", delivery.receiver.strip())
    order.seal("witness", delivery.witness.strip())
    order.save()
    return order


def _numbered(visit: Visit, profile: ProgrammeProfile, actor: User) -> dict[str, Any]:
    """Number and moment of the order, the unit's next one of the year."""
    serial, today = _next_serial(visit, profile, actor), time.today()
    number = rules.number_of(
        profile.number_pattern, unit=str(visit.department), year=today.year, number=serial
    )
    return {"serial": serial, "number": number, "issued_at": time.now(), "issued_on": today}


def _series(profile: ProgrammeProfile) -> str:
    return f"inspection-order-{profile.code}"[:40]


def _next_serial(visit: Visit, profile: ProgrammeProfile, actor: User) -> int:
    """The unit's next number of the year, from the locked counter row."""
    return next_number(
        series_key=_series(profile),
        organ_code=visit.department.code,
        year=time.today().year,
        actor=actor,
    )


def _drawn(order: Order) -> IssuedNumber:
    """The order's place in its series."""
    rows: Any = IssuedNumber.objects.of_series(
        _series(order.profile), order.department.code, order.issued_on.year
    )
    return rows.get(number=order.serial)


def _complete(order: Order, actor: User) -> None:
    """The stored order gets its clock, its paper, its follow-up and its events."""
    order.clock = start_order_clock(order, due_on=order.due_on, actor=actor)
    order.paper = issue_paper(
        kind=order_paper_kind(order.profile),
        data=order_data(order),
        number=order.number,
        actor=actor,
        region_code=order.region_code,
        department=order.department,
        subject_kind="inspection_order",
        subject_id=str(order.pk),
        issued_at=order.issued_at,
        data_key=order.data_key,
        drawn=_drawn(order),
    )
    order.save(update_fields=["clock", "paper"])
    FollowUp.objects.create(
        order=order,
        officer=actor,
        due_on=add_workdays_from(order.due_on, order.profile.recheck_workdays),
        created_at=time.now(),
    )
    facts = {"number": order.number, "due_on": order.due_on.isoformat()}
    OrderEvent.append(order, actor=actor, verb="issue", legal_basis=order.legal_basis, data=facts)
    VisitEvent.append(order.visit, actor=actor, verb="issue_order", data=facts)


@transaction.atomic
def revoke_order(*, actor: User, order_id: int, reason: str) -> Order:
    """The order no longer stands, its clock is cancelled, its number stays with the reason.

    Raises:
        NotFound: outside the actor's sight.
        NotYourCampaign: another unit's order.
        InvalidInput: no reason is given.
        TransitionRefused: it was already re-inspected, or his posts don't allow it.
    """
    reason = required_text("reason", reason)
    order = locked(Order, order_id, actor)
    must_act_for(actor, order.department_id)
    move = ORDER_FLOW.by_name("revoke_order")
    ORDER_FLOW.check(move, order, actor)
    ORDER_FLOW.apply(move, order)
    order.closed_at = time.now()
    order.save(update_fields=["state", "closed_at"])
    order.follow_ups.pending().update(state=FollowUpState.CANCELLED)
    if order.clock_id:
        cancel_clock(clock_id=order.clock_id, actor=actor, reason=reason)
    void_number(
        series_key=_series(order.profile),
        organ_code=order.department.code,
        year=order.issued_on.year,
        number=order.serial,
        reason=reason,
        actor=actor,
    )
    OrderEvent.append(order, actor=actor, verb=move.name, note=reason)
    return order
