"""What an API client sends and reads."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue.rules.words import NO, YES
from common.flow import Offer
from deadlines.parts import remaining
from intake.choices import AgentRole, IdType, MaterialStatus
from intake.models import Application, Case, CaseEvent, CaseMaterial, Notice
from intake.registry import handler_of
from intake.services.records import offers

MOST_ITEMS = 10
LONGEST_ANSWER = 4000
ANSWER_SCHEMA = {
    "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    "description": "a text; a list of texts where several may be chosen; true or false for yes or no",
}


class ApplicantWriteSerializer(serializers.Serializer[Any]):
    """Who applies."""

    name = serializers.CharField(max_length=100)
    id_type = serializers.ChoiceField(choices=IdType.choices, default=IdType.RESIDENT_ID.value)
    id_number = serializers.CharField(max_length=40)
    mobile = serializers.CharField(max_length=30)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    confirm_name = serializers.BooleanField(default=False)
    text_messages = serializers.BooleanField(default=False)


class AgentWriteSerializer(serializers.Serializer[Any]):
    """Who hands in for the applicant."""

    name = serializers.CharField(max_length=60)
    id_number = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    role = serializers.ChoiceField(
        choices=AgentRole.choices, default=AgentRole.AUTHORISED.value, help_text="by what right"
    )


def _worded(part: Any) -> Any:
    return (YES if part else NO) if isinstance(part, bool) else part


@extend_schema_field(ANSWER_SCHEMA)
class AnswerField(serializers.Field[Any, Any, Any, Any]):
    """A text, or a list of texts where several may be chosen."""

    def to_internal_value(self, data: Any) -> str | list[str]:
        """The answer as texts; true and false are the form's yes and no.

        Raises:
            ValidationError: something else, or longer than any field.
        """
        parts = [_worded(part) for part in (data if isinstance(data, list) else [data])]
        if not all(isinstance(part, str | int | float) for part in parts):
            raise serializers.ValidationError(_("a text or a list of texts is expected here"))
        if sum(len(str(part)) for part in parts) > LONGEST_ANSWER:
            raise serializers.ValidationError(_("this answer is too long"))
        texts = [str(part) for part in parts]
        return texts if isinstance(data, list) else texts[0]

    def to_representation(self, value: Any) -> Any:
        """The answer as stored."""
        return value


class ItemOrderWriteSerializer(serializers.Serializer[Any]):
    """One item asked for with the answers to its form, by field key."""

    code = serializers.CharField(max_length=64)
    form = serializers.DictField(child=AnswerField(), required=False, default=dict)


class MaterialWriteSerializer(serializers.Serializer[Any]):
    """A material handed in, named as in the guide, with files uploaded before."""

    name = serializers.CharField(max_length=200)
    files = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=20
    )


class ApplicationWriteSerializer(serializers.Serializer[Any]):
    """An application: one applicant, one to ten items, one set of materials."""

    point = serializers.CharField(max_length=50, help_text="code of the service point")
    items = ItemOrderWriteSerializer(many=True, allow_empty=False)
    bundle = serializers.CharField(
        max_length=64,
        required=False,
        allow_blank=True,
        default="",
        help_text="code of the bundle these items make up",
    )
    applicant = ApplicantWriteSerializer()
    agent = AgentWriteSerializer(required=False)
    materials = MaterialWriteSerializer(many=True, required=False)

    def validate_items(self, rows: list[Any]) -> list[Any]:
        """At most ten items: more is no application but a mistake."""
        if len(rows) > MOST_ITEMS:
            raise serializers.ValidationError(_("at most ten items fit one application"))
        return rows


class FileWriteSerializer(serializers.Serializer[Any]):
    """A PDF, JPEG or PNG file."""

    file = serializers.FileField(allow_empty_file=True)


class FileSerializer(serializers.Serializer[Any]):
    """A stored file; its id goes into ``materials``."""

    id = serializers.UUIDField(source="pk", read_only=True)
    name = serializers.CharField(read_only=True)
    content_type = serializers.CharField(read_only=True)
    size = serializers.IntegerField(read_only=True)
    sha256 = serializers.CharField(read_only=True)


class TimeLeftSerializer(serializers.Serializer[Any]):
    """The governing time limit."""

    text = serializers.CharField()
    tone = serializers.CharField()
    due_on = serializers.DateField()
    promised_due_on = serializers.DateField(allow_null=True)
    statutory_due_on = serializers.DateField(allow_null=True)


class CaseSerializer(serializers.ModelSerializer[Case]):
    """A case in a list."""

    item_code = serializers.CharField(source="item.code", read_only=True)
    item_name = serializers.CharField(source="item.name", read_only=True)
    step = serializers.IntegerField(
        read_only=True, help_text="cases of later steps are granted after those of earlier ones"
    )
    application = serializers.CharField(source="application.number", read_only=True)
    applicant = serializers.CharField(source="application.applicant.masked_name", read_only=True)
    department = serializers.CharField(source="department.name", read_only=True)
    state_label = serializers.CharField(read_only=True)
    time_left = serializers.SerializerMethodField()
    available_actions = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields: tuple[str, ...] = (
            "number",
            "application",
            "item_code",
            "item_name",
            "step",
            "applicant",
            "department",
            "state",
            "state_label",
            "result",
            "received_at",
            "accepted_at",
            "decided_at",
            "time_left",
            "row_version",
            "available_actions",
        )
        read_only_fields = fields

    @extend_schema_field(TimeLeftSerializer(allow_null=True))
    def get_time_left(self, case: Case) -> dict[str, Any] | None:
        """The chip in words, with both dues."""
        if case.clock is None:
            return None
        left = remaining(case.clock)
        # As TimeLeftSerializer describes it; making one for each row of a list took its seventh part.
        return {
            "text": str(left.text),
            "tone": str(left.tone),
            "due_on": left.due_on,
            "promised_due_on": case.clock.promised_due_on,
            "statutory_due_on": case.clock.statutory_due_on,
        }

    def get_available_actions(self, case: Case) -> list[str]:
        """Verbs this client may use on the case now."""
        user = self.context["request"].user
        return [offer.transition.name for offer in offers(case, user) if offer.allowed]


class MaterialSerializer(serializers.ModelSerializer[CaseMaterial]):
    """A material of a case."""

    name = serializers.CharField(read_only=True)
    necessity = serializers.CharField(read_only=True)
    status_label = serializers.CharField(source="get_status_display", read_only=True)
    status = serializers.ChoiceField(choices=MaterialStatus.choices, read_only=True)

    class Meta:
        model = CaseMaterial
        fields = ("name", "necessity", "status", "status_label", "received_at", "due_on")


class EventSerializer(serializers.ModelSerializer[CaseEvent]):
    """One step of the timeline."""

    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    actor = serializers.CharField(source="actor.__str__", read_only=True)
    data = serializers.DictField(read_only=True)  # type: ignore[assignment]

    class Meta:
        model = CaseEvent
        fields = (
            "seq",
            "at",
            "verb",
            "label",
            "actor",
            "post_label",
            "note",
            "legal_basis",
            "data",
        )


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """A paper told to the applicant."""

    number = serializers.CharField(source="paper.number", read_only=True)
    check_code = serializers.CharField(source="paper.check_code", read_only=True)

    class Meta:
        model = Notice
        fields = ("kind", "number", "check_code", "told_at", "due_on")


class FieldSerializer(serializers.Serializer[Any]):
    """One field a verb takes."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    required = serializers.BooleanField()  # type: ignore[assignment]


