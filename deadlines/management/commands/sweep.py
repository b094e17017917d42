"""Find every stage that is due and let it happen."""

import time as machine_time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from common import time
from deadlines.choices import Effect, StageKey
from deadlines.models import StageFire
from deadlines.services import SweepResult, continue_reprojection, sweep

LOOP_SECONDS = 3.0


class Command(BaseCommand):
    """``--once`` for cron, ``--loop`` without a broker, ``--at TIME`` for a rehearsal."""

    help = "Fires the stages that are due. --at TIME shows what would fire and changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Exactly one way of running."""
        ways = parser.add_mutually_exclusive_group()
        ways.add_argument("--once", action="store_true", help="one sweep, then end (default)")
        ways.add_argument("--loop", action="store_true", help="sweep every few seconds")
        ways.add_argument("--at", help="rehearse at this time, such as 2026-12-10T00:00")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the chosen way."""
        if options["at"]:
            self._rehearse(_instant(options["at"]))
        elif options["loop"]:
            self._loop()
        else:
            self._report(_passed())

    def _rehearse(self, at: datetime) -> None:
        with time.freeze(at), transaction.atomic():
            self._report(sweep(at=at))
            transaction.set_rollback(True)
        self.stdout.write(_("rehearsal only: nothing was changed"))

    def _loop(self) -> None:
        try:
            while True:
                self._report(_passed(), quiet=True)
                machine_time.sleep(LOOP_SECONDS)
        except KeyboardInterrupt:
            self.stdout.write(_("sweeping ended"))

    def _report(self, result: SweepResult, *, quiet: bool = False) -> None:
        for fire in result.fires:
            planned = time.local(fire.planned_for).isoformat(" ", "minutes")
            self.stdout.write(f"{planned}  {_words(fire)}  {fire.clock}")
        if not quiet or result.fires or result.failed:
            counts = {"fired": result.fired, "failed": len(result.failed)}
            self.stdout.write(_("%(fired)s stages reached, %(failed)s put aside") % counts)


def _passed() -> SweepResult:
    """One pass of the engine, as the worker does it: a broken count is finished first."""
    continue_reprojection()
    return sweep()


def _words(fire: StageFire) -> str:
    """The rung, and for an effect of the law which one."""
    if fire.stage != StageKey.EFFECT:
        return str(fire)
    effect = Effect(fire.clock.snapshot["effect"])
    return f"{fire}: {effect.label}"


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(_("write the time as 2026-12-10T00:00")) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=time.TZ)
