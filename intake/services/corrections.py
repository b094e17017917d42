"""What is missing: told once, in writing, all of it; and what comes afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from common import time
from intake.choices import ClockPurpose, MaterialStatus, NoticeKind
from intake.errors import DueDateUnusable, MaterialUnknown, NothingToCorrect
from intake.models import Case, Notice
from intake.rules import acceptance as rules
from intake.services import clocks, papers
from intake.services.inputs import MaterialInput
from intake.services.opening import put_materials
from intake.services.records import hold, record
from intake.signals import case_corrected, correction_requested, second_notice_told
from organisations.choices import UserKind
from organisations.models import User


@dataclass(frozen=True)
class Demand:
    """One line of a one-time notice: material, what is wrong, what is asked."""

    name: str
    fault: str
    demand: str


def demands_for_missing(case: Case) -> list[Demand]:
    """One demand for each material that still hinders acceptance."""
    return [Demand(name=name, fault="未提交", demand="请提交该材料") for name in case.missing_names]


@transaction.atomic
def request_correction(
    *,
    case_id: int,
    actor: User,
    demands: Sequence[Demand],
    due_on: date,
    expected_version: int | None = None,
) -> Case:
    """The one-time notice is told; the duty to accept ends, the applicant's day runs.

    Raises:
        NothingToCorrect: no demand.
        DueDateUnusable: the day does not lie ahead.
        TransitionRefused: with every reason, an earlier notice among them.
        StaleObject: a colleague changed the case.
    """
    case = hold(case_id, "request_correction", actor=actor, expected_version=expected_version)
    notice = _tell(case, "request_correction", actor=actor, demands=demands, due_on=due_on)
    correction_requested.send(sender=Case, case=case, notice=notice, actor=actor)
    return case


@transaction.atomic
def repeat_correction(
    *,
    case_id: int,
    actor: User,
    demands: Sequence[Demand],
    due_on: date,
    note: str,
    expected_version: int | None = None,
) -> Case:
    """A second notice is told with the head's reason; it is on record as a violation.

    Raises:
        NothingToCorrect: no demand.
        DueDateUnusable: the day does not lie ahead.
        TransitionRefused: with every reason.
        StaleObject: a colleague changed the case.
    """
    case = hold(case_id, "repeat_correction", actor=actor, expected_version=expected_version)
    notice = _tell(
        case, "repeat_correction", actor=actor, demands=demands, due_on=due_on, note=note
    )
    second_notice_told.send(sender=Case, case=case, notice=notice, actor=actor, reason=note)
    return case


def _tell(
    case: Case,
    move: str,
    *,
    actor: User,
    demands: Sequence[Demand],
    due_on: date,
    note: str = "",
) -> Notice:
    _check_demands(demands, due_on)
    online, moment = case.application.is_online, time.now()
    _turn_to_applicant(case, actor=actor, due_on=due_on, at=moment)
    case.correction_count += 1
    rows = [asdict(demand) for demand in demands]
    data = papers.correction_data(case, rows, due_on=due_on, clerk=actor, online=online)
    record(
        case,
        move,
        actor=actor,
        note=note,
        legal_basis=str(data["basis"]),
        data={"demands": rows, "due_on": due_on.isoformat()},
        at=moment,
    )
    unit = case.service_point.unit
    return papers.issue_notice(
        case, NoticeKind.CORRECTION, data, unit=unit, actor=actor, due_on=due_on
    )


def _turn_to_applicant(case: Case, *, actor: User, due_on: date, at: datetime) -> None:
    """The duty to accept has ended; the day named to the applicant runs."""
    clocks.finish(case, ClockPurpose.ACCEPTANCE, actor=actor, at=at)
    clocks.start_named_day(
        case,
        actor=actor,
        purpose=ClockPurpose.CORRECTION,
        due_on=due_on,
        rule_code="" if case.application.is_online else clocks.WINDOW_CORRECTION_RULE,
        at=at,
    )


def _check_demands(demands: Sequence[Demand], due_on: date) -> None:
    if not demands:
        fields = {"demands": [str(NothingToCorrect.default_message)]}
        raise NothingToCorrect(fields=fields)
    fault = rules.named_day_fault(due_on, time.today())
    if fault:
        raise DueDateUnusable(str(fault), fields={"due_on": [str(fault)]})


@transaction.atomic
def hand_in_correction(
    *,
    case_id: int,
    actor: User,
    materials: Sequence[MaterialInput],
    note: str = "",
    proof: Mapping[str, str] | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Case:
    """Corrections came: a fresh receipt with its own duty to accept.

    ``proof`` is what a citizen without an account showed, such as his receipt number.

    Raises:
        MaterialUnknown: the guide asks for no such material.
        FileNotYours: a file of somebody else.
        TransitionRefused: with every reason.
        StaleObject: a colleague changed the case.
    """
    case = hold(case_id, "hand_in_correction", actor=actor, expected_version=expected_version)
    moment = at or time.now()
    names = _take(case, materials, actor=actor, at=moment)
    clocks.finish(case, ClockPurpose.CORRECTION, actor=actor, at=moment)
    online = actor.kind == UserKind.CLIENT or proof is not None
    clocks.start_acceptance(case, actor=actor, online=online, at=moment)
    said: dict[str, Any] = {"note": note, "data": {"materials": names}, "proof": proof}
    record(case, "hand_in_correction", actor=actor, at=moment, **said)
    case_corrected.send(sender=Case, case=case, actor=actor)
    return case


@transaction.atomic
def add_materials(
    *,
    case_id: int,
    actor: User,
    materials: Sequence[MaterialInput],
    note: str = "",
    proof: Mapping[str, str] | None = None,
    expected_version: int | None = None,
) -> Case:
    """Materials were corrected on the spot or followed as promised.

    Raises:
        MaterialUnknown: the guide asks for no such material.
        FileNotYours: a file of somebody else.
        TransitionRefused: with every reason.
        StaleObject: a colleague changed the case.
    """
    case = hold(case_id, "add_materials", actor=actor, expected_version=expected_version)
    moment = time.now()
    names = _take(case, materials, actor=actor, at=moment)
    left = [m for m in case.asked_materials() if m.status == MaterialStatus.DEFERRED]
    if not left:
        clocks.finish(case, ClockPurpose.DEFERRAL, actor=actor, at=moment)
    said: dict[str, Any] = {"note": note, "data": {"materials": names}, "proof": proof}
    record(case, "add_materials", actor=actor, at=moment, **said)
    return case


def _take(
    case: Case, materials: Sequence[MaterialInput], *, actor: User, at: datetime
) -> list[str]:
    unknown = {entry.name for entry in materials} - {m.name for m in case.asked_materials()}
    if unknown:
        raise MaterialUnknown(fields={"materials": sorted(unknown)})
    return sorted(put_materials(case, materials, actor=actor, at=at))
