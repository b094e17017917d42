"""The last MAC of every chain, written daily outside the database.

Whoever owns the database and the chain key could cut a tail and re-chain it; the
anchor file shows it.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.apps import apps
from django.db.models import Max

from common.events import EventBase, chain_faults


def event_models() -> list[type[EventBase]]:
    """Every installed kind of event."""
    return [model for model in apps.get_models() if issubclass(model, EventBase)]


def heads(model: type[EventBase]) -> Iterator[dict[str, str | int]]:
    """The last event of every subject of one kind, by subject."""
    field = model.subject_field
    last = model.objects.order_by().values(field).annotate(last=Max("pk")).values("last")
    for event in model.objects.filter(pk__in=last).order_by(field).iterator():
        yield {
            "kind": model._meta.label_lower,
            "subject": event.subject_id,
            "seq": event.seq,
            "mac": event.mac,
        }


def write_anchor(folder: Path, day: date) -> Path:
    """The file ``folder/day.jsonl`` holds every chain's head; written whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{day.isoformat()}.jsonl"
    draft = target.with_suffix(".part")
    with draft.open("w", encoding="utf-8") as out:
        for model in event_models():
            for head in heads(model):
                out.write(json.dumps(head, sort_keys=True) + "\n")
    draft.replace(target)
    return target


def anchor_faults(file: Path) -> list[str]:
    """Anchored heads that the database no longer holds."""
    kinds = {model._meta.label_lower: model for model in event_models()}
    faults = []
    for line in file.read_text(encoding="utf-8").splitlines():
        head = json.loads(line)
        model = kinds[head["kind"]]
        facts = {
            model.subject_field: head["subject"],
            "seq": head["seq"],
            "mac": head["mac"],
        }
        if not model.objects.filter(**facts).exists():
            faults.append(
                f"{head['kind']} {head['subject']}: event {head['seq']} is gone or altered"
            )
    return faults


def all_chain_faults() -> Iterator[str]:
    """Every fault of every chain in the database."""
    for model in event_models():
        field = model.subject_field
        batch: list[EventBase] = []
        for event in model.objects.order_by(field, "seq").iterator():
            if batch and batch[0].subject_id != event.subject_id:
                yield from _named(model, batch)
                batch = []
            batch.append(event)
        yield from _named(model, batch)


def _named(model: type[EventBase], batch: list[EventBase]) -> Iterator[str]:
    for fault in chain_faults(batch):
        yield f"{model._meta.label_lower} {batch[0].subject_id}: {fault}"
