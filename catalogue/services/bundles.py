"""Bundles come into being, change, are offered and rest."""

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.errors import BundleNotFound, InvalidBundle
from catalogue.models import Bundle, BundleEvent, BundlePart, Item
from catalogue.rules.bundles import BundleCard, part_faults
from common.errors import Forbidden, StaleObject
from organisations.models import Unit, User

DRAFT = "catalogue.draft_item"
PUBLISH = "catalogue.publish_item"


@transaction.atomic
def write_bundle(*, actor: User, card: BundleCard, seen: BundleCard | None = None) -> Bundle:
    """The bundle of the card's code says what the card says; written twice it changes nothing.

    ``seen`` is what the writer read before he changed it. Cases in hand keep their steps.

    Raises:
        Forbidden: the actor's posts do not allow drafting.
        InvalidBundle: an item or the lead is unknown, or the parts make no bundle.
        StaleObject: a colleague changed it since it was read.
    """
    _refuse_without(actor, DRAFT)
    lead, items = _lead(card), _items(card)
    bundle = Bundle.objects.locked().filter(code=card.code).first() or Bundle(code=card.code)
    former = bundle.card() if bundle.pk else None
    if seen is not None and former != seen:
        raise StaleObject
    if former == card:
        return bundle
    _refuse_idle(card, items, bundle)
    bundle.name, bundle.about, bundle.lead = card.name, card.about, lead
    bundle.save()
    bundle.parts.all().delete()
    BundlePart.objects.bulk_create(
        BundlePart(bundle=bundle, item=items[part.code], step=part.step, order=place)
        for place, part in enumerate(card.parts)
    )
    BundleEvent.append(bundle, actor=actor, verb="write", data=card.told())
    return bundle


def _refuse_without(actor: User, permission: str) -> None:
    if not actor.has_perm(permission):
        raise Forbidden


def _lead(card: BundleCard) -> Unit:
    faults: dict[str, list[str]] = {}
    for name in ("code", "name"):
        if not getattr(card, name).strip():
            faults[name] = [_("fill this in")]
    lead = Unit.objects.filter(code=card.lead).first()
    if lead is None:
        faults["lead"] = [_("the department “%(name)s” is unknown") % {"name": card.lead}]
    if faults or lead is None:
        raise InvalidBundle(fields=faults)
    return lead


def _items(card: BundleCard) -> dict[str, Item]:
    codes = [part.code for part in card.parts]
    found = {item.code: item for item in Item.objects.for_list().filter(code__in=codes)}
    faults = part_faults(card.parts)
    faults += [
        _("there is no item “%(code)s”") % {"code": code} for code in codes if code not in found
    ]
    if faults:
        raise InvalidBundle(fields={"parts": faults})
    return found


def _refuse_idle(card: BundleCard, items: dict[str, Item], bundle: Bundle) -> None:
    """What is offered to everybody stays sound when it is written anew."""
    if bundle.pk and bundle.offered:
        _refuse_resting([items[part.code] for part in card.parts])


def _refuse_resting(items: list[Item]) -> None:
    resting = [item.name for item in items if not item.opens_cases]
    if resting:
        raise InvalidBundle(
            fields={
                "parts": [
                    _("no case can be opened on “%(name)s” at present") % {"name": name}
                    for name in resting
                ]
            }
        )


@transaction.atomic
def offer_bundle(*, actor: User, bundle_id: int) -> Bundle:
    """The bundle is offered at windows and to the public; a second call changes nothing.

    Raises:
        Forbidden: the actor's posts do not allow publishing.
        BundleNotFound: there is none.
        InvalidBundle: one of its items is not in force.
    """
    bundle = _locked(actor, bundle_id)
    if not bundle.offered:
        _refuse_resting(bundle.items)
        _set_offered(bundle, actor=actor, offered=True)
    return bundle


@transaction.atomic
def rest_bundle(*, actor: User, bundle_id: int) -> Bundle:
    """The bundle is offered no more; its items are, and cases in hand go on.

    Raises:
        Forbidden: the actor's posts do not allow publishing.
        BundleNotFound: there is none.
    """
    bundle = _locked(actor, bundle_id)
    if bundle.offered:
        _set_offered(bundle, actor=actor, offered=False)
    return bundle


def _locked(actor: User, bundle_id: int) -> Bundle:
    _refuse_without(actor, PUBLISH)
    bundle = Bundle.objects.visible_to(actor).locked().filter(pk=bundle_id).first()
    if bundle is None:
        raise BundleNotFound
    return bundle


def _set_offered(bundle: Bundle, *, actor: User, offered: bool) -> None:
    bundle.offered = offered
    bundle.save(update_fields=["offered"])
    BundleEvent.append(bundle, actor=actor, verb="offer" if offered else "rest", data={})
