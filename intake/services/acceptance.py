"""Acceptance and its alternatives: accept, refuse, return, hand over, withdraw."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import time
from common.errors import InvalidInput
from intake.choices import CaseResult, CaseState, ClockPurpose, Desk, MaterialStatus, NoticeKind
from intake.errors import DepartmentUnchanged, DueDateUnusable
from intake.models import Case
from intake.rules import acceptance as rules
from intake.services import clocks, papers, telling
from intake.services.promises import issue_promises
from intake.services.records import hold, record
from intake.signals import (
    acceptance_refused,
    case_accepted,
    case_reassigned,
    case_returned,
    case_withdrawn,
)
from organisations.models import Unit, User


@transaction.atomic
def accept_case(
    *,
    case_id: int,
    actor: User,
    expected_version: int | None = None,
    note: str = "",
    at: datetime | None = None,
) -> Case:
    """The case is accepted, the department owes the decision, notice and letters of promise stand.

    Raises:
        TransitionRefused: with every reason, a missing material among them.
        StaleObject: a colleague changed the case.
        DueDateUnusable: a deferred material would come after the promise.
    """
    case = hold(case_id, "accept_case", actor=actor, expected_version=expected_version)
    moment = at or time.now()
    clocks.finish(case, ClockPurpose.ACCEPTANCE, actor=actor, at=moment)
    take_up_handling(case, actor=actor, at=moment)
    _start_deferral(case, actor=actor, at=moment)
    record(
        case,
        "accept_case",
        actor=actor,
        note=note,
        legal_basis=rules.acceptance_basis(licence=papers.is_licence(case)),
        data=papers.dues_text(case.clock),
        at=moment,
    )
    data = papers.acceptance_data(case)
    papers.issue_notice(case, NoticeKind.ACCEPTANCE, data, unit=case.department, actor=actor)
    issue_promises(case, actor=actor)
    telling.tell_department(case)
    case_accepted.send(sender=Case, case=case, actor=actor)
    return case


def take_up_handling(case: Case, *, actor: User, at: datetime) -> None:
    """From ``at`` on the case is accepted and the department owes the decision; nothing is saved."""
    case.accepted_at, case.desk, case.handler = at, Desk.DEPARTMENT, None
    clocks.start_handling(case, actor=actor, at=at)
    clocks.start_renewal(case, actor=actor, at=at)


def _start_deferral(case: Case, *, actor: User, at: datetime) -> None:
    latest = latest_deferral(case)
    if latest is None:
        return
    fault = deferral_fault(case, latest)
    if fault:
        raise DueDateUnusable(str(fault), fields={"deferred_until": [str(fault)]})
    start_deferral(case, latest, actor=actor, at=at)


def latest_deferral(case: Case) -> date | None:
    """The last day on which a material is still to follow; None where none follows."""
    days = [m.due_on for m in case.asked_materials() if m.status == MaterialStatus.DEFERRED]
    return max((day for day in days if day), default=None)


def deferral_fault(case: Case, day: date) -> rules.Fault:
    """Why the day cannot be named to the applicant now, if it cannot (安阳条例 24)."""
    promise: date | None = case.clock.due_on if case.clock else None
    return rules.named_day_fault(day, time.today(), promise)


def start_deferral(case: Case, latest: date, *, actor: User, at: datetime) -> None:
    """The applicant owes what follows by the day the notice names."""
    clocks.start_named_day(
        case,
        actor=actor,
        purpose=ClockPurpose.DEFERRAL,
        due_on=latest,
        rule_code=clocks.DEFERRAL_RULE,
        at=at,
    )


@transaction.atomic
def refuse_acceptance(
    *,
    case_id: int,
    actor: User,
    ground: str,
    reason: str,
    proper_organ: str = "",
    expected_version: int | None = None,
) -> Case:
    """The case is not accepted; the notice with ground and remedy stands.

    Raises:
        TransitionRefused: with every reason.
        StaleObject: a colleague changed the case.
        InvalidInput: the competent organ is not named.
    """
    case = hold(case_id, "refuse_acceptance", actor=actor, expected_version=expected_version)
    _check_refusal(ground, proper_organ)
    moment = time.now()
    clocks.finish(case, ClockPurpose.ACCEPTANCE, actor=actor, at=moment)
    _close(case, CaseResult.NOT_ACCEPTED, moment)
    data = papers.refusal_data(case, ground=ground, reason=reason, proper_organ=proper_organ)
    record(
        case,
        "refuse_acceptance",
        actor=actor,
        note=reason,
        legal_basis=str(data["basis"]),
        data={"ground": str(ground), "proper_organ": proper_organ},
        at=moment,
    )
    unit = case.service_point.unit
    notice = papers.issue_notice(case, NoticeKind.REFUSAL, data, unit=unit, actor=actor)
    acceptance_refused.send(sender=Case, case=case, notice=notice, actor=actor)
    return case


def _check_refusal(ground: str, proper_organ: str) -> None:
    fault = rules.refusal_fault(ground, proper_organ)
    if fault:
        raise InvalidInput(str(fault), fields={"proper_organ": [str(fault)]})


def _close(case: Case, result: str, moment: datetime) -> None:
    case.result, case.closed_at = CaseResult(result), moment


@transaction.atomic
def return_case(
    *, case_id: int, actor: User, note: str, expected_version: int | None = None
) -> Case:
    """The papers went back before acceptance because the applicant wished it.

    Raises:
        TransitionRefused: with every reason.
        StaleObject: a colleague changed the case.
    """
    case = hold(case_id, "return_case", actor=actor, expected_version=expected_version)
    clocks.cancel(case, actor=actor, reason=note)
    _close(case, CaseResult.RETURNED, time.now())
    record(case, "return_case", actor=actor, note=note)
    case_returned.send(sender=Case, case=case, actor=actor)
    return case


@transaction.atomic
def withdraw_case(
    *, case_id: int, actor: User, note: str, expected_version: int | None = None
) -> Case:
    """The applicant withdrew the application of this case.

    Raises:
        TransitionRefused: with every reason.
        StaleObject: a colleague changed the case.
    """
    case = hold(case_id, "withdraw_case", actor=actor, expected_version=expected_version)
    clocks.cancel(case, actor=actor, reason=note)
    _close(case, CaseResult.WITHDRAWN, time.now())
    case.extension_pending = False
    record(case, "withdraw_case", actor=actor, note=note)
    if case.accepted_at:
        telling.tell_department(case)
    case_withdrawn.send(sender=Case, case=case, actor=actor)
    return case


@transaction.atomic
def reassign_case(
    *,
    case_id: int,
    actor: User,
    department: Unit,
    note: str,
    expected_version: int | None = None,
) -> Case:
    """Another department decides; no clock restarts by that.

    Raises:
        DepartmentUnchanged: it has the case already.
        TransitionRefused: with every reason.
        StaleObject: a colleague changed the case.
    """
    case = hold(case_id, "reassign_case", actor=actor, expected_version=expected_version)
    former = case.department
    if former == department:
        fields = {"department": [str(DepartmentUnchanged.default_message)]}
        raise DepartmentUnchanged(fields=fields)
    case.department = department
    clocks.hand_over(case, actor=actor)
    if case.state == CaseState.ACCEPTED:
        case.handler, case.desk = None, Desk.DEPARTMENT
    moved = {"former": former.code, "department": department.code}
    text = _("from %(former)s to %(department)s: %(note)s") % {
        "former": former,
        "department": department,
        "note": note,
    }
    record(case, "reassign_case", actor=actor, note=text, data=moved)
    if case.accepted_at:
        telling.tell_department(case)
    case_reassigned.send(sender=Case, case=case, actor=actor, former_department=former)
    return case
