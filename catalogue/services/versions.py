"""A version comes into force, rests, or ends."""

from collections.abc import Iterator

from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from catalogue import signals
from catalogue.choices import VersionState
from catalogue.errors import ItemNotFound
from catalogue.models import Item, ItemEvent, ItemVersion
from catalogue.rules.cards import elements_digest
from catalogue.services.cards import card_of
from catalogue.transitions import VERSION_FLOW
from common import time
from common.errors import InvalidInput
from organisations.models import User

HEARERS: dict[str, Signal] = {
    "publish": signals.version_published,
    "suspend": signals.version_suspended,
    "resume": signals.version_resumed,
    "abolish": signals.version_abolished,
}


@transaction.atomic
def publish_version(*, actor: User, version_id: int, note: str = "") -> ItemVersion:
    """The draft is in force and frozen; the version before it is superseded.

    Raises:
        ItemNotFound: no such version within the actor's scope.
        TransitionRefused: not a draft, not allowed, or an element is missing.
    """
    version = _locked(actor, version_id)
    VERSION_FLOW.check(VERSION_FLOW.by_name("publish"), version, actor)
    standing = version.item.versions.filter(
        state__in=(VersionState.PUBLISHED, VersionState.SUSPENDED),
    ).first()
    if standing:
        standing.item = version.item
        _move(standing, "supersede", actor=actor)
    version.published_at = time.now()
    return _move(version, "publish", actor=actor, note=note)


@transaction.atomic
def suspend_version(*, actor: User, version_id: int, note: str) -> ItemVersion:
    """The item takes no new case until it is put in force again; running cases go on.

    Raises:
        InvalidInput: no reason given.
        ItemNotFound: no such version within the actor's scope.
        TransitionRefused: not in force, or not allowed.
    """
    return _move(_locked(actor, version_id), "suspend", actor=actor, note=note)


@transaction.atomic
def resume_version(*, actor: User, version_id: int, note: str = "") -> ItemVersion:
    """The suspended version is in force again.

    Raises:
        ItemNotFound: no such version within the actor's scope.
        TransitionRefused: not suspended, or not allowed.
    """
    return _move(_locked(actor, version_id), "resume", actor=actor, note=note)


@transaction.atomic
def abolish_version(*, actor: User, version_id: int, note: str) -> ItemVersion:
    """The item is no longer offered; what was done under the version stays.

    Raises:
        InvalidInput: no reason given.
        ItemNotFound: no such version within the actor's scope.
        TransitionRefused: not in force, or not allowed.
    """
    return _move(_locked(actor, version_id), "abolish", actor=actor, note=note)


def _locked(actor: User, version_id: int) -> ItemVersion:
    visible = ItemVersion.objects.visible_to(actor).filter(pk=version_id)
    item = Item.objects.locked().filter(versions__in=visible).first()
    if item is None:
        raise ItemNotFound
    version = ItemVersion.objects.get(pk=version_id)
    version.item = item
    return version


def _move(version: ItemVersion, name: str, *, actor: User, note: str = "") -> ItemVersion:
    move = VERSION_FLOW.by_name(name)
    VERSION_FLOW.check(move, version, actor)
    if move.note_required and not note.strip():
        raise InvalidInput(_("say why"), fields={"note": [_("say why")]})
    VERSION_FLOW.apply(move, version)
    version.save(update_fields=["state", "published_at"])
    _point_item_at(version)
    ItemEvent.append(
        version.item,
        actor=actor,
        verb=name,
        note=note.strip(),
        data={"version": version.number, "digest": version.content_sha},
    )
    if name in HEARERS:
        HEARERS[name].send(sender=ItemVersion, version=version, actor=actor)
    return version


def _point_item_at(version: ItemVersion) -> None:
    """The item shows the published version and its name, or none."""
    item = version.item
    if version.state == VersionState.PUBLISHED:
        item.current, item.name = version, version.name
    elif item.current_id == version.pk:
        item.current = None
    item.save()


def altered_versions() -> Iterator[ItemVersion]:
    """Frozen versions whose content is no longer what was published; none, ever."""
    frozen = ItemVersion.objects.exclude(state=VersionState.DRAFT).with_parts()
    for version in frozen.iterator(chunk_size=500):
        if version.content_sha != elements_digest(card_of(version)):
            yield version
