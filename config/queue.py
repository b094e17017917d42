"""How tasks travel and when they tick: Redis where there is one, files where not."""

from pathlib import Path
from typing import Any

from celery.schedules import crontab

SWEEP_SECONDS = 60
DELIVERY_SECONDS = 60
TEND_SECONDS = 300
# A tick that waited longer than this is worthless: the next one does its work.
SWEEP_EXPIRES = 55


def broker_url(redis_url: str) -> str:
    """Celery's broker address."""
    return redis_url or "filesystem://"


def broker_options(redis_url: str, var_dir: Path) -> dict[str, Any]:
    """Bounded waits: a dead broker costs a clerk two seconds once, then nothing."""
    if redis_url:
        return {
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
            "visibility_timeout": 300,
            "unacked_restore_throttle": 1,
            "max_retries": 1,
            "interval_step": 0.1,
        }
    return _folders(var_dir / "broker")


def _folders(root: Path) -> dict[str, Any]:
    queue, control = root / "queue", root / "control"
    for folder in (queue, control):
        folder.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(queue),
        "data_folder_out": str(queue),
        "control_folder": str(control),
        "store_processed": False,
        "polling_interval": 0.1,
    }


def beat_schedule() -> dict[str, Any]:
    """Everything that ticks. Each task may run twice at once and do no harm."""
    return {
        "sweep clocks": {
            "task": "deadlines.sweep_clocks",
            "schedule": SWEEP_SECONDS,
            "options": {"expires": SWEEP_EXPIRES},
        },
        "deliver messages": {
            "task": "notifications.deliver_messages",
            "schedule": DELIVERY_SECONDS,
            "options": {"expires": SWEEP_EXPIRES},
        },
        "tend jobs": {
            "task": "common.tend_jobs",
            "schedule": TEND_SECONDS,
            "options": {"expires": TEND_SECONDS},
        },
        "publish versions on their day": {
            "task": "catalogue.publish_due",
            "schedule": SWEEP_SECONDS,
            "options": {"expires": SWEEP_EXPIRES},
        },
        "drop forms over their time": {
            "task": "intake.drop_expired_drafts",
            "schedule": crontab(minute=20),
        },
        "erase first contacts over their time": {
            "task": "intake.erase_old_contacts",
            "schedule": crontab(minute=25),
        },
        "anchor events": {
            "task": "common.anchor_events",
            "schedule": crontab(hour=0, minute=30),
        },
    }
