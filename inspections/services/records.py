"""Interviews and sampling within a campaign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.sealing import new_data_key
from inspections.choices import BatchResult
from inspections.errors import ConflictingSubmission
from inspections.models import Campaign, CampaignEvent, Interview, SamplingBatch, Subject
from inspections.services.authority import (
    locked,
    must_act_for,
    must_hold,
    required_text,
)
from inspections.transitions import CONDUCT
from organisations.models import User

INTERVIEW_BASIS = "食品安全法第114条"
R = TypeVar("R", Interview, SamplingBatch)


@dataclass(frozen=True)
class InterviewInput:
    """What stands on the record of an interview; without officers the actor held it."""

    held_at: datetime
    place: str
    interviewee: str
    reason: str
    demands: str
    statement: str = ""
    officers: Sequence[User] = ()


@dataclass(frozen=True)
class BatchInput:
    """What stands on a sampling sheet, in its essentials."""

    code: str
    product: str
    sampled_on: date
    lot: str = ""
    result: str = BatchResult.PENDING


def _own_campaign(campaign_id: int, actor: User) -> Campaign:
    must_hold(actor, CONDUCT)
    campaign = locked(Campaign, campaign_id, actor)
    must_act_for(actor, campaign.lead_unit_id)
    return campaign


def _subject_of(campaign: Campaign, subject_id: int) -> Subject:
    target = campaign.targets.select_related("subject").filter(subject_id=subject_id).first()
    if target is None:
        raise InvalidInput(fields={"subject": [_("this subject is not on the campaign's list")]})
    return target.subject


def _same_campaign(known: R, campaign: Campaign) -> R:
    if known.campaign_id != campaign.pk:
        raise ConflictingSubmission
    return known


@transaction.atomic
def hold_interview(
    *,
    actor: User,
    campaign_id: int,
    subject_id: int,
    facts: InterviewInput,
    client_uuid: UUID,
) -> Interview:
    """The interview is on record (食品安全法 114); the same ``client_uuid`` is the same one.

    Raises:
        NotFound: the campaign is outside the actor's sight.
        Forbidden: he may not inspect, or not for this unit.
        InvalidInput: a field is empty, or the subject is not on the list.
        ConflictingSubmission: the key was used in another campaign.
    """
    campaign = _own_campaign(campaign_id, actor)
    known = Interview.objects.filter(client_uuid=client_uuid).first()
    if known:
        return _same_campaign(known, campaign)
    interview = _written(facts)
    interview.campaign, interview.recorded_by = campaign, actor
    interview.subject = _subject_of(campaign, subject_id)
    interview.client_uuid = client_uuid
    interview.save()
    interview.officers.set(facts.officers or [actor])
    CampaignEvent.append(
        campaign, actor=actor, verb="hold_interview", data={"interview": interview.pk}
    )
    return interview


def _written(facts: InterviewInput) -> Interview:
    interview = Interview(
        held_at=facts.held_at,
        place=required_text("place", facts.place),
        reason=required_text("reason", facts.reason),
        demands=required_text("demands", facts.demands),
        statement=facts.statement.strip(),
        legal_basis=INTERVIEW_BASIS,
        data_key=new_data_key(),
    )
    interview.seal("interviewee", required_text("interviewee", facts.interviewee))
    return interview


@transaction.atomic
def record_sampling_batch(
    *,
    actor: User,
    campaign_id: int,
    subject_id: int,
    facts: BatchInput,
    client_uuid: UUID,
) -> SamplingBatch:
    """One batch is on record; the same ``client_uuid`` again is the same batch.

    Raises:
        NotFound: the campaign is outside the actor's sight.
        Forbidden: he may not inspect, or not for this unit.
        InvalidInput: number or product is empty, the sheet number is taken, or the subject
            is not on the list.
        ConflictingSubmission: the key was used in another campaign.
    """
    campaign = _own_campaign(campaign_id, actor)
    known = SamplingBatch.objects.filter(client_uuid=client_uuid).first()
    if known:
        return _same_campaign(known, campaign)
    code = required_text("code", facts.code)
    if campaign.batches.filter(code=code).exists():
        raise InvalidInput(fields={"code": [_("this sampling sheet is already recorded")]})
    return SamplingBatch.objects.create(
        campaign=campaign,
        subject=_subject_of(campaign, subject_id),
        code=code,
        product=required_text("product", facts.product),
        lot=facts.lot.strip(),
        sampled_on=facts.sampled_on,
        result=facts.result,
        client_uuid=client_uuid,
        recorded_by=actor,
    )
