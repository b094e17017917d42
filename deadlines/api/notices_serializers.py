"""What loading a notice answers, as the schema describes it."""

from typing import Any

from rest_framework import serializers


class DayChangeSerializer(serializers.Serializer[Any]):
    """A day the new edition sees otherwise."""

    day = serializers.DateField()
    was_workday = serializers.BooleanField()
    is_workday = serializers.BooleanField()
    label_before = serializers.CharField(allow_blank=True)
    label_after = serializers.CharField(allow_blank=True)


class PreviewedSerializer(serializers.Serializer[Any]):
    """What a notice would change."""

    title = serializers.CharField()
    edition = serializers.CharField()
    official_until = serializers.DateField()
    changes = DayChangeSerializer(many=True)


class LoadedSerializer(serializers.Serializer[Any]):
    """The edition in force since the notice was loaded."""

    edition = serializers.CharField(source="edition.code")
    official_until = serializers.DateField(source="edition.official_until")
