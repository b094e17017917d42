"""Export of the catalogue to a file that import_items reads back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from catalogue.resources import FORMATS, export_items
from common.errors import DomainError
from organisations.services import system_user


class Command(BaseCommand):
    """Writes the newest version of every item to FILE."""

    help = "Export items to an xlsx, CSV or JSON file that import_items rebuilds them from."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and its form where the name does not say it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=FORMATS, help="default: as the file is named")

    def handle(self, *_args: Any, **options: Any) -> None:
        """The file is written.

        Raises:
            CommandError: unknown form, or the file cannot be written, in words.
        """
        file: Path = options["file"]
        form = options["format"] or file.suffix.lstrip(".").lower()
        try:
            file.write_bytes(export_items(user=system_user("import"), form=form))
        except DomainError as fault:
            raise CommandError(fault.message) from fault
        except OSError as fault:
            raise CommandError(
                _("%(file)s cannot be written: %(reason)s")
                % {"file": file, "reason": fault.strerror},
            ) from fault
