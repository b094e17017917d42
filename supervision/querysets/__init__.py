"""Reads of cards, and of clocks as a supervisor looks at them."""

from supervision.querysets.cards import CardFileQuerySet, CardQuerySet
from supervision.querysets.clocks import (
    Figures,
    Moment,
    by_debtor,
    by_department,
    by_street,
    by_topic,
    figures,
    happened,
    lamp,
    trend,
    when,
)

__all__ = [
    "CardFileQuerySet",
    "CardQuerySet",
    "Figures",
    "Moment",
    "by_debtor",
    "by_department",
    "by_street",
    "by_topic",
    "figures",
    "happened",
    "lamp",
    "trend",
    "when",
]
