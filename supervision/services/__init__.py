"""Verbs of supervision."""

from supervision.services.cards import (
    VERBS,
    WITH_FILES,
    acknowledge_card,
    answer_card,
    appeal_card,
    offers_for,
    record_stage,
    revoke_card,
    uphold_card,
    write_card_for_stage,
)
from supervision.services.notices import notice_of

__all__ = [
    "VERBS",
    "WITH_FILES",
    "acknowledge_card",
    "answer_card",
    "appeal_card",
    "notice_of",
    "offers_for",
    "record_stage",
    "revoke_card",
    "uphold_card",
    "write_card_for_stage",
]
