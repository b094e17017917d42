"""An application comes into being: one receipt number, one case an item."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
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
from intake.models import Applicant, Application, Case, CaseEvent, CaseMaterial, MaterialFile
from intake.models.events import OPENED
from intake.rules.numbers import ALPHABET, CHECK_LENGTH, case_number, receipt_number
from intake.services.applicants import settle_applicant
from intake.services.informing import agree
from intake.services.inputs import ApplicantInput, ItemOrder, MaterialInput
from intake.signals import application_opened
from organisations.models import ServicePoint, Unit, User, Window
from organisations.rules import region_prefix

RECEIPT_SERIES = "intake.application"


def fresh_check_code() -> str:
    """Eight clear signs nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _place in range(CHECK_LENGTH))


@transaction.atomic
def open_application(
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
) -> Application:
    """A draft application with its cases stands, numbered; those of a bundle bear its steps.

    Raises:
        BundleDiffers: the bundle is not offered, or made of other items.
        NoItemChosen: no item.
        ItemNotAcceptedHere: an item is dead, opens no case, or is not accepted at the point.
        InvalidApplicant: a field of the applicant cannot be right.
        NameDiffers: the identity paper is on file under another name.
        MaterialUnknown: the guide asks for no such material.
        FileNotYours: a file the actor did not upload.
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
    application.save()
    if applicant.text_messages:
        agree(application)
    cases = _open_cases(application, versions, actor=actor)
    _store_materials(cases, materials, actor=actor, at=application.received_at)
    application_opened.send(sender=Application, application=application, actor=actor)
    return application


def _enter(application: Application, person: Applicant, *, actor: User) -> None:
    """The application bears its numbers and stands under its applicant's data key."""
    application.applicant, application.data_key = person, person.data_key
    application.region_code = application.point.region_id
    application.created_by = actor
    (application.number,) = next_receipts(
        application.point, application.received_at, 1, actor=actor
    )
    application.check_code = fresh_check_code()


def _open_cases(
    application: Application, versions: Sequence[ItemVersion], *, actor: User
) -> list[Case]:
    bundle = application.bundle
    steps = {part.item_id: part.step for part in bundle.parts.all()} if bundle else {}
    return [
        _open_case(application, version, place, step=steps.get(version.item_id, 1), actor=actor)
        for place, version in enumerate(versions, start=1)
    ]


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


def _versions(orders: Sequence[ItemOrder], point: ServicePoint) -> list[ItemVersion]:
    if not orders:
        raise NoItemChosen(fields={"items": [str(NoItemChosen.default_message)]})
    wanted = list(dict.fromkeys(order.version_id for order in orders))
    rows: VersionQuerySet = ItemVersion.objects.with_parts().filter(pk__in=wanted)
    found = {version.pk: version for version in rows}
    open_here = _acceptable(wanted, point)
    dead = [pk for pk in wanted if pk not in found or found[pk].item_id not in open_here]
    if dead:
        names = [found[pk].name for pk in dead if pk in found] or [
            str(ItemNotAcceptedHere.default_message)
        ]
        raise ItemNotAcceptedHere(fields={"items": names}, items=names)
    return [found[pk] for pk in wanted]


def _acceptable(version_ids: Sequence[int], point: ServicePoint) -> set[int]:
    items = Item.objects.acceptable_at(point)
    current = items.filter(
        current__in=version_ids,
        current__state=VersionState.PUBLISHED,
        nature=Nature.CASE,
    )
    return set(current.values_list("pk", flat=True))


def deciding_unit(version: ItemVersion, point: ServicePoint) -> Unit:
    """The unit that decides: the department, or the street's or community's own unit."""
    return unit_of_level(version.decide_level, point) or version.item.department


def _open_case(
    application: Application, version: ItemVersion, place: int, *, step: int, actor: User
) -> Case:
    case = Case.objects.create(
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
    _ask_materials(case, application.bundle)
    CaseEvent.append(
        case,
        actor=actor,
        verb=OPENED,
        data={
            "item": version.item.code,
            "version": version.number,
            "door": str(application.channel),
            **({"bundle": application.bundle.code, "step": step} if application.bundle else {}),
        },
        at=application.received_at,
    )
    return case


def _ask_materials(case: Case, bundle: Bundle | None) -> None:
    """The case asks for what the guide asks for, but not for what the step before results in."""
    spared = bundle.spared if bundle else frozenset()
    CaseMaterial.objects.bulk_create(
        CaseMaterial(
            case=case,
            requirement=requirement,
            status=MaterialStatus.WAIVED if requirement.pk in spared else MaterialStatus.MISSING,
            note=_("comes of the step before") if requirement.pk in spared else "",
        )
        for requirement in case.version.materials.all()
    )


def owned_attachments(ids: Sequence[UUID], actor: User) -> list[Attachment]:
    """Files the actor uploaded, in the order named.

    Raises:
        FileNotYours: one of them is unknown or another person's.
    """
    found = {row.pk: row for row in Attachment.objects.filter(pk__in=ids, uploaded_by=actor)}
    if set(ids) - set(found):
        raise FileNotYours(fields={"materials": [str(FileNotYours.default_message)]})
    return [found[key] for key in dict.fromkeys(ids)]


def _store_materials(
    cases: Sequence[Case], given: Sequence[MaterialInput], *, actor: User, at: datetime
) -> None:
    left = {entry.name for entry in given}
    for case in cases:
        left -= put_materials(case, given, actor=actor, at=at)
    if left:
        raise MaterialUnknown(fields={"materials": sorted(left)})


def put_materials(
    case: Case, given: Sequence[MaterialInput], *, actor: User, at: datetime
) -> set[str]:
    """What came is noted on the case; the names it knows are given back."""
    case.forget_materials()
    rows = {material.name: material for material in case.asked_materials()}
    known = [entry for entry in given if entry.name in rows]
    for entry in known:
        _put_one(rows[entry.name], entry, actor=actor, at=at)
    return {entry.name for entry in known}


def _put_one(row: CaseMaterial, entry: MaterialInput, *, actor: User, at: datetime) -> None:
    row.status = MaterialStatus(entry.status)
    row.received_at = at if row.status == MaterialStatus.RECEIVED else None
    row.due_on = entry.due_on if row.status == MaterialStatus.DEFERRED else None
    row.save(update_fields=["status", "received_at", "due_on"])
    for attachment in owned_attachments(entry.attachment_ids, actor):
        MaterialFile.objects.get_or_create(
            material=row, attachment=attachment, defaults={"added_by": actor, "added_at": at}
        )
