"""What the plumbing does by itself."""

from pathlib import Path

from celery import shared_task
from django.conf import settings

from common import time
from common.anchors import write_anchor
from common.tending import tend_jobs


@shared_task(name="common.anchor_events")
def anchor_events() -> None:
    """Today's anchor file holds the head of every event chain."""
    write_anchor(Path(settings.ANCHOR_DIR), time.today())


@shared_task(name="common.tend_jobs")
def tend_background() -> None:
    """No job waits for ever: lost messages are sent again, dead work is over."""
    tend_jobs()
