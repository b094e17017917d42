"""Settings, addresses and processes of the house: imports all, is imported by none."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
