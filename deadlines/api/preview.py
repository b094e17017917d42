"""期限计算器 over the API; open to everyone, for it tells nothing but the law."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from deadlines.api.preview_serializers import PreviewAnswerSerializer, PreviewSerializer
from deadlines.services.calculating import Calculator


class PreviewView(GenericAPIView[Any]):
    """When a limit would end, and why; nothing is stored."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    serializer_class = PreviewSerializer

    @extend_schema(request=PreviewSerializer, responses={200: PreviewAnswerSerializer})
    def post(self, request: Request) -> Response:
        """The dues with their explanation; input is judged as on the page and in the command."""
        return Response(Calculator().answer(request.data).as_data())
