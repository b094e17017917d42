"""A fingerprint of a district: the same seed and day give the same one."""

import hashlib
from collections.abc import Iterator
from typing import Any

from catalogue.models import Item
from deadlines.models import Clock, StageFire
from documents.models import Paper
from inspections.models import DispatchMember, Interview, Order, Problem, SamplingBatch, Visit
from intake.models import Applicant, Case, CaseEvent
from organisations.models import Post, Region, ServicePoint, Unit, User, Window
from supervision.models import Card

KEY_COLUMNS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Region, ("code", "name", "level")),
    (Unit, ("code", "credit_code", "name")),
    (ServicePoint, ("code", "name", "unit__code")),
    (Window, ("point__code", "number")),
    (User, ("username", "display_name", "unit__code")),
    (Post, ("title", "unit__code", "holder_a__username", "holder_b__username")),
    (Item, ("code", "name", "current__content_sha")),
    (Case, ("number", "item__code", "department__code", "state", "result", "received_at")),
    (CaseEvent, ("case__number", "seq", "verb", "actor__username", "at", "note")),
    (Clock, ("subject_number", "state", "promised_due_on", "statutory_due_on")),
    (StageFire, ("clock__subject_number", "stage", "fired_at")),
    (Card, ("subject_number", "colour", "state", "due_on", "written_at")),
    (DispatchMember, ("dispatch__on", "officer__username")),
    (Visit, ("subject_name", "kind", "state", "outcome", "started_at", "client_uuid")),
    (Problem, ("visit__subject_name", "item_code", "text", "state")),
    (Order, ("number", "state", "due_on", "issued_at")),
    (SamplingBatch, ("code", "product", "lot", "result", "sampled_on")),
    (Interview, ("subject__name", "held_at", "reason")),
    (Paper, ("kind", "number", "issued_at")),
)
"""What must be the same; secrets, drawn keys and what is sealed with them are not in it."""


def district_digest() -> str:
    """64 hex digits over the key columns of everything that was loaded."""
    digest = hashlib.sha256()
    for line in _lines():
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _lines() -> Iterator[str]:
    for model, columns in KEY_COLUMNS:
        rows = model.objects.order_by(*columns, "pk").values_list(*columns)
        yield f"# {model.__name__}"
        yield from ("|".join(str(value) for value in row) for row in rows.iterator())
    yield "# applicants"
    yield from sorted(_applicants())


def _applicants() -> Iterator[str]:
    for person in Applicant.objects.all():
        sealed = (person.reveal(name) for name in ("name", "id_number", "mobile", "address"))
        yield "|".join((str(person.kind), *sealed))
