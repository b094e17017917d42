"""Checks every event chain and every anchor file."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common.anchors import all_chain_faults, anchor_faults


class Command(BaseCommand):
    """Exits 1 and names each altered, missing or cut-off event."""

    help = "Verify all event chains and anchors; exit 1 on any fault."

    def handle(self, **_options: Any) -> None:
        """Prints each fault.

        Raises:
            CommandError: there is at least one.
        """
        faults = list(all_chain_faults())
        for file in sorted(Path(settings.ANCHOR_DIR).glob("*.jsonl")):
            faults += [f"{file.name}: {fault}" for fault in anchor_faults(file)]
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults")
        self.stdout.write("every chain is whole")
