"""Clocks, read only, within the user's scope."""

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.viewsets import ReadOnlyModelViewSet

from common.api.pagination import NewestFirst
from deadlines.api.filters import ClockFilter
from deadlines.api.permissions import MayViewClocks
from deadlines.api.serializers import ClockSerializer
from deadlines.models import Clock


class ClockViewSet(ReadOnlyModelViewSet[Clock]):
    """Time limits of the matters the user may see."""

    queryset = Clock.objects.none()
    serializer_class = ClockSerializer
    permission_classes = (MayViewClocks,)
    pagination_class = NewestFirst
    filter_backends = (DjangoFilterBackend,)
    filterset_class = ClockFilter

    def get_queryset(self) -> QuerySet[Clock]:
        """Clocks within the user's scope."""
        return Clock.objects.visible_to(self.request.user).for_list()
