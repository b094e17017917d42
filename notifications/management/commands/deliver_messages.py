"""Send the messages that are due."""

import json
import time as machine_time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from notifications.services import DeliveryResult, deliver_due

LOOP_SECONDS = 5.0


class Command(BaseCommand):
    """``--once`` for cron, ``--loop`` without a broker."""

    help = "Sends the messages that are due over the channels the district has."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How often, and for whom the answer is."""
        ways = parser.add_mutually_exclusive_group()
        ways.add_argument("--once", action="store_true", help="one pass, then end (default)")
        ways.add_argument("--loop", action="store_true", help="a pass every few seconds")
        parser.add_argument("--json", action="store_true", help="one JSON object a pass")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the chosen way."""
        if not options["loop"]:
            self._report(deliver_due(), as_json=options["json"])
            return
        try:
            while True:
                result = deliver_due()
                if result.sent or result.failed:
                    self._report(result, as_json=options["json"])
                machine_time.sleep(LOOP_SECONDS)
        except KeyboardInterrupt:
            self.stderr.write(_("delivering ended"))

    def _report(self, result: DeliveryResult, *, as_json: bool) -> None:
        counts = {"sent": result.sent, "failed": result.failed, "given_up": result.given_up}
        words = _("%(sent)s sent, %(failed)s not taken, %(given_up)s given up") % counts
        self.stdout.write(json.dumps(counts) if as_json else words)
