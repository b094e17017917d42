"""An application comes into being: one receipt number, one case an item."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from catalogue.choices import Nature, VersionState
from catalogue.models import Bundle, Item, ItemVersion
from catalogue.querysets import VersionQuerySet, unit_of_level
from common import time
from documents.models import Attachment
from documents.services import next_numbers
from intake.choices import Channel, MaterialStatus
from intake.errors import (
    BundleDiffers,
    FileNotYours,
    ItemNotAcceptedHere,
    MaterialUnknown,
    NoItemChosen,
)
from intake.models import (
    Applicant,
    Application,
    Case,
    CaseClock,
    CaseEvent,
    CaseMaterial,
    MaterialFile,
)
from intake.models.events import OPENED
from intake.rules.numbers import ALPHABET, CHECK_LENGTH, case_number, receipt_number
from intake.services.applicants import settle_applicant
from intake.services.earlier import use_again
from intake.services.informing import agree
from intake.services.inputs import ApplicantInput, ItemOrder, MaterialInput, OpenItem
from intake.signals import application_opened
from organisations.models import ServicePoint, Unit, User, Window
from organisations.rules import region_prefix

RECEIPT_SERIES = "intake.application"


def fresh_check_code() -> str:
    """Eight clear signs nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _place in range(CHECK_LENGTH))


@dataclass
class Opening:
    """An application with its cases at hand: nothing of it stands until :func:`store`.

    Only its applicant and the numbers drawn for it do. So every row is written once, as it
    is when all is done.
    """

    application: Application
    actor: User
    agreed: bool
    cases: list[Case]
    files: list[MaterialFile] = field(default_factory=list)
    links: list[CaseClock] = field(default_factory=list)
    moves: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The one move that each case made already, if any: verb and facts, by its number."""


@transaction.atomic
def open_application(*, actor: User, **given: Any) -> Application:
    """A draft application with its cases stands, numbered; ``given`` is what :func:`prepare` takes.

    Raises:
        NoItemChosen: no item.
        ItemNotAcceptedHere: an item is dead, opens no case, or is not accepted at the point.
        InvalidApplicant: a field of the applicant cannot be right.
        NameDiffers: the identity paper is on file under another name.
        MaterialUnknown: the guide asks for no such material.
        FileNotYours: a file the actor did not upload.
        BundleDiffers: the bundle is not offered, or made of other items.
    """
    opening = prepare(actor=actor, **given)
    store(opening)
    application_opened.send(sender=Application, application=opening.application, actor=actor)
    return opening.application


def prepare(
    *,
    actor: User,
    point: ServicePoint,
    applicant: ApplicantInput,
    orders: Sequence[ItemOrder],
    materials: Sequence[MaterialInput] = (),
    window: Window | None = None,
    channel: str = Channel.WINDOW,
    bundle_code: str = "",
    agent: Mapping[str, str] | None = None,
    submission_token: str = "",
    received_at: datetime | None = None,
) -> Opening:
    """An application with its cases in draft, numbered, for :func:`store` in this transaction.

    Those of a bundle bear its steps.

    Raises:
        DomainError: as ``open_application``.
    """
    versions = _versions(orders, point)
    bundle = _bundle(bundle_code, versions) if bundle_code else None
    application = Application(
        bundle=bundle,
        point=point,
        window=window,
        channel=Channel(channel),
        received_at=received_at or time.now(),
        submission_token=submission_token or None,
    )
    _enter(application, settle_applicant(applicant), actor=actor)
    application.seal_json("form", {str(o.version_id): dict(o.answers) for o in orders})
    application.seal_json("agent", dict(agent or {}))
    cases = _drafts(application, versions)
    opening = Opening(application, actor, applicant.text_messages, cases)
    _lay_materials(opening, materials)
    return opening


def _enter(application: Application, person: Applicant, *, actor: User) -> None:
    """The application bears its numbers and stands under its applicant's data key."""
    application.applicant, application.data_key = person, person.data_key
    application.region_code = application.point.region_id
    application.created_by = actor
    (application.number,) = next_receipts(
        application.point, application.received_at, 1, actor=actor
    )
    application.check_code = fresh_check_code()


