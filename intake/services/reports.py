"""What became of many cases at once, kept for whoever did it."""

from collections.abc import Sequence
from typing import Any

from common import time
from common.models import Job
from organisations.models import User

MANY = "intake.many"


def keep_report(*, actor: User, verb: str, rows: Sequence[dict[str, Any]]) -> Job:
    """The report stands: the verb and the fate of every row."""
    now = time.now()
    return Job.objects.create(
        kind=MANY,
        state=Job.State.DONE,
        progress_done=sum(1 for row in rows if row["done"]),
        progress_total=len(rows),
        report={"verb": verb, "rows": list(rows)},
        created_by=actor,
        created_at=now,
        finished_at=now,
    )
