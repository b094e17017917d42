"""``manage.py prepare_district``: before the doors open, tables, static files, the sample.

The runner starts it as a process of its own, so that the parent of web, worker and
beat stays small.
"""

import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from common.crypto import Unsealable
from common.keys import DataKey
from config.runner.words import SAMPLE_STANDS, refuse, say
from organisations.choices import UserKind
from organisations.models import Region, User


def make_tables() -> None:
    """The tables are those the code expects."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        say(f"建立数据表（{len(waiting)} 步）  Making tables ({len(waiting)} steps)")
        call_command("migrate", interactive=False, verbosity=0)


def check_keys() -> None:
    """The keys at hand open the personal data of this database."""
    key = DataKey.objects.filter(erased_at=None).first()
    try:
        if key is not None:
            key.open()
    except (KeyError, Unsealable):
        raise refuse("keys") from None


def collect_static() -> None:
    """In production static files lie compressed under their hashed names."""
    if settings.PRODUCTION:
        say("整理静态文件  Collecting static files")
        call_command("collectstatic", interactive=False, verbosity=0)


def load_sample_once() -> None:
    """An empty house that isn't in production has the sample district, whole or not at all."""
    people = User.objects.exclude(kind=UserKind.SYSTEM)
    empty = not (Region.objects.exists() or people.exists())
    if empty and not settings.PRODUCTION:
        say("装入示例区（仅第一次）  Loading the sample district (first time only)")
        call_command("load_sample")


class Command(BaseCommand):
    """Everything stands ready; the exit code says whether the sample accounts do."""

    help = "Migrate, collect static files, load the sample into an empty database."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Ready to serve.

        Raises:
            SystemExit: always; with a sentence when the house can't open.
        """
        try:
            make_tables()
            check_keys()
            collect_static()
            load_sample_once()
            sample = User.objects.filter(username="dengta01").exists()
        except DatabaseError as error:
            raise refuse("database", str(error).strip().splitlines()[0]) from None
        sys.exit(SAMPLE_STANDS if sample else 0)
