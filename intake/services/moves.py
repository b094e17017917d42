"""Moves of a case that the department makes; approvals calls them, intake writes the state."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.choices import Handout, Kind
from common import time
from deadlines.choices import Effect
from deadlines.models import Clock
from intake.choices import CaseResult, ClockPurpose, Desk
from intake.models import Case, CaseClock
from intake.services import clocks, telling
from intake.services.effects import effect_facts
from intake.services.records import hold, hold_by_law, record
from intake.signals import (
    case_archived,
    case_closed,
    case_delivered,
    case_ready,
    case_resumed,
    case_review_begun,
    case_sent_to_window,
    case_suspended,
)
from organisations.models import User

MOVE_OF_RESULT = {CaseResult.GRANTED: "grant_case", CaseResult.REFUSED: "refuse_case"}


@transaction.atomic
def begin_review(*, case_id: int, actor: User, expected_version: int | None = None) -> Case:
    """The case is under review by the actor.

    Raises:
        TransitionRefused: with every reason.
        OtherDesk: the actor holds no post in the deciding department.
        StaleObject: a colleague changed the case.
    """
    case = hold(case_id, "begin_review", actor=actor, expected_version=expected_version)
    case.handler = actor
    clocks.hand_over(case, actor=actor, handler=actor)
    record(case, "begin_review", actor=actor)
    case_review_begun.send(sender=Case, case=case, actor=actor)
    return case


@transaction.atomic
def note_review(
    *, case_id: int, actor: User, opinion: str, outcome: str, expected_version: int | None = None
) -> Case:
    """An opinion stands in the timeline; the state stays.

    Raises:
        TransitionRefused: with every reason.
    """
    case = hold(case_id, "record_review", actor=actor, expected_version=expected_version)
    record(case, "record_review", actor=actor, note=opinion, data={"outcome": outcome})
    return case


@transaction.atomic
def send_to_window(
    *, case_id: int, actor: User, note: str, expected_version: int | None = None
) -> Case:
    """The case lies on the window's desk with a reason; the department's clock runs on.

    Raises:
        TransitionRefused: with every reason.
    """
    case = hold(case_id, "send_to_window", actor=actor, expected_version=expected_version)
    clerk = case.application.created_by
    case.desk, case.handler = Desk.WINDOW, clerk if clerk.is_staff else None
    record(case, "send_to_window", actor=actor, note=note)
    telling.tell_clerk(
        case, _("sent back to the window: %(item)s") % {"item": case.item.name}, note
    )
    case_sent_to_window.send(sender=Case, case=case, actor=actor, reason=note)
    return case


@transaction.atomic
def send_on(
    *, case_id: int, actor: User, note: str = "", expected_version: int | None = None
) -> Case:
    """The case lies on the department's desk again.

    Raises:
        TransitionRefused: with every reason.
    """
    case = hold(case_id, "send_on", actor=actor, expected_version=expected_version)
    case.desk, case.handler = Desk.DEPARTMENT, None
    record(case, "send_on", actor=actor, note=note)
    telling.tell_department(case)
    return case


@transaction.atomic
def suspend_case(
    *,
    case_id: int,
    actor: User,
    note: str,
    legal_basis: str,
    data: Mapping[str, Any],
    expected_version: int | None = None,
) -> Case:
    """The case stands in a special procedure; the caller pauses the clock.

    Raises:
        TransitionRefused: with every reason.
    """
    case = hold(case_id, "suspend_case", actor=actor, expected_version=expected_version)
    record(case, "suspend_case", actor=actor, note=note, legal_basis=legal_basis, data=data)
    case_suspended.send(sender=Case, case=case, actor=actor)
    return case


@transaction.atomic
def resume_case(
    *, case_id: int, actor: User, note: str = "", expected_version: int | None = None
) -> Case:
    """The special procedure is over; the caller resumes the clock.

    Raises:
        TransitionRefused: with every reason.
    """
    case = hold(case_id, "resume_case", actor=actor, expected_version=expected_version)
    record(case, "resume_case", actor=actor, note=note)
    case_resumed.send(sender=Case, case=case, actor=actor)
    return case


@transaction.atomic
def note_extension(
    *,
    case_id: int,
    actor: User,
    move: str,
    note: str,
    pending: bool,
    data: Mapping[str, Any],
    expected_version: int | None = None,
) -> Case:
    """A request for more time, or its answer, stands in the timeline; the state stays.

    Raises:
        TransitionRefused: with every reason.
    """
    case = hold(case_id, move, actor=actor, expected_version=expected_version)
    case.extension_pending = pending
    record(case, move, actor=actor, note=note, data=data)
    return case


@transaction.atomic
def close_case(
    *,
    case_id: int,
    actor: User,
    result: str,
    note: str,
    on_spot: bool = False,
    data: Mapping[str, Any] | None = None,
    expected_version: int | None = None,
) -> Case:
    """The case is decided; its handling clock is finished, a licence must be delivered.

    Decided on the spot, the result lies ready at the window at once.

    Raises:
        TransitionRefused: with every reason.
        OtherDesk: the actor holds no post in the deciding department.
        StaleObject: a colleague changed the case.
    """
    move = "decide_on_spot" if on_spot else MOVE_OF_RESULT[CaseResult(result)]
    case = hold(case_id, move, actor=actor, expected_version=expected_version)
    moment = time.now()
    clocks.finish(case, ClockPurpose.HANDLING, ClockPurpose.RENEWAL, actor=actor, at=moment)
    clocks.cancel(case, ClockPurpose.DEFERRAL, actor=actor, reason=str(move))
    case.result, case.decided_at, case.closed_at = CaseResult(result), moment, moment
    case.extension_pending = False
    _owe_delivery(case, actor=actor, at=moment)
    if on_spot:
        case.desk, case.handler = Desk.WINDOW, actor
    record(case, move, actor=actor, note=note, data=data, at=moment)
    telling.tell_clerk(case, _("decided: %(item)s") % {"item": case.item.name})
    case_closed.send(sender=Case, case=case, actor=actor)
    return case


def _owe_delivery(case: Case, *, actor: User, at: datetime) -> None:
    """Delivery within ten working days of granting binds licences (行政许可法 44)."""
    if case.result == CaseResult.GRANTED and case.item.kind == Kind.LICENCE:
        clocks.start_delivery(case, actor=actor, at=at)


def grant_by_law(*, clock: Clock, expired_at: datetime, actor: User) -> Case:
    """Nobody decided until the licence ended: the case is granted from that moment on.

    Raises:
        TransitionRefused: the case stands where it cannot be granted.
    """
    case = hold_by_law(CaseClock.objects.get(clock=clock).case_id, "deem_renewed", actor=actor)
    at = expired_at
    data = effect_facts(clock, expired_at=at, effective_at=at, before={})
    clocks.cancel(case, actor=actor, reason=str(Effect.DEEMED_RENEWED.label), at=at)
    case.result, case.decided_at, case.closed_at = CaseResult.GRANTED, at, at
    case.deemed, case.deemed_at, case.extension_pending = Effect.DEEMED_RENEWED, at, False
    _owe_delivery(case, actor=actor, at=at)
    record(case, "deem_renewed", actor=actor, data=data, legal_basis=str(data["basis"]))
    telling.tell_by_law(case)
    case_closed.send(sender=Case, case=case, actor=actor)
    return case


@transaction.atomic
def terminate_case(
    *,
    case_id: int,
    actor: User,
    note: str,
    legal_basis: str = "",
    expected_version: int | None = None,
) -> Case:
    """The procedure cannot go on and is over.

    Raises:
        TransitionRefused: with every reason.
    """
    case = hold(case_id, "terminate_case", actor=actor, expected_version=expected_version)
    clocks.cancel(case, actor=actor, reason=note)
    case.result, case.closed_at = CaseResult.TERMINATED, time.now()
    case.extension_pending = False
    record(case, "terminate_case", actor=actor, note=note, legal_basis=legal_basis)
    telling.tell_clerk(case, _("terminated: %(item)s") % {"item": case.item.name}, note)
    case_closed.send(sender=Case, case=case, actor=actor)
    return case


@transaction.atomic
def mark_awaiting_delivery(
    *, case_id: int, actor: User, note: str = "", expected_version: int | None = None
) -> Case:
    """The result lies ready to be handed out.

    Raises:
        TransitionRefused: with every reason.
    """
    case = hold(case_id, "ready_result", actor=actor, expected_version=expected_version)
    _lay_out(case)
    record(case, "ready_result", actor=actor, note=note)
    telling.tell_clerk(case, _("result ready: %(item)s") % {"item": case.item.name})
    case_ready.send(sender=Case, case=case, actor=actor)
    return case


def _lay_out(case: Case) -> None:
    """The result lies where it is handed out: with the clerk who took the case, or the decider."""
    clerk = case.application.created_by
    if case.version.handout == Handout.POINT:
        case.desk, case.handler = Desk.WINDOW, clerk if clerk.is_staff else None


@transaction.atomic
def mark_delivered(
    *,
    case_id: int,
    actor: User,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    expected_version: int | None = None,
) -> Case:
    """The result is in the receiver's hands.

    Raises:
        TransitionRefused: with every reason.
    """
    case = hold(case_id, "deliver_result", actor=actor, expected_version=expected_version)
    moment = at or time.now()
    clocks.finish(case, ClockPurpose.DELIVERY, actor=actor, at=moment)
    record(case, "deliver_result", actor=actor, note=note, data=data, at=moment)
    case_delivered.send(sender=Case, case=case, actor=actor)
    return case


@transaction.atomic
def archive_case(
    *, case_id: int, actor: User, note: str = "", expected_version: int | None = None
) -> Case:
    """The file is closed for good.

    Raises:
        TransitionRefused: with every reason.
    """
    case = hold(case_id, "archive_case", actor=actor, expected_version=expected_version)
    record(case, "archive_case", actor=actor, note=note)
    case_archived.send(sender=Case, case=case, actor=actor)
    return case
