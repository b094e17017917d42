"""Checklists are published frozen; a changed one becomes the next version."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import transaction

from inspections import rules
from inspections.errors import ChecklistFileUnusable
from inspections.models import ChecklistItem, ChecklistTemplate, ChecklistVersion
from inspections.services.authority import must_hold
from inspections.transitions import MANAGE
from organisations.models import User


@transaction.atomic
def publish_checklist(
    *,
    actor: User,
    code: str,
    name: str,
    rows: Sequence[dict[str, Any]],
) -> ChecklistVersion:
    """The checklist stands as a frozen version; the same content again is the same version.

    ``rows`` are dicts as ``rules.checklist_rows`` gives them.

    Raises:
        Forbidden: the actor may not publish checklists.
    """
    must_hold(actor, MANAGE)
    template, _created = ChecklistTemplate.objects.select_for_update().get_or_create(
        code=code, defaults={"name": name}
    )
    latest = template.versions.first()
    content = rules.frozen_text(list(rows))
    if latest and latest.sha256 == rules.sha256_of(content):
        return latest
    version = ChecklistVersion.objects.create(
        template=template,
        number=latest.number + 1 if latest else 1,
        content=content,
        sha256=rules.sha256_of(content),
        published_by=actor,
    )
    ChecklistItem.objects.bulk_create(
        ChecklistItem(version=version, position=place, **row)
        for place, row in enumerate(rows, start=1)
    )
    return version


def load_checklist(*, actor: User, path: Path | str, code: str, name: str) -> ChecklistVersion:
    """The checklist of a CSV file (code, group, item, is_key, method, legal_basis) is published.

    Raises:
        ChecklistFileUnusable: not UTF-8, a column is missing, or a code is empty or doubled.
    """
    try:
        rows = rules.checklist_rows(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, ValueError) as fault:
        raise ChecklistFileUnusable(fields={"file": [str(fault)]}) from fault
    return publish_checklist(actor=actor, code=code, name=name, rows=rows)
