"""Pure rules of supervision: who holds a card, which weeks a trend shows."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from deadlines.choices import StageKey
from supervision.choices import CardColour

CARD_OF_STAGE: Final = {
    StageKey.YELLOW: CardColour.YELLOW,
    StageKey.RED_STATUTE: CardColour.RED,
    StageKey.RED_UNANSWERED: CardColour.RED,
}
STAGES_OF_COLOUR: Final = {
    CardColour.YELLOW: (StageKey.YELLOW,),
    CardColour.RED: (StageKey.RED_STATUTE, StageKey.RED_UNANSWERED),
}


def is_holder(
    *,
    card_unit: int,
    card_person: int | None,
    user: int,
    user_units: Iterable[int],
    everything: bool,
) -> bool:
    """Whether the user may answer for the card: its person, its unit, or an administrator."""
    return everything or card_person == user or card_unit in set(user_units)


def monday_of(day: date) -> date:
    """The Monday of the week of ``day``."""
    return day - timedelta(days=day.weekday())


def sunday_of(day: date) -> date:
    """The Sunday of the week of ``day``."""
    return monday_of(day) + timedelta(days=6)


def recent_weeks(today: date, count: int) -> list[date]:
    """The Mondays of the last ``count`` weeks, the current one last."""
    this_week = monday_of(today)
    return [this_week - timedelta(weeks=back) for back in reversed(range(count))]
