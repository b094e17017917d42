"""Rows of a file, staged in a job, become items; a bad row is reported and stops no other."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import Error, transaction
from django.utils.translation import gettext as _

from catalogue.choices import Level, RowFate, VersionState
from catalogue.errors import ImportOver
from catalogue.models import Item, ItemVersion
from catalogue.rules.cards import ItemCard, elements_digest, facts_digest
from catalogue.rules.lint import publish_faults
from catalogue.services.cards import card_of, newest_version
from catalogue.services.items import draft_version
from catalogue.services.many import NewItem, create_items
from catalogue.services.units import UnitBook
from catalogue.services.versions import publish_version
from common import time
from common.errors import DomainError, Forbidden, InvalidInput, JobOver, NotFound
from common.models import Job
from organisations.models import Unit, User

KIND = "catalogue.import_items"
IMPORT = "catalogue.import_items"
ADD_UNIT = "organisations.add_unit"
BATCH = 100
DEFAULT_PROMISE = 20
Row = dict[str, Any]


@dataclass(frozen=True)
class ImportOptions:
    """What the importing person decided; ``default_promise`` in working days, 0 for none."""

    publish: bool = False
    create_units: bool = False
    region: str = ""
    default_promise: int = DEFAULT_PROMISE
    accepts: list[str] = field(default_factory=lambda: [Level.DISTRICT.value])


def stage_import(
    *,
    actor: User,
    file_name: str,
    options: ImportOptions,
    rows: list[Row],
    remarks: list[str],
) -> Job:
    """The checked rows wait in a job; nothing of the catalogue has changed.

    Raises:
        Forbidden: the actor may not import, or not add departments.
    """
    _refuse_stranger(actor, options)
    rows = [_storable(row) for row in rows]
    job = Job(
        kind=KIND,
        state=Job.State.STAGED,
        progress_total=len(rows),
        message=file_name,
        payload={"options": asdict(options), "rows": rows},
        created_by=actor,
    )
    job.report = _report(rows, remarks)
    job.save()
    return job


def _storable(value: Any) -> Any:
    """The same without the one sign PostgreSQL keeps in no text; a report shows where it stood."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, list):
        return [_storable(part) for part in value]
    if isinstance(value, dict):
        return {key: _storable(part) for key, part in value.items()}
    return value


def apply_import(*, job_id: int, actor: User) -> Job:
    """Every valid row of the staged import is stored, the others are reported.

    Raises:
        Forbidden: the actor may not import, or not add departments.
        ImportOver: it was applied before, or is being applied.
        JobOver: it was given up meanwhile; what is stored stays stored.
        NotFound: no such import of this actor.
    """
    job = _claim(job_id, actor)
    run = _Run(actor, ImportOptions(**job.payload["options"]))
    rows: list[Row] = job.payload["rows"]
    try:
        for done in run.store(rows):
            job.advance(done)
    except JobOver:
        raise
    except Exception:
        job.finish(_report(rows, job.report["remarks"]), failed=True, message=job.message)
        raise
    job.payload = {"options": job.payload["options"], "rows": []}
    job.save(update_fields=["payload"])
    job.finish(_report(rows, job.report["remarks"]), message=job.message)
    return job


@transaction.atomic
def queue_import(*, job_id: int, actor: User) -> Job:
    """The staged import waits for a worker.

    Raises:
        Forbidden: the actor may not import, or not add departments.
        ImportOver: it was applied before, or is being applied.
        NotFound: no such import of this actor.
    """
    job = _locked(job_id, actor)
    job.state, job.touched_at = Job.State.QUEUED, time.now()
    job.save(update_fields=["state", "touched_at"])
    return job


@transaction.atomic
def _claim(job_id: int, actor: User) -> Job:
    job = _locked(job_id, actor)
    job.advance(0)
    return job


def _locked(job_id: int, actor: User) -> Job:
    mine = Job.objects.visible_to(actor) if not actor.scope.everything else Job.objects.all()
    job = mine.select_for_update().filter(pk=job_id, kind=KIND).first()
    if job is None:
        raise NotFound
    if job.state not in (Job.State.STAGED, Job.State.QUEUED):
        raise ImportOver
    _refuse_stranger(actor, ImportOptions(**job.payload["options"]))
    return job


def _refuse_stranger(actor: User, options: ImportOptions) -> None:
    if not actor.has_perm(IMPORT) or (options.create_units and not actor.has_perm(ADD_UNIT)):
        raise Forbidden


def _report(rows: list[Row], remarks: list[str]) -> dict[str, Any]:
    fates = [row["fate"] for row in rows]
    counted = {fate.value: fates.count(fate.value) for fate in RowFate}
    notices = sum(len(row["notices"]) for row in rows if row["fate"] != RowFate.REPORTED)
    shown = [{key: row[key] for key in row if key not in ("card", "seen")} for row in rows]
    return {
        "summary": {"rows": len(rows), **counted, "notices": notices},
        "rows": shown,
        "remarks": remarks,
    }


