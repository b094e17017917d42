"""Inspections as staff find and read them in the admin."""

from inspections.admin.campaigns import CampaignAdmin, ProfileAdmin, SubjectAdmin
from inspections.admin.checklists import ChecklistVersionAdmin
from inspections.admin.findings import BatchAdmin, InterviewAdmin, ProblemAdmin
from inspections.admin.orders import OrderAdmin
from inspections.admin.visits import VisitAdmin

__all__ = [
    "BatchAdmin",
    "CampaignAdmin",
    "ChecklistVersionAdmin",
    "InterviewAdmin",
    "OrderAdmin",
    "ProblemAdmin",
    "ProfileAdmin",
    "SubjectAdmin",
    "VisitAdmin",
]
