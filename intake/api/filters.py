"""Filters of the list of cases."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from intake.choices import CaseState
from intake.models import Case


class CaseFilter(django_filters.FilterSet):
    """By state, item, department, receipt, or lateness."""

    state = django_filters.MultipleChoiceFilter(choices=CaseState.choices)
    item = django_filters.CharFilter(field_name="item__code")
    department = django_filters.CharFilter(field_name="department__code")
    application = django_filters.CharFilter(field_name="application__number")
    overdue = django_filters.BooleanFilter(method="filter_overdue")

    class Meta:
        model = Case
        fields = ("state", "item", "department", "application", "overdue")

    def filter_overdue(self, rows: Any, _name: str, value: Any) -> QuerySet[Any]:
        """Past the first due, if asked."""
        return rows.overdue() if value else rows
