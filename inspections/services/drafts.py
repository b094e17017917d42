"""Access to a visit that is still being filled in."""

from inspections.choices import VisitState
from inspections.errors import VisitNotOpen
from inspections.models import Visit
from inspections.services.authority import locked, must_be_on, must_hold
from inspections.transitions import CONDUCT
from organisations.models import User


def locked_draft(visit_id: int, actor: User) -> Visit:
    """The draft visit, locked, whose officers the actor belongs to.

    Raises:
        NotFound: outside his sight.
        NotOnThisOuting: he is not one of its officers.
        VisitNotOpen: it was submitted or voided.
    """
    must_hold(actor, CONDUCT)
    visit = locked(Visit, visit_id, actor)
    must_be_on(visit.dispatch, actor)
    if visit.state != VisitState.DRAFT:
        raise VisitNotOpen
    return visit
