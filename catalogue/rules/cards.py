"""An item as one flat card: what a row of a file says and what a version holds.

``FACTS`` belong to the item for as long as it lives; everything else are elements of
one version, frozen once published (FACTS 2.2).
"""

import hashlib
from dataclasses import dataclass, field, fields
from typing import Any

from catalogue.choices import CaseType, Handout, Kind, Level, Nature, ServiceObject
from common.canonical import canonical_json
from deadlines.choices import Unit as LimitUnit

FACTS = (
    "code",
    "name",
    "main_name",
    "parent_code",
    "situation",
    "base_code",
    "implementation_code",
    "handling_code",
    "kind",
    "nature",
    "theme",
    "department",
    "organ_code",
)
PARTS = ("materials", "steps", "bases", "faqs")


@dataclass
class ItemCard:
    """Facts and elements of an item, in plain values."""

    code: str = ""
    name: str = ""
    main_name: str = ""
    parent_code: str = ""
    situation: str = ""
    base_code: str = ""
    implementation_code: str = ""
    handling_code: str = ""
    kind: str = Kind.PUBLIC_SERVICE.value
    nature: str = Nature.CASE.value
    theme: str = ""
    department: str = ""
    organ_code: str = ""

    accept_levels: list[str] = field(default_factory=list)
    decide_level: str = Level.DISTRICT.value
    handout: str = Handout.POINT.value
    delegation_basis: str = ""
    case_type: str = CaseType.PROMISED.value
    statutory_amount: int | None = None
    statutory_unit: str = LimitUnit.WORKDAY.value
    statutory_basis: str = ""
    statutory_rule: str = ""
    promised_amount: int | None = None
    promised_unit: str = LimitUnit.WORKDAY.value
    special_procedures: list[str] = field(default_factory=list)
    service_objects: list[str] = field(default_factory=lambda: [ServiceObject.PERSON.value])
    mobile: bool = False
    home_service: bool = False
    visits: int | None = None
    conditions: str = ""
    fee: bool = False
    fee_standard: str = ""
    fee_basis: str = ""
    result_name: str = ""
    place: str = ""
    hours: str = ""
    contact_phone: str = ""
    complaint_phone: str = ""
    source_note: str = ""
    valid_from: str = ""
    form_definition: list[dict[str, Any]] = field(default_factory=list)
    materials: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    bases: list[dict[str, Any]] = field(default_factory=list)
    faqs: list[dict[str, Any]] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        """What belongs to the item itself."""
        return {name: getattr(self, name) for name in FACTS}

    def elements(self) -> dict[str, Any]:
        """What belongs to one version."""
        names = (entry.name for entry in fields(self) if entry.name not in FACTS)
        return {name: getattr(self, name) for name in names}


def elements_digest(card: ItemCard) -> str:
    """64 hex digits that the same name and elements, and only they, share."""
    said = {key: _spelled(value) for key, value in card.elements().items()}
    return hashlib.sha256(canonical_json({**said, "name": card.name}).encode()).hexdigest()


def facts_digest(card: ItemCard) -> str:
    """64 hex digits over the facts of the item."""
    return hashlib.sha256(canonical_json(card.facts()).encode()).hexdigest()


def _spelled(value: Any) -> Any:
    """The value with every None spelled as an empty text, for None has no canonical spelling."""
    if isinstance(value, dict):
        return {key: _spelled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_spelled(inner) for inner in value]
    return "" if value is None else value
