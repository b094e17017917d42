"""Campaigns, their targets and outings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common import time
from common.errors import InvalidInput
from inspections.errors import CampaignClosed, ConflictingSubmission, TooFewOfficers
from inspections.models import (
    Campaign,
    CampaignEvent,
    CampaignTarget,
    ChecklistVersion,
    Dispatch,
    DispatchMember,
    ProgrammeProfile,
    Subject,
)
from inspections.services.authority import (
    locked,
    must_act_for,
    must_hold,
    required_text,
    within_sight,
)
from inspections.transitions import CONDUCT, MANAGE
from organisations.models import Unit, User

OFFICERS_AT_LEAST = 2


@dataclass(frozen=True)
class CampaignInput:
    """What a campaign is made of; without a region it covers its unit's."""

    name: str
    kind: str
    profile: ProgrammeProfile
    checklist: ChecklistVersion
    lead_unit: Unit
    starts_on: date
    ends_on: date | None = None
    basis: str = ""
    region_code: str = ""


@transaction.atomic
def create_campaign(*, actor: User, facts: CampaignInput, client_uuid: UUID) -> Campaign:
    """The campaign stands, without targets yet; the same ``client_uuid`` again is the same one.

    Raises:
        Forbidden: the actor may not set up campaigns.
        NotYourCampaign: he does not act for the lead unit.
        InvalidInput: no name, or the end lies before the start.
    """
    must_hold(actor, MANAGE)
    must_act_for(actor, facts.lead_unit.pk)
    if facts.ends_on and facts.ends_on < facts.starts_on:
        raise InvalidInput(fields={"ends_on": [_("the last day lies before the first")]})
    columns = {
        **vars(facts),
        "name": required_text("name", facts.name),
        "region_code": facts.region_code or facts.lead_unit.region_id,
        "created_by": actor,
        "created_at": time.now(),
    }
    campaign, fresh = Campaign.objects.get_or_create(client_uuid=client_uuid, defaults=columns)
    if fresh:
        CampaignEvent.append(campaign, actor=actor, verb="create", data={"name": campaign.name})
    return campaign


@transaction.atomic
def add_targets(
    *, actor: User, campaign_id: int, subjects: Iterable[Subject]
) -> list[CampaignTarget]:
    """Every subject is on the campaign's list; those already on it stay as they are.

    Raises:
        NotFound: the campaign is outside the actor's sight.
        Forbidden: he may not set up campaigns, or not for this unit.
    """
    must_hold(actor, MANAGE)
    campaign = locked(Campaign, campaign_id, actor)
    must_act_for(actor, campaign.lead_unit_id)
    known = set(campaign.targets.values_list("subject_id", flat=True))
    fresh = [subject for subject in dict.fromkeys(subjects) if subject.pk not in known]
    CampaignTarget.objects.bulk_create(
        CampaignTarget(campaign=campaign, subject=subject, added_at=time.now()) for subject in fresh
    )
    if fresh:
        CampaignEvent.append(campaign, actor=actor, verb="add_targets", data={"count": len(fresh)})
    return list(campaign.targets.select_related("subject"))


@transaction.atomic
def exclude_target(*, actor: User, target_id: int, reason: str) -> CampaignTarget:
    """The target no longer counts; who took it out and why is on record.

    Raises:
        NotFound: the target is outside the actor's sight.
        Forbidden: he may not set up campaigns, or not for this unit.
        InvalidInput: no reason is given.
    """
    must_hold(actor, MANAGE)
    reason = required_text("reason", reason)
    campaign = locked(
        Campaign, within_sight(CampaignTarget.objects, target_id, actor).campaign_id, actor
    )
    must_act_for(actor, campaign.lead_unit_id)
    target = CampaignTarget.objects.select_for_update().get(pk=target_id)
    if target.excluded_at is None:
        target.excluded_at, target.excluded_by = time.now(), actor
        target.excluded_reason = reason
        target.save(update_fields=["excluded_at", "excluded_by", "excluded_reason"])
        CampaignEvent.append(
            campaign,
            actor=actor,
            verb="exclude_target",
            note=reason,
            data={"target": target.pk},
        )
    return target


@transaction.atomic
def dispatch_officers(
    *,
    actor: User,
    campaign_id: int,
    officers: Sequence[User],
    client_uuid: UUID,
    on: date | None = None,
) -> Dispatch:
    """The officers are on one outing of the campaign, each a row of its own (人次).

    The actor need not be among them; the same ``client_uuid`` again is the same outing.

    Raises:
        NotFound: the campaign is outside the actor's sight.
        Forbidden: he may not inspect, or not for this unit.
        CampaignClosed: the campaign's last day has passed.
        TooFewOfficers: fewer than the programme wants.
        ConflictingSubmission: the key was used for another campaign.
    """
    must_hold(actor, CONDUCT)
    campaign = locked(Campaign, campaign_id, actor)
    must_act_for(actor, campaign.lead_unit_id)
    team = _team(campaign, officers)
    defaults = {
        "campaign": campaign,
        "unit_id": campaign.lead_unit_id,
        "on": on or time.today(),
        "created_by": actor,
        "created_at": time.now(),
    }
    dispatch, fresh = Dispatch.objects.get_or_create(client_uuid=client_uuid, defaults=defaults)
    if dispatch.campaign_id != campaign.pk:
        raise ConflictingSubmission
    if fresh:
        DispatchMember.objects.bulk_create(
            DispatchMember(dispatch=dispatch, officer=officer) for officer in team
        )
    return dispatch


def _team(campaign: Campaign, officers: Sequence[User]) -> list[User]:
    """Each officer once, all of them people who may inspect."""
    team = list(dict.fromkeys(officers))
    least = OFFICERS_AT_LEAST if campaign.profile.needs_two_officers else 1
    if len(team) < least:
        raise TooFewOfficers(fields={"officers": [str(TooFewOfficers.default_message)]})
    strangers = [str(person) for person in team if not person.has_perm(CONDUCT)]
    if strangers:
        fault = _("may not inspect: %(names)s") % {"names": _(", ").join(strangers)}
        raise InvalidInput(fields={"officers": [fault]})
    return team


def must_be_running(campaign: Campaign, day: date) -> None:
    """Pass silently if a first inspection may be made on the day.

    Raises:
        CampaignClosed: the campaign's last day has passed.
    """
    if campaign.ends_on and day > campaign.ends_on:
        raise CampaignClosed
