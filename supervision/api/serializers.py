"""Cards as JSON."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from supervision.models import Card, CardEvent
from supervision.services import offers_for


class CardSerializer(serializers.ModelSerializer[Card]):
    """A card: what for, whose, how it stands."""

    unit = serializers.CharField(source="unit.name")
    person = serializers.CharField(source="person.display_name", default="")

    class Meta:
        model = Card
        fields = (
            "id",
            "number",
            "colour",
            "source",
            "stage",
            "subject_label",
            "subject_number",
            "region_code",
            "unit",
            "person",
            "clock",
            "reason",
            "due_on",
            "written_at",
            "state",
            "answered_at",
            "appealed_at",
            "escalated_at",
        )
        read_only_fields = fields


class CardFileSerializer(serializers.Serializer[Any]):
    """A file that came with an answer or an appeal."""

    id = serializers.UUIDField(source="attachment_id")
    name = serializers.CharField(source="attachment.shown_name")
    sha256 = serializers.CharField(source="attachment.sha256")
    url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField())
    def get_url(self, file: Any) -> str:
        """Where it can be read."""
        return reverse("documents:attachment", args=(file.attachment_id,))


class CardEventSerializer(serializers.ModelSerializer[CardEvent]):
    """What happened to the card."""

    actor = serializers.CharField(source="actor.display_name")
    files = CardFileSerializer(many=True)

    class Meta:
        model = CardEvent
        fields = ("seq", "verb", "at", "actor", "post_label", "note", "files")
        read_only_fields = fields


class CardActionSerializer(serializers.Serializer[Any]):
    """A step this user may take, or why not yet."""

    verb = serializers.CharField(source="transition.name")
    label = serializers.CharField(source="transition.label")  # type: ignore[assignment]
    allowed = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())


class CardDetailSerializer(CardSerializer):
    """The card with what happened and what can be done now."""

    events = CardEventSerializer(many=True, read_only=True)
    actions = serializers.SerializerMethodField()

    class Meta(CardSerializer.Meta):
        fields = (*CardSerializer.Meta.fields, "events", "actions")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]

    @extend_schema_field(CardActionSerializer(many=True))
    def get_actions(self, card: Card) -> Any:
        """The steps open to whoever asks."""
        offers = offers_for(card, self.context["request"].user)
        return CardActionSerializer(offers, many=True).data


class CardVerbSerializer(serializers.Serializer[Any]):
    """What a step takes: the words, and for an answer or appeal up to nine files (multipart)."""

    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True), required=False, default=list
    )
