"""What the start page shows of supervision: cards that wait for an answer."""

from typing import Any

from supervision.models import Card

SHOWN = 5


def cards_panel(user: Any) -> dict[str, Any] | None:
    """Unanswered cards the user answers for; nothing where there are none."""
    cards = list(Card.objects.held_by(user).standing().for_list()[: SHOWN + 1])
    return {"cards": cards[:SHOWN], "more": len(cards) > SHOWN} if cards else None
