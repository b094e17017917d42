"""Everything inspections keep, one aggregate a file."""

from inspections.models.campaign import (
    Campaign,
    CampaignEvent,
    CampaignTarget,
    Dispatch,
    DispatchMember,
)
from inspections.models.checklist import ChecklistItem, ChecklistTemplate, ChecklistVersion
from inspections.models.order import FollowUp, ItemCheck, Order, OrderEvent, OrderItem
from inspections.models.programme import ProgrammeProfile, Subject
from inspections.models.record import Evidence, Interview, SamplingBatch
from inspections.models.visit import Answer, Problem, Visit, VisitEvent

__all__ = [
    "Answer",
    "Campaign",
    "CampaignEvent",
    "CampaignTarget",
    "ChecklistItem",
    "ChecklistTemplate",
    "ChecklistVersion",
    "Dispatch",
    "DispatchMember",
    "Evidence",
    "FollowUp",
    "Interview",
    "ItemCheck",
    "Order",
    "OrderEvent",
    "OrderItem",
    "Problem",
    "ProgrammeProfile",
    "SamplingBatch",
    "Subject",
    "Visit",
    "VisitEvent",
]
