"""Items come into being and get drafts."""

from typing import Any

from django.db import transaction

from catalogue.choices import VersionState
from catalogue.errors import InvalidItem, ItemCodeTaken, ItemNotFound, VersionUnderReview
from catalogue.models import Item, ItemEvent, ItemVersion
from catalogue.models.cards import own_facts
from catalogue.rules.cards import ItemCard, elements_digest
from catalogue.rules.faults import card_faults
from catalogue.services.cards import write_elements
from common.errors import Forbidden
from organisations.models import Unit, User

DRAFT = "catalogue.draft_item"


@transaction.atomic
def create_item(
    *,
    actor: User,
    card: ItemCard,
    department: Unit,
    parent: Item | None = None,
) -> Item:
    """A new item stands with version 1 as a draft.

    Raises:
        Forbidden: the actor's posts do not allow drafting.
        InvalidItem: elements are missing or contradict each other.
        ItemCodeTaken: another item has the code.
    """
    refuse_unfit(actor, card)
    if Item.objects.filter(code=card.code).exists():
        raise ItemCodeTaken(item_code=card.code)
    item = Item(department=department, parent=parent, **facts_of(card))
    item.save(force_insert=True)
    _write_draft(ItemVersion(item=item, number=1), card, actor=actor)
    return item


@transaction.atomic
def draft_version(
    *,
    actor: User,
    item_id: int,
    card: ItemCard,
    department: Unit,
    parent: Item | None = None,
) -> ItemVersion:
    """The item's facts are the card's, and its newest version says what the card says.

    A published version is never touched: other elements make a draft, or change the one
    there is. The name of a live item changes when the draft is published.

    Raises:
        Forbidden: the actor's posts do not allow drafting.
        InvalidItem: elements are missing or contradict each other.
        ItemNotFound: no such item within the actor's scope.
        VersionUnderReview: the newest version is in review or waits for its day.
    """
    refuse_unfit(actor, card)
    item = Item.objects.visible_to(actor).locked().filter(pk=item_id).first()
    if item is None:
        raise ItemNotFound
    _store_facts(item, card, actor=actor, department=department, parent=parent)
    newest = item.versions.order_by("-number")[0]
    if newest.state in (VersionState.REVIEW, VersionState.SCHEDULED):
        raise VersionUnderReview
    if newest.content_sha == elements_digest(card):
        return newest
    if newest.state != VersionState.DRAFT:
        newest = ItemVersion(number=newest.number + 1)
    newest.item = item
    return _write_draft(newest, card, actor=actor)


def refuse_unfit(actor: User, card: ItemCard) -> None:
    """Pass silently if the actor may draft what the card says.

    Raises:
        Forbidden: the actor's posts do not allow drafting.
        InvalidItem: elements are missing or contradict each other.
    """
    if not actor.has_perm(DRAFT):
        raise Forbidden
    faults = card_faults(card)
    if faults:
        raise InvalidItem(fields=faults)


def facts_of(card: ItemCard) -> dict[str, Any]:
    """Columns of the item, its department and its main item left out."""
    return {name: getattr(card, name) for name in own_facts()}


def _store_facts(
    item: Item,
    card: ItemCard,
    *,
    actor: User,
    department: Unit,
    parent: Item | None,
) -> None:
    wanted = {**facts_of(card), "department": department, "parent": parent}
    if item.is_live:
        wanted.pop("name")
    changed = [name for name, value in wanted.items() if getattr(item, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(item, name, wanted[name])
    item.save()
    ItemEvent.append(item, actor=actor, verb="change facts", data={"changed": changed})


def _write_draft(version: ItemVersion, card: ItemCard, *, actor: User) -> ItemVersion:
    version.content_sha = elements_digest(card)
    write_elements(version, card)
    ItemEvent.append(
        version.item,
        actor=actor,
        verb="draft",
        data={"version": version.number, "digest": version.content_sha},
    )
    return version


def draft_again(*, actor: User, version_id: int) -> ItemVersion:
    """A draft says what an older version said: the way back is a new version.

    Raises:
        Forbidden: the actor's posts do not allow drafting.
        InvalidItem: what was lawful then is refused by today's rules.
        ItemNotFound: no such version within the actor's scope.
        VersionUnderReview: the newest version is in review or waits for its day.
    """
    rows = ItemVersion.objects.visible_to(actor).with_parts()
    version = rows.filter(pk=version_id).first()
    if version is None:
        raise ItemNotFound
    item = version.item
    return draft_version(
        actor=actor,
        item_id=item.pk,
        card=version.card(),
        department=item.department,
        parent=item.parent,
    )
