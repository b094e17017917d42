"""Between rows of the database and cards."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from catalogue.errors import ItemNotFound, ItemNotInForce
from catalogue.models import (
    Faq,
    Item,
    ItemVersion,
    MaterialRequirement,
    Step,
    VersionBasis,
)
from catalogue.querysets import unit_of_level
from catalogue.rules.cards import FACTS, PARTS, ItemCard
from deadlines.models import ClockRule
from organisations.models import ServicePoint, Unit

Part = MaterialRequirement | Step | VersionBasis | Faq
PART_MODELS: dict[str, type[Part]] = {
    "materials": MaterialRequirement,
    "steps": Step,
    "bases": VersionBasis,
    "faqs": Faq,
}
PART_FIELDS = {
    "materials": ("name", "necessity", "kind", "copies", "source", "basis"),
    "steps": ("name", "role", "workdays"),
    "bases": ("text",),
    "faqs": ("question", "answer"),
}
LINKS = ("department", "parent_code")
ODD_ELEMENTS = ("statutory_rule", "valid_from", *PARTS)
LOOKUP_BATCH = 500


def own_facts() -> tuple[str, ...]:
    """Facts that are plain columns of the item."""
    return tuple(name for name in FACTS if name not in LINKS)


def plain_elements() -> tuple[str, ...]:
    """Elements that a version carries under the same name and value."""
    return tuple(name for name in ItemCard().elements() if name not in ODD_ELEMENTS)


def card_of(version: ItemVersion) -> ItemCard:
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


def _entries(version: ItemVersion, part: str) -> list[dict[str, Any]]:
    rows = getattr(version, part).all()
    return [{name: getattr(row, name) for name in PART_FIELDS[part]} for row in rows]


def cards_by_code(codes: Iterable[str]) -> Iterator[tuple[ItemVersion, ItemCard]]:
    """The newest version of each stored item among the codes, with its card."""
    remaining = iter(codes)
    while batch := list(islice(remaining, LOOKUP_BATCH)):
        newest: dict[int, ItemVersion] = {}
        for version in ItemVersion.objects.filter(item__code__in=batch).with_parts():
            known = newest.get(version.item_id)
            if known is None or known.number < version.number:
                newest[version.item_id] = version
        yield from ((version, card_of(version)) for version in newest.values())


def newest_version(item: Item) -> ItemVersion:
    """The draft if there is one, else the version drafted last."""
    return item.versions.with_parts().order_by("-number")[0]


def write_elements(version: ItemVersion, card: ItemCard) -> None:
    """The version holds the card's elements and parts; stored."""
    fresh = version.pk is None
    version.name = card.name
    for name in plain_elements():
        setattr(version, name, getattr(card, name))
    version.valid_from = date.fromisoformat(card.valid_from) if card.valid_from else None
    version.statutory_rule = _rule(card.statutory_rule)
    version.save()
    for part in PARTS:
        if not fresh:
            PART_MODELS[part].objects.filter(version=version).delete()
        _write_part(version, part, getattr(card, part))


def _rule(code: str) -> ClockRule | None:
    return ClockRule.objects.filter(code=code).order_by("-version").first() if code else None


def _write_part(version: ItemVersion, part: str, entries: list[dict[str, Any]]) -> None:
    if not entries:
        return
    model: Any = PART_MODELS[part]
    model.objects.bulk_create(
        model(version=version, order=order, **entry) for order, entry in enumerate(entries, start=1)
    )


def version_for_case(*, code: str) -> ItemVersion:
    """The version in force on which a case of this item may be opened now.

    Raises:
        ItemNotFound: no such item.
        ItemNotInForce: suspended, abolished, never published, or an item that opens no case.
    """
    item = Item.objects.for_list().filter(code=code).first()
    if item is None:
        raise ItemNotFound(item_code=code)
    if not item.opens_cases or item.current is None:
        raise ItemNotInForce(item_code=code)
    return item.current


def deciding_unit(*, version: ItemVersion, point: ServicePoint) -> Unit:
    """Who decides a case taken at the point: the street, the community, else the department."""
    return unit_of_level(version.decide_level, point) or version.item.department