class ActionSerializer(serializers.Serializer[Any]):
    """A verb offered now, with what still refuses it and what it takes."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    allowed = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())
    fields = FieldSerializer(many=True)  # type: ignore[assignment]


class CaseDetailSerializer(CaseSerializer):
    """A case with everything its applicant's door may show."""

    form = serializers.SerializerMethodField()
    materials = MaterialSerializer(source="asked_materials", many=True, read_only=True)
    events = EventSerializer(many=True, read_only=True)
    notices = NoticeSerializer(many=True, read_only=True)
    actions = serializers.SerializerMethodField()

    class Meta(CaseSerializer.Meta):
        fields = (*CaseSerializer.Meta.fields, "form", "materials", "events", "notices", "actions")
        read_only_fields = fields

    def get_form(self, case: Case) -> dict[str, str]:
        """Answers by label."""
        return dict(case.filled_in)

    @extend_schema_field(ActionSerializer(many=True))
    def get_actions(self, case: Case) -> list[dict[str, Any]]:
        """Every verb that fits state and permission, refused ones with their reasons."""
        user = self.context["request"].user
        rows = [_action(case, user, offer) for offer in offers(case, user)]
        return [dict(ActionSerializer(row).data) for row in rows]


def _action(case: Case, user: Any, offer: Offer) -> dict[str, Any]:
    move = offer.transition
    form = handler_of(move.name).form_class(case=case, actor=user)
    return {
        "name": move.name,
        "label": str(move.label),
        "allowed": offer.allowed,
        "reasons": list(offer.reasons),
        "fields": [
            {"name": name, "label": str(field.label or name), "required": field.required}
            for name, field in form.fields.items()
        ],
    }


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    """An application with its cases."""

    point = serializers.CharField(source="point.code", read_only=True)
    bundle = serializers.CharField(source="bundle.code", default="", read_only=True)
    applicant = serializers.CharField(source="applicant.masked_name", read_only=True)
    cases = CaseSerializer(source="shown_cases", many=True, read_only=True)

    class Meta:
        model = Application
        fields = (
            "number",
            "check_code",
            "channel",
            "point",
            "bundle",
            "applicant",
            "received_at",
            "cases",
        )
        read_only_fields = fields


class VerbWriteSerializer(serializers.Serializer[Any]):
    """What a verb takes: its own fields (see ``actions``), and the version that was read."""

    row_version = serializers.IntegerField(required=False)
    note = serializers.CharField(required=False, allow_blank=True)
    wished = serializers.BooleanField(
        required=False,
        help_text="true for return_case and withdraw_case: the applicant asked for it himself",
    )


class ProgressCaseSerializer(serializers.Serializer[Any]):
    """One case as the holder of the receipt may know it."""

    number = serializers.CharField()
    item = serializers.CharField()
    state = serializers.CharField()
    state_label = serializers.CharField()
    outcome = serializers.CharField(allow_blank=True)
    deemed = serializers.CharField(allow_blank=True)
    next_step = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    ask = serializers.CharField()
    open_materials = serializers.ListField(child=serializers.CharField())


class ProgressSerializer(serializers.Serializer[Any]):
    """What happens next, by when, whom to ask."""

    receipt = serializers.CharField()
    applicant = serializers.CharField()
    received_at = serializers.DateTimeField()
    cases = ProgressCaseSerializer(many=True)


class SupplementWriteSerializer(serializers.Serializer[Any]):
    """One file for one open material, proved by the receipt."""

    receipt = serializers.CharField(max_length=60)
    check = serializers.CharField(max_length=20)
    case = serializers.CharField(max_length=50, help_text="number of the case")
    material = serializers.CharField(max_length=200, help_text="name of the open material")
    file = serializers.FileField(allow_empty_file=True)
