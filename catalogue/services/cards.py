"""Between rows of the database and cards."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction

from catalogue.choices import UNPUBLISHED
from catalogue.errors import ItemNotFound, ItemNotInForce
from catalogue.models import (
    Delegation,
    Faq,
    Fee,
    Item,
    ItemVersion,
    LintFinding,
    MaterialRequirement,
    Step,
    VersionBasis,
)
from catalogue.models.cards import plain_elements
from catalogue.querysets import IN_FORCE, unit_of_level
from catalogue.rules.cards import PARTS, ItemCard
from catalogue.rules.citations import citation
from catalogue.rules.lint import findings
from deadlines.models import ClockRule
from organisations.models import ServicePoint, Unit

Part = MaterialRequirement | Step | VersionBasis | Fee | Delegation | Faq
PART_MODELS: dict[str, type[Part]] = {
    "materials": MaterialRequirement,
    "steps": Step,
    "bases": VersionBasis,
    "fees": Fee,
    "delegations": Delegation,
    "faqs": Faq,
}
LOOKUP_BATCH = 500


def card_of(version: ItemVersion) -> ItemCard:
    """The card of one version; its name is the version's, its other facts the item's."""
    return version.card()


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


def known_codes(codes: Iterable[str]) -> set[str]:
    """Those of the codes that an item has."""
    remaining, found = iter(codes), set[str]()
    while batch := list(islice(remaining, LOOKUP_BATCH)):
        found.update(Item.objects.filter(code__in=batch).values_list("code", flat=True))
    return found


def newest_version(item: Item) -> ItemVersion:
    """The draft if there is one, else the version drafted last."""
    return item.versions.with_parts().order_by("-number")[0]


def write_elements(version: ItemVersion, card: ItemCard) -> None:
    """The version holds the card's elements and parts; stored."""
    fresh = version.pk is None
    fill_elements(version, card, _rule(card.statutory_rule))
    version.save()
    for part in PARTS:
        if not fresh:
            PART_MODELS[part].objects.filter(version=version).delete()
        _write_part(version, part, getattr(card, part))
    note_findings(version, card, fresh=fresh)


def fill_elements(version: ItemVersion, card: ItemCard, rule: ClockRule | None) -> None:
    """The version says what the card says, its parts left out; not stored yet."""
    version.name = card.name
    for name in plain_elements():
        setattr(version, name, getattr(card, name))
    version.valid_from = date.fromisoformat(card.valid_from) if card.valid_from else None
    version.statutory_rule = rule


def note_findings(version: ItemVersion, card: ItemCard, *, fresh: bool = False) -> None:
    """What today's checks find in the version stands beside it."""
    if not fresh:
        LintFinding.objects.filter(version=version).delete()
    LintFinding.objects.bulk_create(
        LintFinding(version=version, code=found.check.code, severity=found.check.severity)
        for found in findings(card)
    )


def check_again() -> int:
    """Every version in force or on its way is checked by today's rules; how many there were."""
    rows = ItemVersion.objects.filter(state__in=(*UNPUBLISHED, *IN_FORCE)).with_parts()
    number = 0
    for version in rows.iterator(chunk_size=LOOKUP_BATCH):
        with transaction.atomic():
            note_findings(version, version.card())
        number += 1
    return number


def _rule(code: str) -> ClockRule | None:
    return ClockRule.objects.filter(code=code).order_by("-version").first() if code else None


def _write_part(version: ItemVersion, part: str, entries: list[dict[str, Any]]) -> None:
    if entries:
        model: Any = PART_MODELS[part]
        model.objects.bulk_create(part_rows(version, part, entries))


def part_rows(version: ItemVersion, part: str, entries: list[dict[str, Any]]) -> list[Part]:
    """The entries as rows of the version, in their order; not stored yet."""
    model: Any = PART_MODELS[part]
    return [
        model(version=version, order=order, **entry, **_derived(part, entry))
        for order, entry in enumerate(entries, start=1)
    ]


def _derived(part: str, entry: dict[str, Any]) -> dict[str, Any]:
    """What is found in the entry and kept beside it, so that it can be searched."""
    if part != "bases":
        return {}
    cited = citation(entry["text"])
    return {"law": cited.law, "articles": cited.articles}


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
