"""Clocks as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from deadlines.models import Clock
from deadlines.parts import remaining


class RemainingSerializer(serializers.Serializer[Any]):
    """The words of the chip and their parts."""

    tone = serializers.CharField()
    text = serializers.CharField()
    workdays = serializers.IntegerField()
    hours = serializers.IntegerField()


class ClockSerializer(serializers.ModelSerializer[Clock]):
    """A clock with its dues, state and remaining time."""

    department = serializers.CharField(source="department.name")
    handler = serializers.CharField(source="handler.display_name", default="")
    rule = serializers.CharField(source="rule.code", default="")
    remaining = serializers.SerializerMethodField()

    class Meta:
        model = Clock
        fields = (
            "id",
            "subject_kind",
            "subject_number",
            "subject_label",
            "region_code",
            "department",
            "handler",
            "topic_code",
            "debtor",
            "rule",
            "verified",
            "state",
            "light",
            "started_at",
            "promised_due_on",
            "statutory_due_on",
            "due_on",
            "due_at",
            "provisional",
            "told_until",
            "finished_at",
            "remaining",
        )
        read_only_fields = fields

    @extend_schema_field(RemainingSerializer)
    def get_remaining(self, clock: Clock) -> dict[str, Any]:
        """The chip in words."""
        return dict(RemainingSerializer(remaining(clock)).data)
