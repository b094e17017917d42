"""Work of the catalogue that a worker does."""

from celery import shared_task

from catalogue.errors import ImportOver
from catalogue.services import apply_import, publish_due
from common.errors import JobOver
from common.models import Job


@shared_task(name="catalogue.apply_import")
def apply_staged_import(job_id: int) -> None:
    """The staged import is applied, once."""
    job = Job.objects.select_related("created_by").get(pk=job_id)
    try:
        apply_import(job_id=job.pk, actor=job.created_by)
    except (ImportOver, JobOver):
        return


@shared_task(name="catalogue.publish_due")
def publish_on_their_day() -> None:
    """Versions whose day has come are in force."""
    publish_due()
