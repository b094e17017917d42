"""Work of intake that ticks by itself."""

from celery import shared_task

from intake.services.drafts import drop_expired_drafts
from intake.services.first_contacts import erase_old_contacts


@shared_task(name="intake.drop_expired_drafts")
def drop_drafts_over_time() -> None:
    """Forms in the making whose time is over are gone."""
    drop_expired_drafts()


@shared_task(name="intake.erase_old_contacts")
def erase_contacts_over_time() -> None:
    """Names and telephones of first contacts answered long enough ago are gone."""
    erase_old_contacts()
