"""Special procedures: they stop what their ground stops, until their result comes."""

from datetime import date

from django.db import transaction

from approvals.errors import NoRunningClock, NothingPending, ProcedureNotProvided
from approvals.models import SpecialProcedure
from approvals.rules import Stop, stop_for
from approvals.signals import procedure_begun, procedure_ended
from catalogue.choices import Kind
from common import time
from deadlines.models import Clock
from deadlines.services import pause_clock, resume_clock
from intake.models import Case
from intake.services import resume_case, suspend_case
from intake.services.clocks import live_handling_id
from intake.services.records import hold
from organisations.models import User


def stop_of(case: Case, clock: Clock, ground: str) -> Stop:
    """What the ground stops on this case.

    Raises:
        ProcedureNotProvided: neither law nor guide provides it.
    """
    stop = stop_for(
        ground=ground,
        licence=case.item.kind == Kind.LICENCE,
        rule_grounds=clock.rule.grounds if clock.rule else [],
        named=list(case.version.special_procedures),
    )
    if stop is None:
        raise ProcedureNotProvided(fields={"ground": [str(ProcedureNotProvided.default_message)]})
    return stop


def handling_clock(case: Case) -> Clock:
    """The running or paused clock of the decision.

    Raises:
        NoRunningClock: there is none.
    """
    clock_id = live_handling_id(case)
    if clock_id is None:
        raise NoRunningClock
    return Clock.objects.select_related("rule").get(pk=clock_id)


@transaction.atomic
def begin_procedure(
    *,
    case_id: int,
    actor: User,
    ground: str,
    told_until: date,
    reason: str,
    expected_version: int | None = None,
) -> Case:
    """The case stands in a special procedure, its dues hold as far as the ground stops them.

    Raises:
        ProcedureNotProvided: neither law nor guide provides it.
        PauseRefused: impossible days, or nothing left to stop.
        TransitionRefused: with every reason.
        StaleObject: a colleague changed the case.
    """
    held = hold(case_id, "suspend_case", actor=actor, expected_version=expected_version)
    clock = handling_clock(held)
    stop = stop_of(held, clock, ground)
    case = suspend_case(
        case_id=case_id,
        actor=actor,
        note=reason,
        legal_basis=stop.legal_basis,
        data={"ground": str(ground), "told_until": told_until.isoformat()},
    )
    procedure = SpecialProcedure(
        case=case, ground=ground, reason=reason, told_until=told_until, begun_by=actor
    )
    case.clock = _pause(clock, stop, procedure)
    procedure_begun.send(sender=SpecialProcedure, procedure=procedure, actor=actor)
    return case


def _pause(clock: Clock, stop: Stop, procedure: SpecialProcedure) -> Clock:
    """The procedure stands with what it stops, and the clock is paused by it."""
    procedure.begun_at, procedure.legal_basis = time.now(), stop.legal_basis
    procedure.stops_statute = stop.statute and clock.statutory_due_at is not None
    procedure.stops_promise = stop.promise and clock.promised_due_at is not None
    procedure.save()
    return pause_clock(
        clock_id=clock.pk,
        actor=procedure.begun_by,
        ground=procedure.ground,
        legal_basis=procedure.legal_basis,
        told_until=procedure.told_until,
        stops_statute=procedure.stops_statute,
        stops_promise=procedure.stops_promise,
        note=procedure.reason,
    )


@transaction.atomic
def end_procedure(
    *, case_id: int, actor: User, result: str, expected_version: int | None = None
) -> Case:
    """The result has come: days count again from tomorrow, the review goes on.

    Raises:
        NothingPending: no special procedure is open.
        TransitionRefused: with every reason.
        StaleObject: a colleague changed the case.
    """
    case = resume_case(case_id=case_id, actor=actor, note=result, expected_version=expected_version)
    procedure = SpecialProcedure.objects.filter(case=case, ended_at__isnull=True).first()
    if procedure is None:
        raise NothingPending
    case.clock = resume_clock(clock_id=handling_clock(case).pk, actor=actor, note=result)
    procedure.ended_at, procedure.ended_by, procedure.result = time.now(), actor, result
    procedure.save(update_fields=["ended_at", "ended_by", "result"])
    procedure_ended.send(sender=SpecialProcedure, procedure=procedure, actor=actor)
    return case
