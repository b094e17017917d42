"""``manage.py run_district``: the same as ``make run``."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Hands this process over to the runner, which needs no settings loaded."""

    help = "Start web, worker and beat as one; Ctrl-C stops them all."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """The runner has taken this process over."""
        os.execv(sys.executable, [sys.executable, "-m", "config.runner"])  # noqa: S606
