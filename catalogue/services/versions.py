"""A version comes into force, rests, or ends."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from catalogue import signals
from catalogue.choices import UNPUBLISHED, VersionState
from catalogue.errors import ItemNotFound
from catalogue.models import Item, ItemEvent, ItemVersion
from catalogue.rules.cards import elements_digest
from catalogue.services.cards import card_of
from catalogue.transitions import VERSION_FLOW
from common import time
from common.errors import InvalidInput, TransitionRefused
from organisations.models import User
from organisations.services import system_user

SCHEDULER = "publication"
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
        TransitionRefused: not allowed, sent to review by the actor himself, or the check of the
            catalogue finds an error.
    """
    version = _locked(actor, version_id)
    _refuse_own_review(version, actor)
    return _put_in_force(version, actor=actor, note=note)


def _refuse_own_review(version: ItemVersion, actor: User) -> None:
    """What was sent to review is let through by somebody else (四眼)."""
    if version.state == VersionState.REVIEW and version.submitted_by_id == actor.pk:
        raise TransitionRefused([_("somebody else reviews what you sent to review")])


def _put_in_force(version: ItemVersion, *, actor: User, note: str = "") -> ItemVersion:
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
def submit_version(*, actor: User, version_id: int, note: str = "") -> ItemVersion:
    """The draft waits for somebody else's review and is changed by nobody meanwhile.

    Raises:
        ItemNotFound: no such version within the actor's scope.
        TransitionRefused: not a draft, not allowed, or the check of the catalogue finds an error.
    """
    version = _locked(actor, version_id)
    version.submitted_by = actor
    return _move(version, "submit", actor=actor, note=note)


@transaction.atomic
def send_back_version(*, actor: User, version_id: int, note: str) -> ItemVersion:
    """The version is a draft again, with the reviewer's reason.

    Raises:
        InvalidInput: no reason given.
        ItemNotFound: no such version within the actor's scope.
        TransitionRefused: not in review, or not allowed.
    """
    version = _locked(actor, version_id)
    version.submitted_by = None
    return _move(version, "send_back", actor=actor, note=note)


@transaction.atomic
def schedule_version(
    *, actor: User, version_id: int, publish_on: date, note: str = ""
) -> ItemVersion:
    """The version is published by itself when ``publish_on`` begins.

    Raises:
        InvalidInput: the day does not lie ahead.
        ItemNotFound: no such version within the actor's scope.
        TransitionRefused: no draft or version in review, not allowed, or an element is missing.
    """
    version = _locked(actor, version_id)
    if publish_on <= time.today():
        fault = _("name a day that lies ahead; today's publication is “publish”")
        raise InvalidInput(fault, fields={"publish_on": [fault]})
    _refuse_own_review(version, actor)
    version.publish_on = publish_on
    return _move(version, "schedule", actor=actor, note=note, day=publish_on.isoformat())


@transaction.atomic
def unschedule_version(*, actor: User, version_id: int, note: str) -> ItemVersion:
    """The version is a draft again and will not publish itself.

    Raises:
        InvalidInput: no reason given.
        ItemNotFound: no such version within the actor's scope.
        TransitionRefused: not scheduled, or not allowed.
    """
    version = _locked(actor, version_id)
    version.publish_on = None
    return _move(version, "unschedule", actor=actor, note=note)


def publish_due() -> list[ItemVersion]:
    """Every version whose day has come is in force; one that cannot be says why in its history.

    Safe to repeat, and late where nobody ran it that day.
    """
    actor = system_user(SCHEDULER)
    due = ItemVersion.objects.due_for_publication(time.today())
    return [done for key in list(due) if (done := _publish_scheduled(key, actor))]


@transaction.atomic
def _publish_scheduled(version_id: int, actor: User) -> ItemVersion | None:
    version = _locked(actor, version_id)
    if version.state != VersionState.SCHEDULED:
        return None
    try:
        with transaction.atomic():
            return _put_in_force(version, actor=actor)
    except TransitionRefused as fault:
        reason = "; ".join(str(text) for text in fault.reasons)
        version.refresh_from_db(fields=["state", "publish_on"])
        version.publish_on = None
        return _move(version, "unschedule", actor=actor, note=reason) and None


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


def _move(
    version: ItemVersion, name: str, *, actor: User, note: str = "", **facts: str
) -> ItemVersion:
    move = VERSION_FLOW.by_name(name)
    VERSION_FLOW.check(move, version, actor)
    if move.note_required and not note.strip():
        raise InvalidInput(_("say why"), fields={"note": [_("say why")]})
    VERSION_FLOW.apply(move, version)
    version.save(update_fields=["state", "published_at", "publish_on", "submitted_by"])
    _point_item_at(version)
    ItemEvent.append(
        version.item,
        actor=actor,
        verb=name,
        note=note.strip(),
        data={"version": version.number, "digest": version.content_sha, **facts},
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
    frozen = ItemVersion.objects.exclude(state__in=UNPUBLISHED).with_parts()
    for version in frozen.iterator(chunk_size=500):
        if version.content_sha != elements_digest(card_of(version)):
            yield version
