"""What the law does to a case when a limit passes unused, and how a head takes it back.

An effect counts from its legal moment, however late it is carried out: acceptance from the
day the material was received (行政许可法 32, 安阳条例 36), withdrawal from the end of the limit
named to the applicant (安阳条例 24, 36). The event names both moments.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from common import time
from deadlines.choices import Effect
from deadlines.models import Clock
from intake.choices import CaseResult, ClockPurpose, Desk, NoticeKind
from intake.models import Case, CaseClock
from intake.models.case import EFFECT_MOVES
from intake.services import clocks, papers, telling
from intake.services.acceptance import (
    deferral_fault,
    latest_deferral,
    start_deferral,
    take_up_handling,
)
from intake.services.records import hold, hold_by_law, record, settle_by_law
from intake.signals import case_accepted, case_withdrawn, effect_annulled
from organisations.models import User


@transaction.atomic
def settle_case(*, case_id: int) -> bool:
    """Whether the law had something to do on this case; it is done and kept.

    Doors call it before a verb, so that what the law did outlives a verb it refuses.
    """
    return settle_by_law(case_id)


def _standing(case: Case, closed: list[int]) -> dict[str, Any]:
    """What an annulment puts back."""
    return {
        "closed": closed,
        "governing": case.clock_id or 0,
        "handler": case.handler_id or 0,
        "extension_pending": int(case.extension_pending),
        "deemed": str(case.deemed),
        "deemed_at": case.deemed_at.isoformat() if case.deemed_at else "",
    }


def _case_id(clock: Clock) -> int:
    return int(CaseClock.objects.get(clock=clock).case_id)


def effect_facts(
    clock: Clock, *, expired_at: datetime, effective_at: datetime, before: dict[str, Any]
) -> dict[str, Any]:
    """What the event of an effect says: which limit ended, since when it counts, when recorded."""
    return {
        "clock": clock.pk,
        "rule": clock.rule.code if clock.rule else "",
        "basis": clock.rule.legal_basis if clock.rule else "",
        "expired_at": expired_at.isoformat(),
        "effective_at": effective_at.isoformat(),
        "recorded_at": time.now().isoformat(),
        "before": before,
    }


def deem_accepted(*, clock: Clock, expired_at: datetime, actor: User) -> None:
    """Nothing was told within the limit: accepted since the material was received.

    The handling clock runs from then, and the notice marked 视为受理 stands.

    Raises:
        TransitionRefused: the case stands where it cannot be accepted.
    """
    case = hold_by_law(_case_id(clock), "deem_accepted", actor=actor)
    received = clock.started_at
    reason = str(Effect.DEEMED_ACCEPTED.label)
    closed = clocks.cancel(case, ClockPurpose.ACCEPTANCE, actor=actor, reason=reason, at=expired_at)
    before = _standing(case, closed)
    take_up_handling(case, actor=actor, at=received)
    _name_deferral(case, actor=actor)
    case.deemed, case.deemed_at = Effect.DEEMED_ACCEPTED, received
    facts = effect_facts(clock, expired_at=expired_at, effective_at=received, before=before)
    facts |= {"missing": case.missing_names, **papers.dues_text(case.clock)}
    record(case, "deem_accepted", actor=actor, legal_basis=str(facts["basis"]), data=facts)
    data = papers.acceptance_data(case) | papers.deemed_data(case, facts["rule"])
    papers.issue_notice(case, NoticeKind.ACCEPTANCE, data, unit=case.department, actor=actor)
    telling.tell_by_law(case)
    case_accepted.send(sender=Case, case=case, actor=actor)


def _name_deferral(case: Case, *, actor: User) -> None:
    """What may follow is owed by its day from now on, if the notice can still name that day."""
    latest = latest_deferral(case)
    if latest is not None and not deferral_fault(case, latest):
        start_deferral(case, latest, actor=actor, at=time.now())


def deem_withdrawn(*, clock: Clock, expired_at: datetime, actor: User) -> None:
    """What was asked for did not come by the day named: the application counts as withdrawn.

    Raises:
        TransitionRefused: the case stands where nothing can be withdrawn.
    """
    case = hold_by_law(_case_id(clock), "deem_withdrawn", actor=actor)
    reason = str(Effect.DEEMED_WITHDRAWN.label)
    closed = clocks.cancel(case, actor=actor, reason=reason, at=expired_at)
    before = _standing(case, closed)
    case.result, case.closed_at = CaseResult.WITHDRAWN, expired_at
    case.deemed, case.deemed_at = Effect.DEEMED_WITHDRAWN, expired_at
    facts = effect_facts(clock, expired_at=expired_at, effective_at=expired_at, before=before)
    case.extension_pending = False
    record(case, "deem_withdrawn", actor=actor, legal_basis=str(facts["basis"]), data=facts)
    telling.tell_by_law(case)
    case_withdrawn.send(sender=Case, case=case, actor=actor)


@transaction.atomic
def annul_effect(
    *, case_id: int, actor: User, note: str, expected_version: int | None = None
) -> Case:
    """The head has found that the law's effect rested on a wrong record: all is as before.

    Clocks the effect closed run on as if never closed, those it started are cancelled; the
    limit that had passed stays passed and has no effect any more. The number of the notice
    of an acceptance that never was is void.

    Raises:
        TransitionRefused: nothing is annulled here, or no longer.
        OtherDesk: the actor heads another department.
        StaleObject: a colleague changed the case.
    """
    case = hold(case_id, "annul_effect", actor=actor, expected_version=expected_version)
    facts = case.events.filter(verb__in=EFFECT_MOVES).order_by("-seq")[0].data
    if case.deemed == Effect.DEEMED_ACCEPTED:
        clocks.cancel(case, actor=actor, reason=note)
        case.accepted_at, case.desk = None, Desk.WINDOW
    undone = case.deemed
    _put_back(case, facts["before"], actor=actor, note=note, lapsed=facts["clock"])
    data = {"effect": str(undone), "clock": facts["clock"]}
    record(case, "annul_effect", actor=actor, note=note, data=data)
    if undone == Effect.DEEMED_ACCEPTED:
        papers.void_notice_number(case, NoticeKind.ACCEPTANCE, reason=note, actor=actor)
    effect_annulled.send(sender=Case, case=case, effect=undone, actor=actor)
    return case


def _put_back(case: Case, before: dict[str, Any], *, actor: User, note: str, lapsed: int) -> None:
    """Clocks, marks and dates are those from before the effect; the state follows by the move."""
    twice = case.deemed == Effect.DEEMED_ACCEPTED
    clocks.reopen([lapsed], actor=actor, reason=note, annuls_effect=True)
    clocks.reopen(before["closed"], actor=actor, reason=note, annuls_effect=twice)
    case.clock = Clock.objects.filter(pk=before["governing"]).first()
    case.handler = User.objects.filter(pk=before["handler"]).first()
    case.result, case.closed_at = CaseResult.NONE, None
    case.extension_pending = bool(before["extension_pending"])
    at = before["deemed_at"]
    case.deemed, case.deemed_at = before["deemed"], datetime.fromisoformat(at) if at else None
