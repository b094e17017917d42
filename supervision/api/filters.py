"""Filters of cards, each a verb of the queryset or a plain column."""

import django_filters

from supervision.choices import CardColour, CardState
from supervision.models import Card
from supervision.querysets import CardQuerySet


class CardFilter(django_filters.FilterSet):
    """By colour, state, matter, holder, and whether somebody must act."""

    colour = django_filters.ChoiceFilter(choices=CardColour)
    state = django_filters.ChoiceFilter(choices=CardState)
    number = django_filters.CharFilter()
    matter = django_filters.CharFilter(field_name="subject_number")
    clock = django_filters.NumberFilter(field_name="clock_id")
    mine = django_filters.BooleanFilter(method="filter_mine", help_text="those I answer for")
    standing = django_filters.BooleanFilter(
        method="filter_standing", help_text="neither answered nor revoked"
    )
    waiting = django_filters.BooleanFilter(
        method="filter_waiting", help_text="answered or appealed, not decided since"
    )

    class Meta:
        model = Card
        fields = ("colour", "state", "number")

    def filter_mine(self, cards: CardQuerySet, _name: str, value: object) -> CardQuerySet:
        """Those the user answers for, or the others."""
        mine = Card.objects.held_by(self.request.user)
        return cards.filter(pk__in=mine) if value else cards.exclude(pk__in=mine)

    def filter_standing(self, cards: CardQuerySet, _name: str, value: object) -> CardQuerySet:
        """Those nobody answered yet, or the others."""
        return cards.standing() if value else cards.exclude(pk__in=Card.objects.standing())

    def filter_waiting(self, cards: CardQuerySet, _name: str, value: object) -> CardQuerySet:
        """Those the supervision office must decide, or the others."""
        waiting = Card.objects.waiting().order_by().values("pk")
        return cards.filter(pk__in=waiting) if value else cards.exclude(pk__in=waiting)
