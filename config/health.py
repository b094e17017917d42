"""What must be true for the house to be well; each check raises when it isn't."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable

from common import time
from common.append_only import missing_triggers
from deadlines.models import SweepRun
from deadlines.services import calendar_warning
from notifications.parts import delivery_warning

STALE_AFTER: Final = timedelta(minutes=5)


@dataclass
class DatabaseAnswers(HealthCheck):
    """The database answers a query."""

    name = "database"

    def run(self) -> None:
        """Pass if one row comes back."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()


@dataclass
class MigrationsApplied(HealthCheck):
    """The tables are those the code expects."""

    name = "migrations"

    def run(self) -> None:
        """Pass if no migration waits."""
        executor = MigrationExecutor(connection)
        if waiting := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise ServiceUnavailable(f"{len(waiting)} migrations wait")


@dataclass
class EvidenceGuarded(HealthCheck):
    """The database itself refuses to change what happened."""

    name = "append_only"

    def run(self) -> None:
        """Pass if every append-only table carries its triggers."""
        if missing := missing_triggers(connection):
            raise ServiceUnavailable(f"{len(missing)} triggers are missing; run migrate")


@dataclass
class DeadlinesWatched(HealthCheck):
    """The sweep that finds every deadline has run lately: the engine watches itself."""

    name = "deadlines"

    def run(self) -> None:
        """Pass if a sweep ended within ``STALE_AFTER``."""
        last = SweepRun.objects.aggregate(ended=Max("finished_at"))["ended"]
        if last is None:
            raise ServiceUnavailable("no sweep has ended yet")
        if (age := time.now() - last) > STALE_AFTER:
            raise ServiceUnavailable(f"the last sweep ended {int(age.total_seconds())} s ago")


def warnings() -> list[str]:
    """What does not stop the house yet but must be seen to: a calendar or messages missing."""
    return [warning for warning in (calendar_warning(), delivery_warning()) if warning]


CHECKS: Final = (DatabaseAnswers, MigrationsApplied, EvidenceGuarded, DeadlinesWatched)
