"""``manage.py generate_load``: many open cases in a house that has a catalogue and windows."""

import time as machine_time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common.errors import DomainError
from sample.services import LoadWanted, generate_load

TOLD_EVERY = 2.0
"""Seconds between two lines of progress."""


class Command(BaseCommand):
    """Adds invented cases under way, saying how far it is."""

    help = "Add many invented cases, accepted and running, to try a house under load."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, and which."""
        parser.add_argument("--cases", type=int, required=True, help="how many, e.g. 100000")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other cases")
        parser.add_argument(
            "--in-production", action="store_true", help="also where the house is in production"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """The cases stand; interrupted, only whole batches stand.

        Raises:
            CommandError: the reason in one line.
        """
        self._began = self._told = machine_time.monotonic()
        wanted = LoadWanted(options["cases"], options["seed"], options["in_production"])
        try:
            generate_load(wanted, say=lambda done: self._say(done, wanted.cases))
        except DomainError as fault:
            raise CommandError(fault.message) from fault

    def _say(self, done: int, wanted: int) -> None:
        moment = machine_time.monotonic()
        if done < wanted and moment - self._told < TOLD_EVERY:
            return
        self._told, seconds = moment, moment - self._began
        text = _("%(done)s of %(wanted)s cases, %(pace)s a second") % {
            "done": f"{done:,}",
            "wanted": f"{wanted:,}",
            "pace": f"{done / max(seconds, 0.001):,.0f}",
        }
        self.stdout.write(f"  {seconds:5.1f} s  {text}")
        self.stdout.flush()
