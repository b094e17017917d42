"""What a worker does for the clocks."""

from celery import shared_task

from deadlines.services import sweep


@shared_task(name="deadlines.sweep_clocks", ignore_result=True)
def sweep_clocks() -> int:
    """Every rung due now has been reached; tells how many."""
    return sweep().fired
