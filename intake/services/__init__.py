"""Verbs of intake: every change of a case is made here, once."""

from intake.services.acceptance import (
    accept_case,
    reassign_case,
    refuse_acceptance,
    return_case,
    withdraw_case,
)
from intake.services.corrections import (
    Demand,
    add_materials,
    hand_in_correction,
    repeat_correction,
    request_correction,
)
from intake.services.effects import (
    annul_effect,
    deem_accepted,
    deem_withdrawn,
    effect_facts,
    settle_case,
)
from intake.services.erasing import erase_applicant
from intake.services.inputs import ApplicantInput, ItemOrder, MaterialInput
from intake.services.moves import (
    archive_case,
    begin_review,
    close_case,
    grant_by_law,
    mark_awaiting_delivery,
    mark_delivered,
    note_extension,
    note_review,
    resume_case,
    send_on,
    send_to_window,
    suspend_case,
    terminate_case,
)
from intake.services.opening import open_application
from intake.services.receiving import (
    hand_in_application,
    issue_receipt,
    receive_application,
    receive_case,
    settle_application,
    submit_application,
    submit_case,
)

__all__ = [
    "ApplicantInput",
    "Demand",
    "ItemOrder",
    "MaterialInput",
    "accept_case",
    "add_materials",
    "annul_effect",
    "archive_case",
    "begin_review",
    "close_case",
    "deem_accepted",
    "deem_withdrawn",
    "effect_facts",
    "erase_applicant",
    "grant_by_law",
    "hand_in_application",
    "hand_in_correction",
    "issue_receipt",
    "mark_awaiting_delivery",
    "mark_delivered",
    "note_extension",
    "note_review",
    "open_application",
    "reassign_case",
    "receive_application",
    "receive_case",
    "refuse_acceptance",
    "repeat_correction",
    "request_correction",
    "resume_case",
    "return_case",
    "send_on",
    "send_to_window",
    "settle_application",
    "settle_case",
    "submit_application",
    "submit_case",
    "suspend_case",
    "terminate_case",
    "withdraw_case",
]
