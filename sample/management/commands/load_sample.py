"""``manage.py load_sample``: the sample district in an empty house."""

import time as machine_time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common.errors import DomainError
from sample.services import LoadOptions, LoadReport, district_digest, load_district

TOKEN_FILE = "sample-token.txt"  # noqa: S105 - a file name


class Command(BaseCommand):
    """Builds the sample district, saying what it does."""

    help = "Load the sample district into an empty database (never in production)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which district."""
        parser.add_argument("--seed", type=int, default=1, help="another seed, other people")
        parser.add_argument(
            "--date",
            type=date.fromisoformat,
            default=None,
            help="loading day, e.g. 2021-12-07 (default today)",
        )
        parser.add_argument("--small", action="store_true", help="a few streets and cases only")

    def handle(self, *_args: Any, **options: Any) -> None:
        """The district stands, or nothing was changed.

        Raises:
            CommandError: the reason in one line.
        """
        self._began = machine_time.monotonic()
        asked = LoadOptions(seed=options["seed"], day=options["date"], small=options["small"])
        try:
            report = load_district(asked, say=self._say)
        except DomainError as fault:
            raise CommandError(fault.message) from fault
        self._keep_token(report)
        self._say(
            _("the sample district stands: %(users)s accounts, %(items)s items, %(cases)s cases")
            % vars(report)
        )
        self._say(_("fingerprint: %(digest)s") % {"digest": district_digest()})

    def _say(self, text: str) -> None:
        seconds = machine_time.monotonic() - self._began
        self.stdout.write(f"  {seconds:5.1f} s  {text}")
        self.stdout.flush()

    def _keep_token(self, report: LoadReport) -> None:
        """The token of the API client is printed once and kept for its owner alone."""
        path = settings.VAR_DIR / TOKEN_FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        path.write_text(f"{report.token}\n", encoding="utf-8")
        self._say(
            _("token of the API client anxinban (kept in %(path)s): %(token)s")
            % {"path": path, "token": report.token}
        )
