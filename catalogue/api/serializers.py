"""Items as an API client reads them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue.models import (
    Bundle,
    BundlePart,
    Delegation,
    Faq,
    Fee,
    Item,
    ItemVersion,
    MaterialRequirement,
    Step,
)
from catalogue.models.cards import PART_FIELDS
from catalogue.parts import merged_materials

LIMIT_FIELDS = ("amount", "unit", "text", "basis")


class ItemLimitSerializer(serializers.Serializer):
    """A limit with its unit, in words, and what it rests on."""

    amount = serializers.IntegerField()
    unit = serializers.CharField()
    text = serializers.CharField()
    basis = serializers.CharField(allow_blank=True)


class MaterialRequirementSerializer(serializers.ModelSerializer[MaterialRequirement]):
    """A material the guide asks for."""

    class Meta:
        model = MaterialRequirement
        fields = ("id", "order", *PART_FIELDS["materials"])


class ItemStepSerializer(serializers.ModelSerializer[Step]):
    """A step of the procedure."""

    class Meta:
        model = Step
        fields = ("order", *PART_FIELDS["steps"])


class ItemFeeSerializer(serializers.ModelSerializer[Fee]):
    """A fee with its rate."""

    class Meta:
        model = Fee
        fields = PART_FIELDS["fees"]


class ItemDelegationSerializer(serializers.ModelSerializer[Delegation]):
    """To whom the item was handed down."""

    class Meta:
        model = Delegation
        fields = PART_FIELDS["delegations"]


class ItemFaqSerializer(serializers.ModelSerializer[Faq]):
    """A question with its answer."""

    class Meta:
        model = Faq
        fields = ("question", "answer")


class ItemFieldConditionSerializer(serializers.Serializer):
    """An earlier field and the answers that fulfil the condition."""

    field = serializers.CharField()
    among = serializers.ListField(child=serializers.CharField())


class ItemFormFieldSerializer(serializers.Serializer):
    """A field of the item's form."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the client's word for it
    type = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    help = serializers.CharField(allow_blank=True)
    options = serializers.ListField(child=serializers.CharField())
    shown_if = ItemFieldConditionSerializer(required=False)
    required_if = ItemFieldConditionSerializer(required=False)
    least = serializers.CharField(required=False)
    most = serializers.CharField(required=False)
    longest = serializers.CharField(required=False)
    prefill = serializers.CharField(required=False)


class ItemDepartmentSerializer(serializers.Serializer):
    """The unit in charge."""

    code = serializers.CharField()
    name = serializers.CharField()


class ItemSerializer(serializers.ModelSerializer[Item]):
    """A row of the list."""

    department = ItemDepartmentSerializer(read_only=True)
    version = serializers.IntegerField(source="current.number", read_only=True)
    accept_levels = serializers.ListField(
        child=serializers.CharField(),
        source="current.accept_levels",
        read_only=True,
    )
    case_type = serializers.CharField(source="current.case_type", read_only=True)
    mobile = serializers.BooleanField(source="current.mobile", read_only=True)
    opens_cases = serializers.BooleanField(read_only=True)
    statutory_limit = serializers.SerializerMethodField()
    promised_limit = serializers.SerializerMethodField()

    class Meta:
        model = Item
        fields: tuple[str, ...] = (
            "code",
            "name",
            "kind",
            "nature",
            "theme",
            "department",
            "version",
            "accept_levels",
            "case_type",
            "mobile",
            "opens_cases",
            "statutory_limit",
            "promised_limit",
        )

    @extend_schema_field(ItemLimitSerializer(allow_null=True))
    def get_statutory_limit(self, item: Item) -> dict[str, object] | None:
        """The limit of the law."""
        version = item.current
        if version is None or version.statutory_amount is None:
            return None
        values = version.statutory_amount, version.statutory_unit, version.statutory_text
        return dict(zip(LIMIT_FIELDS, (*values, version.statutory_basis), strict=True))

    @extend_schema_field(ItemLimitSerializer(allow_null=True))
    def get_promised_limit(self, item: Item) -> dict[str, object] | None:
        """The published promise."""
        version = item.current
        if version is None or version.promised_amount is None:
            return None
        values = version.promised_amount, version.promised_unit, version.promised_text
        return dict(zip(LIMIT_FIELDS, (*values, ""), strict=True))