class _Run:
    """One run over staged rows, in transactions of a hundred rows, each row in a savepoint."""

    def __init__(self, actor: User, options: ImportOptions) -> None:
        self.actor, self.options = actor, options
        self.units = UnitBook()

    def store(self, rows: list[Row]) -> Iterator[int]:
        """Stores what is valid, parents before their situations; yields rows done so far."""
        waiting = [row for row in rows if row["fate"] in (RowFate.NEW, RowFate.UPDATED)]
        settled = len(rows) - len(waiting)
        for batch in _batches(waiting):
            with transaction.atomic():
                self._store_batch(batch)
            settled += len(batch)
            yield settled

    def _store_batch(self, rows: list[Row]) -> None:
        parents = _parents(rows)
        ready = [(row, new) for row in rows if (new := self._ready(row, parents)) is not None]
        fresh = [(row, new) for row, new in ready if row["fate"] == RowFate.NEW]
        at_once = self._stored_at_once([new for _row, new in fresh])
        for row, new in ready:
            if row["fate"] != RowFate.NEW or not at_once:
                self._store_or_report(row, new)

    def _ready(self, row: Row, parents: dict[str, Item]) -> NewItem | None:
        """What the row asks for; a department it adds stays even if the row is refused later."""
        card = ItemCard(**row["card"])
        try:
            return NewItem(card, self._department(row, card), _parent(card, parents))
        except InvalidInput as fault:
            _give_up(row, [fault.message])
            return None

    def _stored_at_once(self, fresh: list[NewItem]) -> bool:
        """Whether all of them stand; if one is refused none does, and they are tried singly."""
        try:
            with transaction.atomic():
                self._create(fresh)
        except (DomainError, Error):
            return False
        return True

    def _create(self, fresh: list[NewItem]) -> None:
        create_items(actor=self.actor, wanted=fresh, publish=self.options.publish, note=_("import"))

    def _store_or_report(self, row: Row, new: NewItem) -> None:
        try:
            with transaction.atomic():
                self._store(row, new)
        except InvalidInput as fault:
            messages = [text for texts in fault.fields.values() for text in texts]
            _give_up(row, messages or [fault.message])
        except DomainError as fault:
            _give_up(row, [fault.message])
        except Error:
            _give_up(row, [_("the database refuses this row")])

    def _store(self, row: Row, new: NewItem) -> None:
        if row["fate"] == RowFate.NEW:
            self._create([new])
            return
        version = self._redraft(row, new.card, new.department, new.parent)
        if self._publishable(version, new.card):
            publish_version(actor=self.actor, version_id=version.pk, note=_("import"))

    def _redraft(
        self,
        row: Row,
        card: ItemCard,
        department: Unit,
        parent: Item | None,
    ) -> ItemVersion:
        item = Item.objects.locked().get(code=card.code)
        if row["seen"] != digest_of(card_of(newest_version(item))):
            raise InvalidInput(_("the item was changed since the preview: import the file again"))
        return draft_version(
            actor=self.actor,
            item_id=item.pk,
            card=card,
            department=department,
            parent=parent,
        )

    def _publishable(self, version: ItemVersion, card: ItemCard) -> bool:
        is_draft = version.state == VersionState.DRAFT
        return self.options.publish and is_draft and not publish_faults(card)

    def _department(self, row: Row, card: ItemCard) -> Unit:
        unit = self.units.find(card.department, row["region"])
        if unit is None and self.options.create_units:
            unit = self.units.add(
                name=card.department,
                region=row["region"],
                credit_code=card.organ_code,
            )
        if unit is None:
            raise InvalidInput(
                _("the department “%(name)s” is unknown") % {"name": card.department}
            )
        return unit


def digest_of(card: ItemCard) -> str:
    """What an item said when it was previewed."""
    return facts_digest(card) + elements_digest(card)


def _batches(rows: list[Row]) -> Iterator[list[Row]]:
    """Whole items first, so that their situations find them stored."""
    wholes = [row for row in rows if not row["card"]["parent_code"]]
    situations = [row for row in rows if row["card"]["parent_code"]]
    for kind in (wholes, situations):
        for start in range(0, len(kind), BATCH):
            yield kind[start : start + BATCH]


def _parents(rows: list[Row]) -> dict[str, Item]:
    codes = {row["card"]["parent_code"] for row in rows} - {""}
    return {item.code: item for item in Item.objects.filter(code__in=codes)} if codes else {}


def _parent(card: ItemCard, parents: dict[str, Item]) -> Item | None:
    if not card.parent_code:
        return None
    if card.parent_code not in parents:
        raise InvalidInput(
            _("the main item “%(code)s” is not in the catalogue") % {"code": card.parent_code},
        )
    return parents[card.parent_code]


def _give_up(row: Row, messages: list[str]) -> None:
    row["fate"] = RowFate.REPORTED.value
    row["reasons"] = [{"column": "", "text": text} for text in messages]
