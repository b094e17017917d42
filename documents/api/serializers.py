"""The public check of a paper as JSON."""

from typing import Any

from rest_framework import serializers

from documents.choices import Verdict
from documents.models import IssuedNumber, Paper
from documents.rules import CODE_LENGTH


class CheckSerializer(serializers.Serializer[Any]):
    """Number and check code as printed on the paper."""

    number = serializers.CharField(max_length=100)
    code = serializers.CharField(max_length=CODE_LENGTH * 2)


class VoidSerializer(serializers.ModelSerializer[IssuedNumber]):
    """Since when the number is void, and why."""

    class Meta:
        model = IssuedNumber
        fields = ("voided_at", "void_reason")
        read_only_fields = fields


class CheckedPaperSerializer(serializers.ModelSerializer[Paper]):
    """No more than the paper prints, and no person."""

    void = VoidSerializer(allow_null=True)

    class Meta:
        model = Paper
        fields = ("title", "number", "organ", "issued_at", "sha256", "void")
        read_only_fields = fields


class CheckAnswerSerializer(serializers.Serializer[Any]):
    """What became of the check."""

    verdict = serializers.ChoiceField(choices=Verdict.choices)
    paper = CheckedPaperSerializer(allow_null=True)
