"""The calculator's question and answer, as the schema describes them."""

from typing import Any

from rest_framework import serializers

from deadlines.choices import Unit


class PreviewSerializer(serializers.Serializer[Any]):
    """One question: a rule or a free limit, its start, and what moved it."""

    start = serializers.DateField(help_text="first day; the event of a backward rule")
    at = serializers.CharField(required=False, help_text="HH:MM, needed where hours are counted")
    rule = serializers.CharField(required=False, help_text="such as APP-07")
    workdays = serializers.IntegerField(required=False, min_value=0, help_text="length, in unit")
    unit = serializers.ChoiceField(choices=Unit.choices, required=False, default=Unit.WORKDAY)
    named_on = serializers.DateField(required=False, help_text="the day a served paper names")
    promised_workdays = serializers.IntegerField(required=False, min_value=0)
    extend_workdays = serializers.IntegerField(
        required=False, min_value=0, help_text="moves the statutory limit only"
    )
    pauses = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(), min_length=2, max_length=3),
        required=False,
        help_text='["2021-12-08", "2021-12-17", "现场勘验"]; the ground may be left out',
    )
    end_roll = serializers.BooleanField(required=False, help_text="an end on a day off moves on")
    in_force = serializers.DateField(required=False, help_text="rules of this day; default start")


class ExplainedDaySerializer(serializers.Serializer[Any]):
    """What one day was to the limits."""

    day = serializers.DateField()
    counts = serializers.BooleanField()
    statutory_day = serializers.IntegerField(allow_null=True)
    promised_day = serializers.IntegerField(allow_null=True)
    why = serializers.CharField()
    article = serializers.CharField()
    provisional = serializers.BooleanField()


class PreviewAnswerSerializer(serializers.Serializer[Any]):
    """The dues and the explanation day by day."""

    statutory_due_on = serializers.DateField(allow_null=True)
    statutory_due_at = serializers.DateTimeField(allow_null=True, help_text="for hours only")
    promised_due_on = serializers.DateField(allow_null=True)
    provisional = serializers.BooleanField()
    explanation = ExplainedDaySerializer(many=True)
