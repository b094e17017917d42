"""HTTP doors of intake; each method reads, calls one service, answers."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, permissions, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.idempotency import idempotent
from common.errors import InvalidInput
from documents.services import store_attachment
from intake.api.filters import CaseFilter
from intake.api.serializers import (
    ApplicationSerializer,
    ApplicationWriteSerializer,
    CaseDetailSerializer,
    CaseSerializer,
    FileSerializer,
    FileWriteSerializer,
    ProgressSerializer,
    SupplementWriteSerializer,
    VerbWriteSerializer,
)
from intake.errors import CaseNotFound
from intake.forms.acting import act_on
from intake.forms.online import given_application
from intake.models import Application, Case
from intake.parts import CaseProgress, asker_of, progress_of
from intake.services import hand_in_application
from intake.services.progress import find_by_receipt
from intake.services.supplements import hand_in_supplement

KEY_HEADER = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True
)


def refuse_without(request: Request, permission: str) -> None:
    """Nothing happens if the permission is held.

    Raises:
        PermissionDenied: it is not.
    """
    if not request.user.has_perm(permission):
        raise PermissionDenied


def fields_of(body: Any) -> Mapping[str, Any]:
    """The fields of a request's body.

    Raises:
        InvalidInput: the body is a list, a text or a number.
    """
    if not isinstance(body, Mapping):
        raise InvalidInput(_("send an object with the fields of this step"))
    return body


class FileView(GenericAPIView[Any]):
    """Files handed in before the application that needs them."""

    parser_classes = (MultiPartParser,)
    serializer_class = FileWriteSerializer

    @extend_schema(request=FileWriteSerializer, responses={201: FileSerializer})
    def post(self, request: Request) -> Response:
        """The file is stored and may be named in ``materials`` of this client's requests."""
        refuse_without(request, "intake.submit_case")
        serializer = FileWriteSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        upload = serializer.validated_data["file"]
        actor: Any = request.user
        unit = actor.unit
        stored = store_attachment(
            upload=upload,
            name=upload.name,
            actor=actor,
            region_code=unit.region_id if unit else "",
        )
        return Response(FileSerializer(stored).data, status=status.HTTP_201_CREATED)


class ApplicationViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Application]
):
    """Applications of this client."""

    serializer_class = ApplicationSerializer
    queryset = Application.objects.none()
    lookup_field = "number"
    lookup_value_regex = "[A-Za-z0-9-]+"

    def get_queryset(self) -> QuerySet[Application]:
        """Within the scope, with cases and clocks."""
        rows: Any = Application.objects.visible_to(self.request.user).for_list()
        return rows.prefetch_related("cases__version", "cases__materials__requirement")

    @extend_schema(
        request=ApplicationWriteSerializer,
        responses={201: ApplicationSerializer},
        parameters=[KEY_HEADER],
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """The application is submitted: number, check characters, one case an item."""
        refuse_without(request, "intake.submit_case")
        serializer = ApplicationWriteSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        actor: Any = request.user
        application = hand_in_application(
            actor=actor, **given_application(serializer.validated_data, actor)
        )
        if not application.opened:
            application = self.get_queryset().get(pk=application.pk)
        return Response(self.get_serializer(application).data, status=status.HTTP_201_CREATED)


class CaseViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Case]):
    """Cases within the client's or person's scope."""

    serializer_class = CaseSerializer
    queryset = Case.objects.none()
    lookup_field = "number"
    lookup_value_regex = "[A-Za-z0-9-]+"
    filterset_class = CaseFilter

    def get_queryset(self) -> QuerySet[Case]:
        """Within the scope, with what a row shows."""
        refuse_without(self.request, "intake.view_case")
        rows: Any = Case.objects.visible_to(self.request.user)
        return rows.for_page().with_materials()

    def _case(self, number: str) -> Case:
        case = self.get_queryset().filter(number=number).first()
        if case is None:
            raise CaseNotFound
        return case

    def _shown(self, number: str) -> Response:
        serializer = CaseDetailSerializer(self._case(number), context={"request": self.request})
        return Response(serializer.data)

    @extend_schema(responses=CaseDetailSerializer)
    def retrieve(self, request: Request, number: str) -> Response:
        """The case with form, materials, timeline, notices and what can be done now."""
        return self._shown(number)

    @extend_schema(request=VerbWriteSerializer, responses=CaseDetailSerializer)
    @action(detail=True, methods=["post"], url_path="(?P<verb>[a-z_]+)", url_name="verb")
    def do(self, request: Request, number: str, verb: str) -> Response:
        """The verb is carried out by the same form as in the admin."""
        case = self._case(number)
        actor: Any = request.user
        act_on(case, verb, fields_of(request.data), actor=actor)
        return self._shown(number)


class ProgressView(GenericAPIView[Any]):
    """Progress for whoever holds a receipt; no account needed."""

    authentication_classes = ()
    permission_classes = (permissions.AllowAny,)
    serializer_class = ProgressSerializer

    @extend_schema(
        parameters=[
            OpenApiParameter("receipt", str, required=True),
            OpenApiParameter("check", str, required=True),
        ]
    )
    def get(self, request: Request) -> Response:
        """What happens next, by when, whom to ask."""
        application = find_by_receipt(
            receipt=request.query_params.get("receipt", "")[:60],
            check=request.query_params.get("check", "")[:20],
            asker=asker_of(request._request),  # noqa: SLF001 - DRF's own door to Django's request
        )
        return Response(_progress(application))


class SupplementView(GenericAPIView[Any]):
    """A file for a material still open, from whoever holds the receipt; no account needed."""

    authentication_classes = ()
    permission_classes = (permissions.AllowAny,)
    parser_classes = (MultiPartParser,)
    serializer_class = SupplementWriteSerializer

    @extend_schema(request=SupplementWriteSerializer, responses={201: ProgressSerializer})
    def post(self, request: Request) -> Response:
        """The file lies with the case and the window is told; the progress is answered."""
        serializer = SupplementWriteSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        asker = asker_of(request._request)  # noqa: SLF001 - DRF's own door to Django's request
        proof = {"receipt": given["receipt"], "check": given["check"], "asker": asker}
        application = find_by_receipt(**proof)
        files = {given["material"]: given["file"]}
        hand_in_supplement(application=application, case_number=given["case"], files=files)
        shown = _progress(find_by_receipt(**proof))
        return Response(shown, status=status.HTTP_201_CREATED)


def _progress(application: Application) -> dict[str, Any]:
    body = {
        "receipt": application.number,
        "applicant": application.applicant.masked_public_name,
        "received_at": application.received_at,
        "cases": [_progress_row(row) for row in progress_of(application)],
    }
    return dict(ProgressSerializer(body).data)


def _progress_row(row: CaseProgress) -> dict[str, Any]:
    case = row.case
    clock = case.clock
    waits = clock is not None and clock.is_open and not row.over
    return {
        "number": case.number,
        "item": case.item.name,
        "state": case.state,
        "state_label": case.state_label,
        "outcome": str(row.outcome),
        "deemed": case.deemed_words,
        "next_step": str(row.step.text),
        "due_on": clock.due_on if clock and waits else None,
        "ask": row.ask,
        "open_materials": [material.name for material in row.wanted],
    }
