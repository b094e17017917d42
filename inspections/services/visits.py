"""The verbs of a visit: open, answer, submit, approve, void, publish."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from common import time
from common.errors import InvalidInput
from deadlines.services import finish_clock
from inspections import rules
from inspections.choices import (
    AnswerResult,
    CampaignKind,
    ProblemState,
    VisitKind,
    VisitOutcome,
    VisitState,
)
from inspections.errors import (
    AlreadyVisited,
    ConflictingSubmission,
    NotOnThisOuting,
    OwnVisit,
    TargetExcluded,
    VisitNotOpen,
)
from inspections.models import (
    Answer,
    Campaign,
    CampaignTarget,
    ChecklistItem,
    Dispatch,
    Visit,
    VisitEvent,
)
from inspections.services.authority import (
    locked,
    must_act_for,
    must_be_on,
    must_hold,
    required_text,
    within_sight,
)
from inspections.services.campaigns import must_be_running
from inspections.services.clocks import start_publication_clock
from inspections.services.drafts import locked_draft
from inspections.services.problems import describe_failure, withdraw_problems_of
from inspections.signals import visit_concluded, visit_submitted
from inspections.transitions import APPROVE, CONDUCT, VISIT_FLOW
from organisations.models import User


@dataclass(frozen=True)
class AnswerInput:
    """What an officer says about one item; ``text`` describes a failure."""

    result: str
    text: str = ""
    corrected_on_site: bool = False


@transaction.atomic
def open_visit(
    *,
    actor: User,
    target_id: int,
    dispatch_id: int,
    client_uuid: UUID,
    kind: str = "",
) -> Visit:
    """A draft visit stands with every item unchecked; the same ``client_uuid`` is the same visit.

    Raises:
        NotFound: target or outing is outside the actor's sight.
        Forbidden: he may not inspect, or is not on the outing.
        TargetExcluded: the subject was taken out of the campaign.
        AlreadyVisited: a colleague has begun or finished this inspection.
        CampaignClosed: the campaign's last day has passed.
        ConflictingSubmission: the key was used for another target.
    """
    must_hold(actor, CONDUCT)
    target = locked(CampaignTarget, target_id, actor)
    known = Visit.objects.filter(client_uuid=client_uuid).first()
    if known:
        return _same_target(known, target)
    dispatch = _outing_for(target, dispatch_id, actor)
    kind = kind or _usual_kind(target.campaign)
    _refuse_second_visit(target, kind)
    visit = _stored_visit(target, dispatch, kind, client_uuid, actor)
    Answer.objects.bulk_create(
        Answer(visit=visit, item=item)
        for item in ChecklistItem.objects.filter(version=visit.checklist_id)
    )
    VisitEvent.append(
        visit, actor=actor, verb="open", data={"checklist": target.campaign.checklist.sha256}
    )
    return visit


def _same_target(visit: Visit, target: CampaignTarget) -> Visit:
    if visit.target_id != target.pk:
        raise ConflictingSubmission
    return visit


def _outing_for(target: CampaignTarget, dispatch_id: int, actor: User) -> Dispatch:
    if target.excluded_at:
        raise TargetExcluded
    dispatch: Dispatch = within_sight(Dispatch.objects, dispatch_id, actor)
    if dispatch.campaign_id != target.campaign_id:
        raise NotOnThisOuting
    must_be_on(dispatch, actor)
    must_be_running(target.campaign, dispatch.on)
    return dispatch


def _usual_kind(campaign: Campaign) -> VisitKind:
    return VisitKind.PATROL if campaign.kind == CampaignKind.PATROL else VisitKind.FIRST


def _refuse_second_visit(target: CampaignTarget, kind: str) -> None:
    if kind == VisitKind.RECHECK:
        raise InvalidInput
    rows = target.visits.exclude(state=VisitState.VOID)
    if kind == VisitKind.FIRST and (other := rows.filter(kind=kind).first()):
        raise AlreadyVisited(visit=other.pk)


def _stored_visit(
    target: CampaignTarget,
    dispatch: Dispatch,
    kind: str,
    client_uuid: UUID,
    actor: User,
) -> Visit:
    subject, campaign = target.subject, target.campaign
    return Visit.objects.create(
        target=target,
        dispatch=dispatch,
        kind=kind,
        checklist_id=campaign.checklist_id,
        client_uuid=client_uuid,
        subject_name=subject.name,
        subject_address=subject.address,
        region_code=subject.region_code,
        department_id=campaign.lead_unit_id,
        opened_by=actor,
        started_at=time.now(),
    )


@transaction.atomic
def answer_items(*, actor: User, visit_id: int, answers: Mapping[int, AnswerInput]) -> Visit:
    """The answers, by item id, stand; a described failure is a problem, a pass withdraws it.

    Raises:
        NotFound, NotOnThisOuting, VisitNotOpen: as ``locked_draft``.
        InvalidInput: an item is not on the checklist, or a result is unknown.
    """
    visit = locked_draft(visit_id, actor)
    rows = {row.item_id: row for row in visit.answers.select_related("item")}
    if set(answers) - set(rows) or not _known_results(answers):
        raise InvalidInput
    changed = [rows[key] for key, given in answers.items() if rows[key].result != given.result]
    for row in changed:
        row.result = AnswerResult(answers[row.item_id].result)
        row.answered_by, row.answered_at = actor, time.now()
    Answer.objects.bulk_update(changed, ["result", "answered_by", "answered_at"])
    withdraw_problems_of([row for row in changed if row.result != AnswerResult.FAIL])
    for key, given in answers.items():
        if given.result == AnswerResult.FAIL and given.text.strip():
            describe_failure(
                visit,
                rows[key],
                text=given.text.strip(),
                corrected_on_site=given.corrected_on_site,
                actor=actor,
            )
    return visit


def _known_results(answers: Mapping[int, AnswerInput]) -> bool:
    return {given.result for given in answers.values()} <= set(AnswerResult.values)


def answer_item(
    *,
    actor: User,
    visit_id: int,
    item_id: int,
    result: str,
    text: str = "",
    corrected_on_site: bool = False,
) -> Answer:
    """One answer stands; see ``answer_items``."""
    given = AnswerInput(result=result, text=text, corrected_on_site=corrected_on_site)
    answer_items(actor=actor, visit_id=visit_id, answers={item_id: given})
    return Answer.objects.select_related("item").get(visit_id=visit_id, item_id=item_id)


@transaction.atomic
def submit_visit(*, actor: User, visit_id: int) -> Visit:
    """The visit is submitted with its outcome; again it changes nothing.

    Raises:
        NotFound, NotOnThisOuting: as ``locked_draft``.
        TransitionRefused: items are unchecked or failures undescribed, all of them named.
    """
    visit = locked(Visit, visit_id, actor)
    must_be_on(visit.dispatch, actor)
    if visit.state in {VisitState.SUBMITTED, VisitState.APPROVED}:
        return visit
    visit = Visit.objects.with_answers().get(pk=visit.pk)
    problems = visit.live_problems()
    outcome = rules.first_outcome(
        corrected=[problem.corrected_on_site for problem in problems],
        always_order=visit.target.campaign.profile.always_order,
    )
    settle_submission(visit, actor=actor, outcome=outcome, problems=len(problems))
    if outcome == VisitOutcome.FIXED_ON_SITE:
        ids = [problem.pk for problem in problems]
        visit.problems.filter(pk__in=ids).update(state=ProblemState.CORRECTED)
    visit_submitted.send(Visit, visit=visit, actor=actor)
    return visit


def settle_submission(visit: Visit, *, actor: User, outcome: VisitOutcome, problems: int) -> None:
    """The locked visit is submitted now with its outcome and the event tells so.

    Raises:
        TransitionRefused: with every reason.
    """
    move = VISIT_FLOW.by_name("submit")
    VISIT_FLOW.check(move, visit, actor)
    VISIT_FLOW.apply(move, visit)
    visit.outcome = outcome
    visit.submitted_at = visit.ended_at = time.now()
    visit.save(update_fields=["state", "outcome", "submitted_at", "ended_at"])
    VisitEvent.append(
        visit,
        actor=actor,
        verb=move.name,
        data={"outcome": str(outcome), "problems": problems},
    )


@transaction.atomic
def approve_visit(*, actor: User, visit_id: int, note: str = "") -> Visit:
    """The visit is approved by someone who was not on it; its result awaits publication.

    Raises:
        NotFound: outside the actor's sight.
        NotYourCampaign: another unit's visit.
        OwnVisit: he was one of its officers.
        TransitionRefused: not submitted, or its order has not been issued.
    """
    visit = locked(Visit, visit_id, actor)
    must_act_for(actor, visit.department_id)
    if visit.dispatch.members.filter(officer=actor).exists():
        raise OwnVisit
    move = VISIT_FLOW.by_name("approve")
    VISIT_FLOW.check(move, visit, actor)
    VISIT_FLOW.apply(move, visit)
    visit.approved_at = time.now()
    if visit.target.campaign.profile.publishes_results:
        visit.publication_clock = start_publication_clock(visit, actor=actor)
    visit.save(update_fields=["state", "approved_at", "publication_clock"])
    VisitEvent.append(visit, actor=actor, verb=move.name, note=note)
    visit_concluded.send(Visit, visit=visit, actor=actor)
    return visit


@transaction.atomic
def void_visit(*, actor: User, visit_id: int, reason: str) -> Visit:
    """The visit no longer counts; its rows stay.

    Raises:
        NotFound, NotOnThisOuting: as ``locked_draft``.
        InvalidInput: no reason is given.
        TransitionRefused: an order rests on it, or it is approved.
    """
    reason = required_text("reason", reason)
    visit = locked(Visit, visit_id, actor)
    must_be_on(visit.dispatch, actor)
    move = VISIT_FLOW.by_name("void")
    VISIT_FLOW.check(move, visit, actor)
    VISIT_FLOW.apply(move, visit)
    visit.voided_at = time.now()
    visit.save(update_fields=["state", "voided_at"])
    VisitEvent.append(visit, actor=actor, verb=move.name, note=reason)
    return visit


@transaction.atomic
def publish_result(*, actor: User, visit_id: int) -> Visit:
    """The result counts as published now and its limit ends (总局令49号 第39条).

    Raises:
        NotFound: outside the actor's sight.
        Forbidden: he may not approve, or not for this unit.
        VisitNotOpen: the visit is not approved.
    """
    must_hold(actor, APPROVE)
    visit = locked(Visit, visit_id, actor)
    must_act_for(actor, visit.department_id)
    if visit.state != VisitState.APPROVED:
        raise VisitNotOpen
    if visit.published_at is None:
        visit.published_at = time.now()
        visit.save(update_fields=["published_at"])
        VisitEvent.append(
            visit, actor=actor, verb="publish", legal_basis="食品生产经营监督检查管理办法第39条"
        )
        if visit.publication_clock_id:
            finish_clock(clock_id=visit.publication_clock_id, actor=actor)
    return visit
