"""Filters of clocks, each a verb of the queryset or a plain column."""

import django_filters

from common import time
from deadlines.choices import ClockState, Light
from deadlines.models import Clock
from deadlines.querysets import ClockQuerySet


class ClockFilter(django_filters.FilterSet):
    """By kind, state, light, place and time."""

    kind = django_filters.CharFilter(field_name="subject_kind")
    number = django_filters.CharFilter(field_name="subject_number")
    state = django_filters.ChoiceFilter(choices=ClockState)
    light = django_filters.ChoiceFilter(choices=Light)
    region = django_filters.CharFilter(field_name="region_code", lookup_expr="startswith")
    due_from = django_filters.DateFilter(field_name="due_on", lookup_expr="gte")
    due_until = django_filters.DateFilter(field_name="due_on", lookup_expr="lte")
    overdue = django_filters.BooleanFilter(method="filter_overdue")

    class Meta:
        model = Clock
        fields = ("kind", "number", "state", "light", "region")

    def filter_overdue(self, queryset: ClockQuerySet, _name: str, value: object) -> ClockQuerySet:
        """Only those past their due, or only the others."""
        late = queryset.overdue(time.now())
        return late if value else queryset.exclude(pk__in=late.values("pk"))