def _drafts(application: Application, versions: Sequence[ItemVersion]) -> list[Case]:
    bundle = application.bundle
    steps = {part.item_id: part.step for part in bundle.parts.all()} if bundle else {}
    return [
        _draft(application, version, place, step=steps.get(version.item_id, 1))
        for place, version in enumerate(versions, start=1)
    ]


def _draft(application: Application, version: ItemVersion, place: int, *, step: int) -> Case:
    actor = application.created_by
    case = Case(
        number=case_number(application.number, place),
        application=application,
        item=version.item,
        version=version,
        department=deciding_unit(version, application.point),
        region_code=application.region_code,
        service_point=application.point,
        step=step,
        handler=actor if actor.is_staff else None,
        received_at=application.received_at,
    )
    case.hold_materials(_asked(case, application.bundle))
    return case


def store(opening: Opening) -> None:
    """Application, cases, materials, links to clocks and the first events stand."""
    application, cases = opening.application, opening.cases
    application.save(force_insert=True)
    for case in cases:
        case.save(force_insert=True)
    rows = [material for case in cases for material in case.asked_materials()]
    CaseMaterial.objects.bulk_create(rows)
    MaterialFile.objects.bulk_create(opening.files)
    CaseClock.objects.bulk_create(opening.links)
    CaseEvent.objects.bulk_create([event for case in cases for event in _events(opening, case)])
    if opening.agreed:
        agree(application)
    application.opened = cases


def _events(opening: Opening, case: Case) -> list[CaseEvent]:
    """The first links of the case's chain: opened, and what was done in the same breath."""
    at = opening.application.received_at
    door, bundle = str(opening.application.channel), opening.application.bundle
    facts = {"item": case.item.code, "version": case.version.number, "door": door}
    if bundle:
        facts |= {"bundle": bundle.code, "step": case.step}
    actor = opening.actor
    first = CaseEvent.after(None, case, actor=actor, verb=OPENED, data=facts, at=at)
    move = opening.moves.get(case.number)
    return [first, CaseEvent.after(first, case, actor=actor, at=at, **move)] if move else [first]


def _bundle(code: str, versions: Sequence[ItemVersion]) -> Bundle:
    bundle = Bundle.objects.open().with_materials().filter(code=code).first()
    wanted = {version.item_id for version in versions}
    if bundle is None or wanted != {part.item_id for part in bundle.parts.all()}:
        raise BundleDiffers(fields={"bundle": [str(BundleDiffers.default_message)]})
    return bundle


def next_receipts(point: ServicePoint, moment: datetime, amount: int, *, actor: User) -> list[str]:
    """So many receipt numbers of the point's series, drawn and on record."""
    day, prefix = time.local_date(moment), region_prefix(point.region_id)
    places = next_numbers(
        series_key=RECEIPT_SERIES, organ_code=prefix, year=day.year, amount=amount, actor=actor
    )
    return [receipt_number(prefix, day, place) for place in places]


def open_items(
    point: ServicePoint, *, codes: Sequence[str] = (), version_ids: Sequence[int] = ()
) -> list[OpenItem]:
    """Items of these codes or versions that a window of the point may open now, each once."""
    items = Item.objects.acceptable_at(point).filter(nature=Nature.CASE)
    rows: VersionQuerySet = ItemVersion.objects.for_list().prefetch_related("materials")
    wanted = rows.filter(Q(item__code__in=codes) | Q(pk__in=version_ids))
    current = wanted.filter(
        state=VersionState.PUBLISHED, item__current=F("pk"), item__in=items.values("pk")
    )
    return [OpenItem(version, point.pk) for version in current]


def _versions(orders: Sequence[ItemOrder], point: ServicePoint) -> list[ItemVersion]:
    if not orders:
        raise NoItemChosen(fields={"items": [str(NoItemChosen.default_message)]})
    wanted = list(dict.fromkeys(order.version_id for order in orders))
    found = {
        order.version_id: order.found.version
        for order in orders
        if order.found and order.found.point_id == point.pk
    }
    unread = [pk for pk in wanted if pk not in found]
    if unread:
        found |= {one.version.pk: one.version for one in open_items(point, version_ids=unread)}
    _refuse_dead([pk for pk in wanted if pk not in found])
    return [found[pk] for pk in wanted]


