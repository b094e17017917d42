"""Compute every clock again from its events."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from deadlines.services import verify_clocks


class Command(BaseCommand):
    """Ends with 1 and the differences if a stored due is not what its events say."""

    help = "Recomputes every clock from its events and calendar; exit code 1 on differences."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print the differences and end accordingly."""
        found = 0
        for clock, faults in verify_clocks():
            found += 1
            self.stdout.write(f"#{clock.pk} {clock}")
            for fault in faults:
                self.stdout.write(f"    {fault}")
        self.stdout.write(_("%(count)s time limits differ from their events") % {"count": found})
        if found:
            sys.exit(1)
