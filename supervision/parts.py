"""What the start page and the page of a case show of supervision: cards."""

from typing import Any

from django.db.models import Q

from intake.models import Case
from intake.registry import Section
from supervision.models import Card, CardFile

SHOWN = 5


def cards_panel(user: Any) -> dict[str, Any] | None:
    """Unanswered cards the user answers for; nothing where there are none."""
    cards = list(Card.objects.held_by(user).standing().for_list()[: SHOWN + 1])
    return {"cards": cards[:SHOWN], "more": len(cards) > SHOWN} if cards else None


def cards_section(case: Case) -> Section | None:
    """The cards written over the case's limits; None where there are none."""
    cards = list(Card.objects.filter(clock__case_link__case=case).for_list().worst_first())
    return Section("supervision/case_cards.html", {"cards": cards}) if cards else None


def files_open_to(user: Any) -> Q:
    """Files that came with answers and appeals of cards the user sees."""
    if not user.has_perm("supervision.view_card"):
        return Q(pk__in=())
    return Q(pk__in=CardFile.objects.visible_to(user).values("attachment_id"))
