"""Opinions, and the end of a procedure that cannot go on."""

from django.db import transaction

from approvals.choices import RequestState, TerminationGround
from approvals.models import ExtensionRequest, Review
from approvals.signals import opinion_recorded
from common import time
from intake.models import Case
from intake.services import note_review, terminate_case
from organisations.models import User


@transaction.atomic
def record_opinion(
    *, case_id: int, actor: User, opinion: str, outcome: str, expected_version: int | None = None
) -> Case:
    """The reviewer's opinion stands beside the case and in its timeline.

    Raises:
        TransitionRefused: with every reason.
        OtherDesk: the actor holds no post in the deciding department.
        StaleObject: a colleague changed the case.
    """
    case = note_review(
        case_id=case_id,
        actor=actor,
        opinion=opinion,
        outcome=outcome,
        expected_version=expected_version,
    )
    review = Review.objects.create(
        case=case,
        step=case.reviews.count() + 1,
        reviewer=actor,
        opinion=opinion,
        outcome=outcome,
        at=time.now(),
    )
    opinion_recorded.send(sender=Review, review=review, actor=actor)
    return case


@transaction.atomic
def terminate(
    *, case_id: int, actor: User, ground: str, note: str, expected_version: int | None = None
) -> Case:
    """The procedure is over without a decision; open requests lapse with it.

    Raises:
        TransitionRefused: with every reason.
        OtherDesk: the actor holds no post in the deciding department.
        StaleObject: a colleague changed the case.
    """
    label = str(TerminationGround(ground).label)
    case = terminate_case(
        case_id=case_id, actor=actor, note=f"{label}。{note}", expected_version=expected_version
    )
    lapse_requests(case)
    return case


def lapse_requests(case: Case) -> None:
    """A request for more time that nobody answered lapses with the case."""
    pending = ExtensionRequest.objects.filter(case=case, state=RequestState.PENDING)
    pending.update(state=RequestState.LAPSED, answered_at=time.now())
