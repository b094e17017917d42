"""The report of number series for whoever sits at the machine."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from documents.services import series_report
from documents.services.series import SeriesLine
from organisations.services import system_user


class Command(BaseCommand):
    """Ends with 1 if a series has a gap."""

    help = "Every series of official numbers: first, last, count, void ones; exit code 1 on a gap."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One year, or every one."""
        parser.add_argument("--year", type=int, help="default: every year")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print a line a series, its void numbers below, and end accordingly."""
        lines = series_report(user=system_user("report"), year=options["year"])
        for line in lines:
            self._write(line)
        broken = sum(1 for line in lines if line.gaps)
        self.stdout.write(
            _("%(count)s series, %(broken)s with gaps") % {"count": len(lines), "broken": broken}
        )
        if broken:
            sys.exit(1)

    def _write(self, line: SeriesLine) -> None:
        words = _("%(first)s to %(last)s, %(count)s numbers, missing: %(gaps)s") % {
            "first": line.first,
            "last": line.last,
            "count": line.count,
            "gaps": "、".join(line.gaps) or "—",
        }
        self.stdout.write(f"{line.year} {line.organ} {line.label} ({line.key}): {words}")
        for row in line.voids:
            void = _("void: %(reason)s") % {"reason": row.void_reason}
            self.stdout.write(f"    {row.number} {void} ({row.voided_at:%Y-%m-%d} {row.voided_by})")
