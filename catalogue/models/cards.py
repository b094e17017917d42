"""A version read as a flat card."""

from typing import Any

from catalogue.rules.cards import FACTS, PARTS, ItemCard, told

PART_FIELDS = {
    "materials": (
        "name",
        "necessity",
        "kind",
        "copies",
        "source",
        "basis",
        "form",
        "spec",
        "source_note",
        "standard",
        "filling_notes",
        "blank_form",
        "sample",
        "valid_months",
    ),
    "steps": ("name", "role", "workdays", "standard", "result"),
    "bases": ("text",),
    "fees": ("name", "standard", "basis", "exemption", "exemption_basis"),
    "delegations": ("level", "region_code", "from_on", "to_on", "document"),
    "faqs": ("question", "answer"),
}
LINKS = ("department", "parent_code")
ODD_ELEMENTS = ("statutory_rule", "valid_from", *PARTS)


def own_facts() -> tuple[str, ...]:
    """Facts that are plain columns of the item."""
    return tuple(name for name in FACTS if name not in LINKS)


def plain_elements() -> tuple[str, ...]:
    """Elements that a version carries under the same name and value."""
    return tuple(name for name in ItemCard().elements() if name not in ODD_ELEMENTS)


def read_card(version: Any) -> ItemCard:
    """The card of one version; its name is the version's, its other facts the item's."""
    item = version.item
    values: dict[str, Any] = {name: getattr(item, name) for name in own_facts()}
    values |= {name: getattr(version, name) for name in plain_elements()}
    values |= {part: _entries(version, part) for part in PARTS}
    return ItemCard(
        **{
            **values,
            "name": version.name,
            "department": item.department.code,
            "parent_code": item.parent.code if item.parent else "",
            "statutory_rule": version.statutory_rule.code if version.statutory_rule else "",
            "valid_from": version.valid_from.isoformat() if version.valid_from else "",
        },
    )


def _entries(version: Any, part: str) -> list[dict[str, Any]]:
    rows = getattr(version, part).all()
    return [told({name: getattr(row, name) for name in PART_FIELDS[part]}) for row in rows]
