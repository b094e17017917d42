"""What a client may narrow the list by."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalogue.choices import Kind, Level, Nature
from catalogue.models import Item
from catalogue.querysets import ItemQuerySet


class ItemFilter(django_filters.FilterSet):
    """Filters over the verbs of the queryset."""

    search = django_filters.CharFilter(
        method="by_search",
        help_text=_("name, pinyin initials, pinyin or the beginning of the code"),
    )
    accepts = django_filters.ChoiceFilter(
        choices=Level,
        method="by_level",
        help_text=_("accepted at windows of this level"),
    )
    mobile = django_filters.BooleanFilter(field_name="current__mobile")
    department = django_filters.CharFilter(
        method="by_department",
        help_text=_("code of the unit in charge"),
    )
    theme = django_filters.CharFilter(field_name="theme")
    kind = django_filters.ChoiceFilter(choices=Kind)
    nature = django_filters.ChoiceFilter(choices=Nature)

    class Meta:
        model = Item
        fields = ("search", "accepts", "mobile", "department", "theme", "kind", "nature")

    def by_search(self, rows: ItemQuerySet, _name: str, value: str) -> QuerySet[Item]:
        """Items that answer to the words."""
        return rows.search(value)

    def by_level(self, rows: ItemQuerySet, _name: str, value: str) -> QuerySet[Item]:
        """Items accepted at the level."""
        return rows.accepted_at_level(value)

    def by_department(self, rows: ItemQuerySet, _name: str, value: str) -> QuerySet[Item]:
        """Items of the unit."""
        return rows.of_department(value)
