"""More time: asked by the reviewer, answered by the head, before the limit ends."""

from django.db import transaction
from django.utils.translation import gettext as _

from approvals.choices import RequestState
from approvals.errors import ExtensionNotAllowed, NothingPending
from approvals.models import ExtensionRequest
from approvals.rules import extension_fault
from approvals.services.procedures import handling_clock
from approvals.signals import extension_answered, extension_requested
from common import time
from deadlines.choices import Verb
from deadlines.models import Clock
from deadlines.services import extend_clock
from intake.models import Case
from intake.services import note_extension
from intake.services.telling import tell_heads
from organisations.models import User


@transaction.atomic
def request_extension(
    *, case_id: int, actor: User, amount: int, reason: str, expected_version: int | None = None
) -> Case:
    """The request lies with the head; it stops nothing.

    Raises:
        ExtensionNotAllowed: too long, too late, or not provided for.
        TransitionRefused: with every reason, an open request among them.
        StaleObject: a colleague changed the case.
    """
    case = note_extension(
        case_id=case_id,
        actor=actor,
        move="request_extension",
        note=reason,
        pending=True,
        data={"amount": amount},
        expected_version=expected_version,
    )
    _refuse_hopeless(handling_clock(case), amount)
    request = ExtensionRequest.objects.create(
        case=case, amount=amount, reason=reason, requested_at=time.now(), requested_by=actor
    )
    tell_heads(case, _("extension requested: %(item)s") % {"item": case.item.name}, reason)
    extension_requested.send(sender=ExtensionRequest, request=request, actor=actor)
    return case


def _is_spent(clock: Clock) -> bool:
    made = clock.events.filter(verb=Verb.EXTEND).count()
    return clock.rule is not None and made >= clock.rule.ext_times


def _refuse_hopeless(clock: Clock, amount: int) -> None:
    fault = extension_fault(
        most=clock.rule.ext_amount if clock.rule else None,
        spent=_is_spent(clock),
        amount=amount,
        due_at=clock.statutory_due_at,
        at=time.now(),
    )
    if fault:
        raise ExtensionNotAllowed(str(fault), fields={"amount": [str(fault)]})


@transaction.atomic
def answer_extension(
    *,
    case_id: int,
    actor: User,
    approve: bool,
    note: str,
    moves_promise: bool = False,
    expected_version: int | None = None,
) -> Case:
    """The head has answered; approved, the statutory due lies later.

    Raises:
        NothingPending: no request is open.
        ExtensionRefused: the limit ended meanwhile, or the rule allows no more.
        TransitionRefused: with every reason.
        StaleObject: a colleague changed the case.
    """
    move = "approve_extension" if approve else "refuse_extension"
    case = note_extension(
        case_id=case_id,
        actor=actor,
        move=move,
        note=note,
        pending=False,
        data={},
        expected_version=expected_version,
    )
    request = _answered(case, actor=actor, approve=approve, note=note)
    if approve:
        case.clock = _extend(request, actor=actor, moves_promise=moves_promise)
    extension_answered.send(sender=ExtensionRequest, request=request, actor=actor)
    return case


def _extend(request: ExtensionRequest, *, actor: User, moves_promise: bool) -> Clock:
    return extend_clock(
        clock_id=handling_clock(request.case).pk,
        actor=actor,
        amount=request.amount,
        reason=request.reason,
        moves_promise=moves_promise,
    )


def _answered(case: Case, *, actor: User, approve: bool, note: str) -> ExtensionRequest:
    pending = ExtensionRequest.objects.select_for_update()
    request = pending.filter(case=case, state=RequestState.PENDING).first()
    if request is None:
        raise NothingPending
    request.state = RequestState.APPROVED if approve else RequestState.REFUSED
    request.answered_at, request.answered_by, request.answer = time.now(), actor, note
    request.save(update_fields=["state", "answered_at", "answered_by", "answer"])
    return request
