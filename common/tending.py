"""Work in the background that nobody does: a lost message, a worker that died.

A nudge may get lost with the broker, and a worker may be killed in the middle. Beat looks
after both, so that no job waits for ever on its page.
"""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from common import time
from common.jobs import nudge
from common.models import Job

RESENT_AFTER: Final = timedelta(minutes=5)
GIVEN_UP_AFTER: Final = timedelta(minutes=15)

_tasks: dict[str, Any] = {}


def register_job(kind: str, task: Any) -> None:
    """Queued jobs of this kind are done by this task, which takes the job's key.

    Raises:
        ValueError: another task does them already.
    """
    if _tasks.setdefault(kind, task) is not task:
        raise ValueError(f"two tasks for jobs of kind {kind}")


def tend_jobs() -> None:
    """Jobs nobody took are sent again; those whose worker fell silent are over, with the reason."""
    now, kinds = time.now(), tuple(_tasks)
    for key in Job.objects.of_kinds(kinds).waiting_since(now - RESENT_AFTER).oldest_keys():
        _send_again(key)
    for key in Job.objects.of_kinds(kinds).silent_since(now - GIVEN_UP_AFTER).oldest_keys():
        _give_up(key, now - GIVEN_UP_AFTER)


@transaction.atomic
def _send_again(key: int) -> None:
    job = Job.objects.get(pk=key)
    job.touched_at = time.now()
    job.save(update_fields=["touched_at"])
    nudge(_tasks[job.kind], job.pk)


@transaction.atomic
def _give_up(key: int, since: Any) -> None:
    job = Job.objects.silent_since(since).select_for_update().filter(pk=key).first()
    if job is None:
        return
    job.fault = _(
        "the worker stopped in the middle; what is stored stays stored: load the file again, "
        "and only what is missing will be done"
    )
    job.finish(job.report, failed=True, message=job.message)
