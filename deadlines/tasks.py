"""What a worker does for the clocks."""

from celery import shared_task

from deadlines.services import continue_reprojection, sweep


@shared_task(name="deadlines.sweep_clocks", ignore_result=True)
def sweep_clocks() -> int:
    """Every rung due now has been reached; tells how many.

    Clocks that a killed worker left on an older calendar are counted anew first.
    """
    continue_reprojection()
    return sweep().fired


@shared_task(name="deadlines.count_anew", ignore_result=True)
def count_anew() -> None:
    """Every open clock has been counted on the newest calendar."""
    continue_reprojection()
