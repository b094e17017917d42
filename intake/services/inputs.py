"""What a door hands to the services, already checked for shape."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from catalogue.models import ItemVersion
from intake.choices import ApplicantKind, IdType, MaterialStatus


@dataclass(frozen=True)
class ApplicantInput:
    """Who applies, as typed; ``confirm_name`` says the clerk saw the new name on the paper.

    ``text_messages`` says that the applicant agreed to be told by them.
    """

    name: str
    id_number: str
    kind: str = ApplicantKind.PERSON
    id_type: str = IdType.RESIDENT_ID
    mobile: str = ""
    address: str = ""
    confirm_name: bool = False
    text_messages: bool = False


@dataclass(frozen=True)
class OpenItem:
    """An item version in force with what its guide asks for, found acceptable at a point."""

    version: ItemVersion
    point_id: int


@dataclass(frozen=True)
class ItemOrder:
    """One item asked for, with the answers to its form.

    ``found`` spares the services a second look at what a door has just read.
    """

    version_id: int
    answers: dict[str, Any] = field(default_factory=dict)
    found: OpenItem | None = None


@dataclass(frozen=True)
class MaterialInput:
    """What came of one material, named as the guide names it; it serves every case that asks it.

    ``earlier_id`` names the applicant's own material of an earlier case, used again.
    """

    name: str
    status: str = MaterialStatus.RECEIVED
    attachment_ids: tuple[UUID, ...] = ()
    due_on: date | None = None
    earlier_id: int | None = None
