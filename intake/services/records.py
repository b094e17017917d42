"""The one place where a case is locked, checked, moved and written down."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from common import time
from common.errors import StaleObject, TransitionRefused
from common.flow import Offer, Transition
from deadlines.models import Clock
from deadlines.services import due_effects, settle_effects
from intake.choices import Side
from intake.errors import CaseNotFound, OtherDesk
from intake.models import Application, Case, CaseEvent
from intake.transitions import CASE_FLOW
from organisations.choices import UserKind
from organisations.models import User


def fits_side(case: Case, move: Transition, actor: User) -> bool:
    """Whether the actor stands on the side the move belongs to.

    The window side is a post over the case's region; the department side is a post in
    the deciding department, so a clerk of one unit cannot review for another.
    """
    if move.side == Side.LAW:
        return bool(actor.kind == UserKind.SYSTEM)
    if actor.kind == UserKind.CLIENT:
        return bool(case.application.created_by_id == actor.pk)
    scope = actor.scope
    if scope.everything:
        return True
    sides = {
        Side.WINDOW: scope.covers_region(case.region_code),
        Side.DEPARTMENT: case.department_id in scope.unit_ids,
    }
    return any(sides.values()) if move.side == Side.EITHER else sides[Side(move.side)]


def offers(case: Case, actor: User) -> list[Offer]:
    """Moves this person may see on this case now, likely ones first."""
    return [
        offer
        for offer in CASE_FLOW.available(case, actor)
        if fits_side(case, offer.transition, actor)
    ]


def lock_application(application_id: int) -> Application:
    """The application, its row lock held."""
    rows = Application.objects.locked().select_related(
        "applicant__data_key", "data_key", "point__unit", "window"
    )
    return rows.get(pk=application_id)


def lock_case(case_id: int) -> Case:
    """The case, its row lock held.

    Raises:
        CaseNotFound: there is none.
    """
    rows = Case.objects.locked().for_page()
    case = rows.filter(pk=case_id).first()
    if case is None:
        raise CaseNotFound
    return case


def refusals_of(case: Case, move: Transition, actor: User) -> list[str]:
    """Every reason against the move; what the law did comes first where that is the reason."""
    refusals = CASE_FLOW.refusals(move, case, actor)
    if refusals and case.deemed and case.state not in move.sources:
        return [case.deemed_words, *refusals]
    return refusals


def settle_by_law(case_id: int) -> bool:
    """Whether effects of the law were due on this case; they have happened now.

    The caller is in a transaction; the case's lock is held if there was anything to do.
    """
    clocks = Clock.objects.filter(case_link__case=case_id)
    if not due_effects(time.now(), clocks):
        return False
    lock_case(case_id)
    settle_effects(among=clocks)
    return True


def hold(case_id: int, name: str, *, actor: User, expected_version: int | None = None) -> Case:
    """The locked case on which the actor may make the move now, effects of the law settled.

    An effect is judged at the expiry: whoever acts after it finds it done, however late
    the sweep is.

    Raises:
        CaseNotFound: there is none.
        StaleObject: a colleague changed it since it was read.
        OtherDesk: the move belongs to another window or department.
        TransitionRefused: with every reason.
    """
    case = lock_case(case_id)
    if settle_by_law(case_id):
        case = lock_case(case_id)
    refuse_move(case, name, actor=actor, expected_version=expected_version)
    return case


def refuse_move(case: Case, name: str, *, actor: User, expected_version: int | None = None) -> None:
    """Pass if the actor may make the move on the case as it stands.

    Raises:
        StaleObject: a colleague changed it since it was read.
        OtherDesk: the move belongs to another window or department.
        TransitionRefused: with every reason.
    """
    move = CASE_FLOW.by_name(name)
    refusals = refusals_of(case, move, actor)
    stale = expected_version is not None and case.row_version != expected_version
    if stale and not (refusals and case.deemed):
        raise StaleObject
    if refusals:
        raise TransitionRefused(refusals, transition=name)
    if not fits_side(case, move, actor):
        raise OtherDesk


def hold_by_law(case_id: int, name: str, *, actor: User) -> Case:
    """The locked case on which the law makes the move.

    Raises:
        TransitionRefused: it stands where the law cannot move it.
    """
    case = lock_case(case_id)
    CASE_FLOW.check(CASE_FLOW.by_name(name), case, actor)
    return case


def make_move(case: Case, name: str) -> dict[str, Any]:
    """The case stands where the move leads, not stored yet; from where to where it went."""
    former = case.state
    CASE_FLOW.apply(CASE_FLOW.by_name(name), case)
    case.row_version += 1
    return {"from": str(former), "to": str(case.state)}


def record(
    case: Case,
    name: str,
    *,
    actor: User,
    note: str = "",
    legal_basis: str = "",
    data: Mapping[str, Any] | None = None,
    proof: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> CaseEvent:
    """The move is made: new state and event stand, one place for both."""
    facts = make_move(case, name) | dict(data or {})
    case.save()
    return CaseEvent.append(
        case,
        actor=actor,
        verb=name,
        note=note,
        legal_basis=legal_basis,
        data=facts,
        proof=proof,
        at=at or time.now(),
    )
