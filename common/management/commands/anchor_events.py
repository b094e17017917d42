"""Writes today's anchor file."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from common import time
from common.anchors import write_anchor


class Command(BaseCommand):
    """The head of every event chain stands in a file outside the database."""

    help = "Write the last MAC of every event chain to ANCHOR_DIR."

    def handle(self, **_options: Any) -> None:
        """Prints the file written."""
        self.stdout.write(str(write_anchor(Path(settings.ANCHOR_DIR), time.today())))
