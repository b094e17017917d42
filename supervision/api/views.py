"""Cards over the API: read within the scope, answered by whoever holds them, judged by the office."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from common.api.pagination import NewestFirst
from common.errors import NotFound
from supervision.api.filters import CardFilter
from supervision.api.permissions import MayViewCards
from supervision.api.serializers import CardDetailSerializer, CardSerializer, CardVerbSerializer
from supervision.models import Card, CardEvent, CardFile
from supervision.services import VERBS, WITH_FILES


class CardViewSet(ReadOnlyModelViewSet[Card]):
    """Cards the user may see; ``mine=true`` are those he answers for."""

    queryset = Card.objects.none()
    serializer_class = CardSerializer
    permission_classes = (MayViewCards,)
    pagination_class = NewestFirst
    filterset_class = CardFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Card]:
        """Cards within the user's scope."""
        rows: Any = Card.objects.visible_to(self.request.user)
        return rows.for_list()

    def _shown(self, pk: str) -> Response:
        files = Prefetch("files", CardFile.objects.for_list())
        told = CardEvent.objects.select_related("actor").order_by("seq").prefetch_related(files)
        card = self.get_queryset().prefetch_related(Prefetch("events", told)).filter(pk=pk).first()
        if card is None:
            raise NotFound
        return Response(CardDetailSerializer(card, context={"request": self.request}).data)

    @extend_schema(responses=CardDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The card with what happened to it and what can be done now."""
        return self._shown(kwargs["pk"])

    @extend_schema(request=CardVerbSerializer, responses=CardDetailSerializer)
    @action(
        detail=True,
        methods=["post"],
        url_path="(?P<verb>[a-z]+)",
        url_name="verb",
        parser_classes=(JSONParser, MultiPartParser),
    )
    def do(self, request: Request, pk: str, verb: str) -> Response:
        """One step: ``acknowledge``, ``answer``, ``appeal``, ``uphold`` or ``revoke``."""
        if verb not in VERBS:
            raise NotFound
        given = CardVerbSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = {"note": given.validated_data["note"]}
        if verb in WITH_FILES:
            asked["files"] = given.validated_data["files"]
        VERBS[verb](card_id=int(pk), actor=request.user, **asked)
        return self._shown(pk)
