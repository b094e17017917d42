"""Many new items at once: the same rows, events and signals as one by one, in few statements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from catalogue import signals
from catalogue.choices import VersionState
from catalogue.errors import ItemCodeTaken
from catalogue.models import Item, ItemEvent, ItemVersion, LintFinding
from catalogue.rules.cards import PARTS, ItemCard, elements_digest
from catalogue.rules.lint import Finding, findings
from catalogue.services.cards import PART_MODELS, fill_elements, known_codes, part_rows
from catalogue.services.items import facts_of, refuse_unfit
from catalogue.transitions import VERSION_FLOW
from common import time
from common.errors import Forbidden
from deadlines.models import ClockRule
from organisations.models import Unit, User

FIRST = 1


@dataclass(frozen=True)
class NewItem:
    """An item to be made: what it says, whose it is, of what it is a situation."""

    card: ItemCard
    department: Unit
    parent: Item | None = None

    @cached_property
    def found(self) -> list[Finding]:
        """What the check of the catalogue finds."""
        return list(findings(self.card))

    @property
    def is_publishable(self) -> bool:
        """Whether the check finds no error."""
        return not any(finding.is_error for finding in self.found)


@transaction.atomic
def create_items(
    *, actor: User, wanted: Sequence[NewItem], publish: bool = False, note: str = ""
) -> list[ItemVersion]:
    """Each item stands with version 1: in force if so wanted and the check finds no error.

    Raises:
        Forbidden: the actor's posts do not allow drafting, or publishing.
        InvalidItem: elements of a card are missing or contradict each other.
        ItemCodeTaken: another item has one of the codes.
    """
    for new in wanted:
        refuse_unfit(actor, new.card)
    if publish and not actor.has_perm(VERSION_FLOW.by_name("publish").permission):
        raise Forbidden
    taken = known_codes(new.card.code for new in wanted)
    if taken:
        raise ItemCodeTaken(item_code=min(taken))
    versions = _versions(wanted, publish=publish)
    _store_parts(wanted, versions)
    _point_items_at(versions)
    ItemEvent.objects.bulk_create(
        event for version in versions for event in _events(version, actor, note)
    )
    _tell(versions, actor)
    return versions


def _versions(wanted: Sequence[NewItem], *, publish: bool) -> list[ItemVersion]:
    items = Item.objects.bulk_create(_item(new) for new in wanted)
    codes = {new.card.statutory_rule for new in wanted} - {""}
    rules = {
        rule.code: rule for rule in ClockRule.objects.filter(code__in=codes).order_by("version")
    }
    move = VERSION_FLOW.by_name("publish")
    versions = []
    for item, new in zip(items, wanted, strict=True):
        version = ItemVersion(item=item, number=FIRST, content_sha=elements_digest(new.card))
        fill_elements(version, new.card, rules.get(new.card.statutory_rule))
        if publish and new.is_publishable:
            version.published_at = time.now()
            VERSION_FLOW.apply(move, version)
        versions.append(version)
    return ItemVersion.objects.bulk_create(versions)


def _item(new: NewItem) -> Item:
    """The row as ``Item.save`` would store it."""
    item = Item(department=new.department, parent=new.parent, **facts_of(new.card))
    item.spell()
    return item


def _store_parts(wanted: Sequence[NewItem], versions: list[ItemVersion]) -> None:
    pairs = list(zip(wanted, versions, strict=True))
    for part in PARTS:
        model: Any = PART_MODELS[part]
        model.objects.bulk_create(
            row
            for new, version in pairs
            for row in part_rows(version, part, getattr(new.card, part))
        )
    LintFinding.objects.bulk_create(
        LintFinding(version=version, code=found.check.code, severity=found.check.severity)
        for new, version in pairs
        for found in new.found
    )


def _is_in_force(version: ItemVersion) -> bool:
    return version.state == VersionState.PUBLISHED


def _point_items_at(versions: list[ItemVersion]) -> None:
    """Items show their version in force."""
    live = [version for version in versions if _is_in_force(version)]
    current = ItemVersion.objects.published().filter(item=OuterRef("pk"))
    items = Item.objects.filter(pk__in=[version.item_id for version in live])
    items.update(current=Subquery(current.values("pk")[:1]))
    for version in live:
        version.item.current = version


def _events(version: ItemVersion, actor: User, note: str) -> Iterator[ItemEvent]:
    """The first events of the item, chained as ``ItemEvent.append`` chains them."""
    facts = {"version": version.number, "digest": version.content_sha}
    first = ItemEvent.after(None, version.item, actor=actor, verb="draft", data=facts)
    yield first
    if _is_in_force(version):
        yield ItemEvent.after(
            first, version.item, actor=actor, verb="publish", note=note, data=facts
        )


def _tell(versions: list[ItemVersion], actor: User) -> None:
    for version in versions:
        if _is_in_force(version):
            signals.version_published.send(sender=ItemVersion, version=version, actor=actor)
