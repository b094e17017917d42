"""Loading a holiday notice over the API: first what it would change, then the change."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import InvalidInput
from common.jobs import nudge
from deadlines.api.notices_serializers import LoadedSerializer, PreviewedSerializer
from deadlines.services import load_notice, preview_notice
from deadlines.tasks import count_anew

ANY_OBJECT = {"application/json": {"type": "object"}}


class _NoticeView(GenericAPIView[Any]):
    """For those who may load a notice; the body is the notice as a file would hold it."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Others are refused before anything is read."""
        super().initial(request, *args, **kwargs)
        if not request.user.has_perm("deadlines.add_calendarnotice"):
            raise PermissionDenied

    def notice(self) -> dict[str, Any]:
        """The body.

        Raises:
            InvalidInput: it is no object.
        """
        if not isinstance(self.request.data, dict):
            raise InvalidInput
        return self.request.data


class NoticePreviewView(_NoticeView):
    """What a notice would change; nothing is stored."""

    serializer_class = PreviewedSerializer

    @extend_schema(request=ANY_OBJECT, responses={200: PreviewedSerializer})
    def post(self, request: Request) -> Response:
        """Every day that the new edition would see otherwise."""
        return Response(PreviewedSerializer(preview_notice(self.notice())).data)


class NoticeView(_NoticeView):
    """A notice is loaded; open time limits are counted anew by a worker."""

    serializer_class = LoadedSerializer

    @extend_schema(request=ANY_OBJECT, responses={201: LoadedSerializer})
    def post(self, request: Request) -> Response:
        """The edition that counts from now on."""
        actor: Any = request.user
        loaded = load_notice(actor=actor, notice=self.notice())
        nudge(count_anew)
        return Response(LoadedSerializer(loaded).data, status=status.HTTP_201_CREATED)
