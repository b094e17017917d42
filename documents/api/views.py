"""Whether a paper is genuine, over the API; open to everyone, as the page is."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from documents.api.serializers import CheckAnswerSerializer, CheckSerializer
from documents.rules import verdict_on
from documents.services import check_paper


class CheckView(GenericAPIView[Any]):
    """Genuine, void or unknown; whoever guesses too often waits."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    serializer_class = CheckSerializer

    @extend_schema(parameters=[CheckSerializer], responses={200: CheckAnswerSerializer})
    def get(self, request: Request) -> Response:
        """What the paper prints, if number and check code belong together."""
        asked = CheckSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        asker = str(request.META.get("REMOTE_ADDR", ""))
        paper = check_paper(asker=asker, **asked.validated_data)
        answer = {"verdict": verdict_on(paper), "paper": paper}
        return Response(CheckAnswerSerializer(answer).data, headers={"Cache-Control": "no-store"})
