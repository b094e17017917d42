"""Verbs of departments; each moves the case through intake."""

from approvals.services.decisions import decide_case, grant_on_spot
from approvals.services.delivery import deliver_result
from approvals.services.extensions import answer_extension, request_extension
from approvals.services.procedures import begin_procedure, end_procedure
from approvals.services.reviews import record_opinion, terminate

__all__ = [
    "answer_extension",
    "begin_procedure",
    "decide_case",
    "deliver_result",
    "end_procedure",
    "grant_on_spot",
    "record_opinion",
    "request_extension",
    "terminate",
]
