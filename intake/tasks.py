"""Work of intake that ticks by itself."""

from celery import shared_task

from intake.services.drafts import drop_expired_drafts


@shared_task(name="intake.drop_expired_drafts")
def drop_drafts_over_time() -> None:
    """Forms in the making whose time is over are gone."""
    drop_expired_drafts()
