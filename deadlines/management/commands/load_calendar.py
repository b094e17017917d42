"""Load the holiday notice of a year: first what it would change, then the change."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common.errors import DomainError, InvalidInput
from common.models import Job
from deadlines.resources import read_notice
from deadlines.services import continue_reprojection, load_notice, preview_notice, reproject
from deadlines.services.loading import DayChange, Preview
from organisations.services import system_user


class Command(BaseCommand):
    """Without ``--yes`` nothing is stored; ``--resume`` finishes a count that was broken off."""

    help = "Shows what a holiday notice (JSON or CSV) would change; --yes loads it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A file, and whether to store it."""
        parser.add_argument("file", nargs="?", type=Path, help="JSON or CSV of one notice")
        parser.add_argument("--yes", action="store_true", help="load it")
        parser.add_argument("--resume", action="store_true", help="finish a count broken off")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Preview, load, or resume.

        Raises:
            CommandError: the file cannot be read, or its notice cannot be right.
        """
        if options["resume"]:
            self._report(continue_reprojection())
            return
        if options["file"] is None:
            raise CommandError(_("name the file of the notice"))
        try:
            self._load(options["file"], confirmed=options["yes"])
        except OSError as fault:
            raise CommandError(f"{options['file']}: {fault.strerror}") from None
        except InvalidInput as fault:
            lines = [line for lines in fault.fields.values() for line in lines] or [fault.message]
            raise CommandError("\n".join(lines)) from None
        except DomainError as fault:
            raise CommandError(fault.message) from None

    def _load(self, file: Path, *, confirmed: bool) -> None:
        notice = read_notice(file.read_bytes())
        self._show(preview_notice(notice))
        if not confirmed:
            self.stdout.write(_("nothing was stored; run again with --yes to load it"))
            return
        loaded = load_notice(actor=system_user("calendar"), notice=notice)
        self.stdout.write(_("edition %(code)s counts from now on") % {"code": loaded.edition.code})
        self._report(reproject(job_id=loaded.job.pk))

    def _show(self, preview: Preview) -> None:
        self.stdout.write(preview.title)
        for change in preview.changes:
            self.stdout.write(_line(change))
        if not preview.changes:
            self.stdout.write(_("the calendar already says this; nothing was changed"))

    def _report(self, job: Job | None) -> None:
        if job is None:
            self.stdout.write(_("every open time limit stands on the newest calendar"))
            return
        facts = {
            "done": job.progress_done,
            "changed": job.report["changed"],
            "moved": job.report["moved"],
            "failed": len(job.report["failed"]),
        }
        self.stdout.write(
            _(
                "%(done)s open time limits counted anew: %(changed)s changed, "
                "%(moved)s end on another day, %(failed)s could not be counted"
            )
            % facts
        )


def _line(change: DayChange) -> str:
    sign = {True: _("work"), False: _("rest")}
    before = f"{sign[change.was_workday]} {change.label_before}".strip()
    after = f"{sign[change.is_workday]} {change.label_after}".strip()
    mark = "*" if change.counts_otherwise else " "
    return f"{mark} {change.day}  {before} → {after}"
