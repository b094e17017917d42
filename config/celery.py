"""The Celery application. A message is a hint; the database is the truth."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("yichuang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def sweep_at_once(**_kwargs: Any) -> None:
    """A house that was closed doesn't wait a minute more for what fell due meanwhile."""
    app.send_task("deadlines.sweep_clocks", expires=60)
