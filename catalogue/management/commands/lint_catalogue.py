"""``manage.py lint_catalogue``: every standing version is checked by today's rules."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from catalogue.models import LintFinding
from catalogue.rules.lint import CHECKS
from catalogue.services import check_again


class Command(BaseCommand):
    """Findings are made anew, for instance after an update brought new checks."""

    help = "Check every item version in force or on its way, and list what was found."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """One line a check that finds something, errors first."""
        number = check_again()
        found = Counter(LintFinding.objects.standing().values_list("code", flat=True))
        for check in CHECKS:
            if found[check.code]:
                self.stdout.write(f"{found[check.code]:6}  {check.severity:8}{check.text}")
        self.stdout.write(_("%(number)s versions checked") % {"number": number})