class ItemVersionSerializer(serializers.ModelSerializer[ItemVersion]):
    """The elements of the version in force."""

    materials = MaterialRequirementSerializer(many=True, read_only=True)
    steps = ItemStepSerializer(many=True, read_only=True)
    bases: serializers.SlugRelatedField = serializers.SlugRelatedField(
        many=True, read_only=True, slug_field="text"
    )
    fees = ItemFeeSerializer(many=True, read_only=True)
    delegations = ItemDelegationSerializer(many=True, read_only=True)
    faqs = ItemFaqSerializer(many=True, read_only=True)
    handling_forms = serializers.ListField(child=serializers.CharField(), read_only=True)
    form_definition = ItemFormFieldSerializer(many=True, read_only=True)
    service_objects = serializers.ListField(child=serializers.CharField(), read_only=True)
    special_procedures = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = ItemVersion
        fields = (
            "number",
            "published_at",
            "valid_from",
            "decide_level",
            "handout",
            "delegation_basis",
            "special_procedures",
            "service_objects",
            "home_service",
            "visits",
            "conditions",
            "bases",
            "materials",
            "steps",
            "fee",
            "fee_standard",
            "fee_basis",
            "fees",
            "delegations",
            "organ_nature",
            "entrusted_to",
            "power_source",
            "statutory_note",
            "promised_note",
            "handling_forms",
            "online_depth",
            "online_address",
            "visits_reason",
            "service_scope",
            "in_hall",
            "by_express",
            "online_payment",
            "by_appointment",
            "at_terminal",
            "quantity_limit",
            "on_promise",
            "check_workdays",
            "result_type",
            "result_sample",
            "result_name",
            "place",
            "hours",
            "contact_phone",
            "complaint_phone",
            "faqs",
            "form_definition",
            "source_note",
        )


class ItemSituationSerializer(serializers.ModelSerializer[Item]):
    """A situation of the item that has a guide of its own."""

    class Meta:
        model = Item
        fields = ("code", "name", "situation")


class ItemDetailSerializer(ItemSerializer):
    """The whole guide."""

    guide = ItemVersionSerializer(source="current", read_only=True)
    situations = ItemSituationSerializer(many=True, read_only=True)

    class Meta(ItemSerializer.Meta):
        fields = (
            *ItemSerializer.Meta.fields,
            "main_name",
            "situation",
            "base_code",
            "implementation_code",
            "handling_code",
            "local_base_code",
            "local_implementation_code",
            "situations",
            "guide",
        )


class BundlePartSerializer(serializers.ModelSerializer[BundlePart]):
    """An item of a bundle; items of one step go side by side, steps one after another."""

    code = serializers.CharField(source="item.code", read_only=True)
    name = serializers.CharField(source="item.name", read_only=True)

    class Meta:
        model = BundlePart
        fields = ("code", "name", "step")


class BundleMaterialSerializer(serializers.Serializer):
    """A material the items ask for, handed in once."""

    name = serializers.CharField()
    necessity = serializers.CharField()
    copies = serializers.IntegerField()
    serves = serializers.ListField(child=serializers.CharField())


class BundleSerializer(serializers.ModelSerializer[Bundle]):
    """A bundle in a list."""

    lead = ItemDepartmentSerializer(read_only=True)
    items = BundlePartSerializer(source="parts", many=True, read_only=True)

    class Meta:
        model = Bundle
        fields: tuple[str, ...] = ("code", "name", "about", "lead", "is_open", "items")


class BundleDetailSerializer(BundleSerializer):
    """A bundle with the one set of materials."""

    materials = serializers.SerializerMethodField()

    class Meta(BundleSerializer.Meta):
        fields = (*BundleSerializer.Meta.fields, "materials")

    @extend_schema_field(BundleMaterialSerializer(many=True))
    def get_materials(self, bundle: Bundle) -> list[dict[str, Any]]:
        """Each material once."""
        rows = merged_materials(bundle)
        return [dict(BundleMaterialSerializer(row).data) for row in rows]
