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
    "local_base_code",
    "local_implementation_code",
    "kind",
    "nature",
    "theme",
    "department",
    "organ_code",
)
PARTS = ("materials", "steps", "bases", "fees", "delegations", "faqs")


FIRST = frozenset(
    [
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
        "accept_levels",
        "decide_level",
        "handout",
        "delegation_basis",
        "case_type",
        "statutory_amount",
        "statutory_unit",
        "statutory_basis",
        "statutory_rule",
        "promised_amount",
        "promised_unit",
        "special_procedures",
        "service_objects",
        "mobile",
        "home_service",
        "visits",
        "conditions",
        "fee",
        "fee_standard",
        "fee_basis",
        "result_name",
        "place",
        "hours",
        "contact_phone",
        "complaint_phone",
        "source_note",
        "valid_from",
        "form_definition",
        "materials",
        "steps",
        "bases",
        "faqs",
    ]
)
FIRST_OF_PARTS = frozenset(
    [
        "name",
        "necessity",
        "kind",
        "copies",
        "source",
        "basis",
        "role",
        "workdays",
        "text",
        "question",
        "answer",
        "key",
        "label",
        "type",
        "required",
        "help",
        "options",
    ]
)
"""What a digest spells even where it is empty, since versions were published that way."""


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
    local_base_code: str = ""
    local_implementation_code: str = ""
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
    organ_nature: str = ""
    entrusted_to: str = ""
    power_source: str = ""
    statutory_note: str = ""
    promised_note: str = ""
    handling_forms: list[str] = field(default_factory=list)
    online_depth: str = ""
    online_address: str = ""
    visits_reason: str = ""
    service_scope: str = ""
    in_hall: bool = False
    by_express: bool = False
    online_payment: bool = False
    by_appointment: bool = False
    at_terminal: bool = False
    quantity_limit: str = ""
    result_type: str = ""
    result_sample: str = ""
    on_promise: bool = False
    check_workdays: int | None = None
    form_definition: list[dict[str, Any]] = field(default_factory=list)
    materials: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    bases: list[dict[str, Any]] = field(default_factory=list)
    fees: list[dict[str, Any]] = field(default_factory=list)
    delegations: list[dict[str, Any]] = field(default_factory=list)
    faqs: list[dict[str, Any]] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        """What belongs to the item itself."""
        return {name: getattr(self, name) for name in FACTS}

    def elements(self) -> dict[str, Any]:
        """What belongs to one version."""
        names = (entry.name for entry in fields(self) if entry.name not in FACTS)
        return {name: getattr(self, name) for name in names}


def told(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry of a part as cards hold it: later fields only where they say something."""
    return {name: value for name, value in entry.items() if name in FIRST_OF_PARTS or value}


def elements_digest(card: ItemCard) -> str:
    """64 hex digits that the same name and elements, and only they, share.

    An element that says nothing is left out, so that a new one changes no digest.
    """
    said = {key: _spelled(value) for key, value in card.elements().items() if key in FIRST or value}
    return hashlib.sha256(canonical_json({**said, "name": card.name}).encode()).hexdigest()


def facts_digest(card: ItemCard) -> str:
    """64 hex digits over the facts of the item."""
    said = {key: value for key, value in card.facts().items() if key in FIRST or value}
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()


def _spelled(value: Any) -> Any:
    """The value with every None spelled as an empty text, for None has no canonical spelling."""
    if isinstance(value, dict):
        return {
            key: _spelled(inner) for key, inner in value.items() if key in FIRST_OF_PARTS or inner
        }
    if isinstance(value, list):
        return [_spelled(inner) for inner in value]
    return "" if value is None else value
