"""The table of a card's moves.

Answering and appealing belong to whoever holds it; the supervision office looks at an answer
and decides an appeal: the card stands or it is revoked. One appeal may follow, also after that.
"""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.flow import Flow, Transition
from supervision.choices import CardState

HOLDER = "holder"
SUPERVISOR = "supervisor"

_STANDING = frozenset(str(state) for state in CardState if state != CardState.REVOKED)


def _not_answered(card: Any) -> Promise | None:
    return _("the card has been answered already") if card.answered_at else None


def _not_appealed(card: Any) -> Promise | None:
    return _("an appeal has been decided already") if card.appealed_at else None


CARD_FLOW = Flow(
    CardState,
    initial=CardState.WRITTEN,
    transitions=(
        Transition(
            "answer",
            _("answer the card"),
            _STANDING,
            CardState.ANSWERED,
            "supervision.answer_card",
            guards=(_not_answered,),
            note_required=True,
            side=HOLDER,
            likely=40,
        ),
        Transition(
            "acknowledge",
            _("acknowledge the card"),
            frozenset({CardState.WRITTEN}),
            CardState.ACKNOWLEDGED,
            "supervision.acknowledge_card",
            side=HOLDER,
            likely=30,
        ),
        Transition(
            "appeal",
            _("appeal against the card"),
            _STANDING - {CardState.APPEALED},
            CardState.APPEALED,
            "supervision.appeal_card",
            guards=(_not_appealed,),
            note_required=True,
            side=HOLDER,
            likely=20,
        ),
        Transition(
            "uphold",
            _("uphold the card"),
            frozenset({CardState.ANSWERED, CardState.APPEALED}),
            CardState.UPHELD,
            "supervision.uphold_card",
            note_required=True,
            side=SUPERVISOR,
            likely=15,
        ),
        Transition(
            "revoke",
            _("revoke the card"),
            _STANDING,
            CardState.REVOKED,
            "supervision.revoke_card",
            note_required=True,
            side=SUPERVISOR,
            likely=10,
        ),
    ),
)