def _refuse_dead(version_ids: Sequence[int]) -> None:
    if not version_ids:
        return
    known = dict(ItemVersion.objects.filter(pk__in=version_ids).values_list("pk", "name"))
    names = [known[pk] for pk in version_ids if pk in known]
    names = names or [str(ItemNotAcceptedHere.default_message)]
    raise ItemNotAcceptedHere(fields={"items": names}, items=names)


def deciding_unit(version: ItemVersion, point: ServicePoint) -> Unit:
    """The unit that decides: the department, or the street's or community's own unit."""
    return unit_of_level(version.decide_level, point) or version.item.department


def _asked(case: Case, bundle: Bundle | None) -> list[CaseMaterial]:
    """What the guide asks for, but not what the step before results in."""
    spared = bundle.spared if bundle else frozenset()
    return [
        CaseMaterial(
            case=case,
            requirement=requirement,
            status=MaterialStatus.WAIVED if requirement.pk in spared else MaterialStatus.MISSING,
            note=_("comes of the step before") if requirement.pk in spared else "",
        )
        for requirement in case.version.materials.all()
    ]


def owned_attachments(ids: Sequence[UUID], actor: User) -> list[Attachment]:
    """Files the actor uploaded, in the order named.

    Raises:
        FileNotYours: one of them is unknown or another person's.
    """
    found = {row.pk: row for row in Attachment.objects.filter(pk__in=ids, uploaded_by=actor)}
    if set(ids) - set(found):
        raise FileNotYours(fields={"materials": [str(FileNotYours.default_message)]})
    return [found[key] for key in dict.fromkeys(ids)]


def _lay_materials(opening: Opening, given: Sequence[MaterialInput]) -> None:
    """What came lies with every case that asks for it, in the files the actor uploaded."""
    at, unknown = opening.application.received_at, {entry.name for entry in given}
    laid = [pair for case in opening.cases for pair in _fitting(case, given)]
    files = _files_of([entry for _row, entry in laid], opening.actor)
    for row, entry in laid:
        unknown.discard(entry.name)
        _note(row, entry, at)
    if unknown:
        raise MaterialUnknown(fields={"materials": sorted(unknown)})
    shown = {
        (id(row), file.pk): (row, file)
        for row, entry in laid
        for file in _shown(row, entry, files, opening.actor)
    }
    opening.files = [
        MaterialFile(material=row, attachment=file, added_by=opening.actor, added_at=at)
        for row, file in shown.values()
    ]


def _shown(
    row: CaseMaterial, entry: MaterialInput, files: Mapping[UUID, Attachment], actor: User
) -> list[Attachment]:
    """What shows the material: files just uploaded, and those of the earlier one used again."""
    own = [files[key] for key in entry.attachment_ids]
    return own + use_again(row, entry.earlier_id, actor=actor) if entry.earlier_id else own


def _fitting(
    case: Case, given: Sequence[MaterialInput]
) -> list[tuple[CaseMaterial, MaterialInput]]:
    rows = {material.name: material for material in case.asked_materials()}
    return [(rows[entry.name], entry) for entry in given if entry.name in rows]


def _files_of(entries: Sequence[MaterialInput], actor: User) -> dict[UUID, Attachment]:
    named = [key for entry in entries for key in entry.attachment_ids]
    return {row.pk: row for row in owned_attachments(named, actor)}


def put_materials(
    case: Case, given: Sequence[MaterialInput], *, actor: User, at: datetime
) -> set[str]:
    """What came is noted on the stored case; the names it knows are given back."""
    case.forget_materials()
    known = _fitting(case, given)
    files = _files_of([entry for _row, entry in known], actor)
    for row, entry in known:
        _note(row, entry, at)
        shown = _shown(row, entry, files, actor)
        row.save(update_fields=["status", "received_at", "due_on", "original", "note"])
        for file in shown:
            MaterialFile.objects.get_or_create(
                material=row, attachment=file, defaults={"added_by": actor, "added_at": at}
            )
    return {entry.name for _row, entry in known}


def _note(row: CaseMaterial, entry: MaterialInput, at: datetime) -> None:
    """The row says what came of the material; the caller saves."""
    row.status = MaterialStatus(entry.status)
    row.received_at = at if row.status == MaterialStatus.RECEIVED else None
    row.due_on = entry.due_on if row.status == MaterialStatus.DEFERRED else None
