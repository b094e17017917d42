"""Photos as evidence: the original bytes, and each source of time and place by itself."""

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, BinaryIO

from django.db import transaction
from PIL import ExifTags, Image

from common import time
from common.errors import NotFound
from documents.models import Attachment
from documents.services import store_attachment
from inspections import rules
from inspections.choices import PositionSource, VisitKind, VisitState
from inspections.errors import PhotoRequired, VisitNotOpen
from inspections.models import Evidence, Visit
from inspections.services.authority import locked, must_be_on, must_hold
from inspections.transitions import CONDUCT
from organisations.models import User

SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class DevicePosition:
    """Where the device said it was."""

    latitude: Decimal
    longitude: Decimal


@dataclass(frozen=True)
class PhotoFacts:
    """What the photo itself says; empty where it says nothing, never filled in."""

    taken: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None


def photo_facts(photo: BinaryIO) -> PhotoFacts:
    """Time and place written into the photo by the camera, if any."""
    photo.seek(0)
    try:
        with Image.open(photo) as picture:
            exif = picture.getexif()
            return _facts_of(exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo))
    except (OSError, ValueError, TypeError, ZeroDivisionError, SyntaxError):
        return PhotoFacts()


def _facts_of(camera: dict[int, Any], place: dict[int, Any]) -> PhotoFacts:
    taken = str(camera.get(ExifTags.Base.DateTimeOriginal, ""))
    offset = str(camera.get(ExifTags.Base.OffsetTimeOriginal, ""))
    gps = ExifTags.GPS
    return PhotoFacts(
        taken=f"{taken} {offset}".strip()[:40],
        latitude=_coordinate(place.get(gps.GPSLatitude), place.get(gps.GPSLatitudeRef), 90),
        longitude=_coordinate(place.get(gps.GPSLongitude), place.get(gps.GPSLongitudeRef), 180),
    )


def _coordinate(parts: Any, reference: Any, bound: int) -> Decimal | None:
    value = rules.degrees(parts or (), str(reference or ""))
    if value is None or not -bound <= value <= bound:
        return None
    return Decimal(str(value)).quantize(SIX_PLACES)


@transaction.atomic
def attach_photo(
    *,
    actor: User,
    visit_id: int,
    upload: Any,
    name: str = "",
    problem_id: int | None = None,
    order_item_id: int | None = None,
    client_time: datetime | None = None,
    position: DevicePosition | None = None,
) -> Evidence:
    """The photo is kept as it came, with its hash, and proves the problem, item or visit.

    The same bytes for the same thing are one piece of evidence.

    Raises:
        NotFound: the visit or the thing is outside the actor's sight.
        NotOnThisOuting: he is not one of its officers.
        VisitNotOpen: the visit was concluded.
        PhotoRequired, FileTooLarge, FileKindRefused, UnreadableFile: about the file.
    """
    visit = _visit_taking_photos(visit_id, actor)
    _refuse_strange_thing(visit, problem_id, order_item_id)
    about, digest = _about(problem_id, order_item_id), _digest(upload)
    known = visit.evidence.filter(about=about, sha256=digest).first()
    if known:
        return known
    return Evidence.objects.create(
        visit=visit,
        problem_id=problem_id,
        order_item_id=order_item_id,
        about=about,
        sha256=digest,
        attachment=_stored_photo(visit, upload, name, actor),
        client_time=client_time,
        server_time=time.now(),
        uploader=actor,
        **_time_and_place(upload, position),
    )


def _stored_photo(visit: Visit, upload: Any, name: str, actor: User) -> Attachment:
    attachment = store_attachment(
        upload=upload,
        name=name or getattr(upload, "name", "") or "photo.jpg",
        actor=actor,
        region_code=visit.region_code,
        department=visit.department,
    )
    if not attachment.is_picture:
        raise PhotoRequired(fields={"photo": [str(PhotoRequired.default_message)]})
    return attachment


def _time_and_place(upload: Any, position: DevicePosition | None) -> dict[str, Any]:
    """What the photo says and what the device says, each in its own columns."""
    facts = photo_facts(io.BytesIO(upload) if isinstance(upload, bytes) else upload)
    return {
        "exif_time": facts.taken,
        "exif_latitude": facts.latitude,
        "exif_longitude": facts.longitude,
        "device_latitude": position.latitude if position else None,
        "device_longitude": position.longitude if position else None,
        "position_source": _source(facts, position),
    }


def _visit_taking_photos(visit_id: int, actor: User) -> Visit:
    must_hold(actor, CONDUCT)
    visit = locked(Visit, visit_id, actor)
    must_be_on(visit.dispatch, actor)
    recheck = visit.kind == VisitKind.RECHECK and visit.state == VisitState.SUBMITTED
    if visit.state != VisitState.DRAFT and not recheck:
        raise VisitNotOpen
    return visit


def _refuse_strange_thing(visit: Visit, problem_id: int | None, order_item_id: int | None) -> None:
    """The photo of one visit never lands on another (DelDOT-NPDES-Field-Tool 3, 279, 326)."""
    if problem_id and not visit.problems.filter(pk=problem_id).exists():
        raise NotFound
    if order_item_id and not visit.item_checks.filter(item_id=order_item_id).exists():
        raise NotFound


def _digest(upload: Any) -> str:
    """SHA-256 of the upload, read in pieces, for it may be larger than what is taken."""
    pieces = [upload] if isinstance(upload, bytes) else upload.chunks()
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _about(problem_id: int | None, order_item_id: int | None) -> str:
    if problem_id:
        return f"problem:{problem_id}"
    return f"item:{order_item_id}" if order_item_id else "visit"


def _source(facts: PhotoFacts, position: DevicePosition | None) -> PositionSource:
    if facts.latitude is not None and facts.longitude is not None:
        return PositionSource.EXIF
    return PositionSource.DEVICE if position else PositionSource.NONE
