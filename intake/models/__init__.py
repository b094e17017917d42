"""Tables of intake: applicants, applications, cases, materials, notices, what happened."""

from intake.models.applicant import Applicant
from intake.models.application import Application
from intake.models.case import Case, CaseClock
from intake.models.draft import Draft
from intake.models.events import CaseEvent
from intake.models.first_contact import FirstContact, FirstContactEvent
from intake.models.helping import Helping, HelpingEvent
from intake.models.materials import CaseMaterial, MaterialFile
from intake.models.notices import Notice, ProofOfService

__all__ = [
    "Applicant",
    "Application",
    "Case",
    "CaseClock",
    "CaseEvent",
    "CaseMaterial",
    "Draft",
    "FirstContact",
    "FirstContactEvent",
    "Helping",
    "HelpingEvent",
    "MaterialFile",
    "Notice",
    "ProofOfService",
]
