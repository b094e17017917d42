"""Verbs of supervision."""

from supervision.services.cards import (
    VERBS,
    acknowledge_card,
    answer_card,
    appeal_card,
    record_stage,
    revoke_card,
    uphold_card,
    write_card_for_stage,
)
from supervision.services.notices import notice_of

__all__ = [
    "VERBS",
    "acknowledge_card",
    "answer_card",
    "appeal_card",
    "notice_of",
    "record_stage",
    "revoke_card",
    "uphold_card",
    "write_card_for_stage",
]
