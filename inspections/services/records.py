"""Interviews and sampling within a campaign."""

from collections.abc import Sequence
from datetime import date, datetime
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


@transaction.atomic
def hold_interview(
    *,
    actor: User,
    campaign_id: int,
    subject_id: int,
    held_at: datetime,
    place: str,
    interviewee: str,
    reason: str,
    demands: str,
    client_uuid: UUID,
    statement: str = "",
    officers: Sequence[User] = (),
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
        if known.campaign_id != campaign.pk:
            raise ConflictingSubmission
        return known
    interview = Interview(
        campaign=campaign,
        subject=_subject_of(campaign, subject_id),
        held_at=held_at,
        place=required_text("place", place),
        reason=required_text("reason", reason),
        demands=required_text("demands", demands),
        statement=statement.strip(),
        legal_basis="食品安全法第114条",
        client_uuid=client_uuid,
        recorded_by=actor,
        data_key=new_data_key(),
    )
    interview.seal("interviewee", required_text("interviewee", interviewee))
    interview.save()
    interview.officers.set(officers or [actor])
    CampaignEvent.append(
        campaign, actor=actor, verb="hold_interview", data={"interview": interview.pk}
    )
    return interview


@transaction.atomic
def record_sampling_batch(
    *,
    actor: User,
    campaign_id: int,
    subject_id: int,
    code: str,
    product: str,
    sampled_on: date,
    client_uuid: UUID,
    lot: str = "",
    result: str = BatchResult.PENDING,
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
        if known.campaign_id != campaign.pk:
            raise ConflictingSubmission
        return known
    code = required_text("code", code)
    if campaign.batches.filter(code=code).exists():
        raise InvalidInput(fields={"code": [_("this sampling sheet is already recorded")]})
    return SamplingBatch.objects.create(
        campaign=campaign,
        subject=_subject_of(campaign, subject_id),
        code=code,
        product=required_text("product", product),
        lot=lot.strip(),
        sampled_on=sampled_on,
        result=result,
        client_uuid=client_uuid,
        recorded_by=actor,
    )
