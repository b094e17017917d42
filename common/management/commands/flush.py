"""Django's flush, for test databases only: append-only triggers step aside for it."""

from typing import Any

from django.core import mail
from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as DjangoFlush
from django.db import connections

from common.append_only import drop_triggers, install_triggers


class Command(DjangoFlush):
    """Empties a test database; refused anywhere else."""

    def handle(self, **options: Any) -> None:
        """Every table is empty and guarded again.

        Raises:
            CommandError: this is no test run.
        """
        if not hasattr(mail, "outbox"):
            raise CommandError("flush would destroy evidence; it runs in tests only")
        connection = connections[options["database"]]
        # A library's own migration may leave a table without a model that points at ours.
        options["allow_cascade"] = True
        drop_triggers(connection)
        try:
            super().handle(**options)
        finally:
            install_triggers(connection)
