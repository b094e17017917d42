"""Import of items from a file, the same way as the admin page."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from catalogue.choices import Level, RowFate
from catalogue.resources import stage_file
from catalogue.rules.words import LEVELS
from catalogue.services import ImportOptions, apply_import
from catalogue.services.imports import DEFAULT_PROMISE
from common.errors import DomainError
from common.models import Job
from organisations.models import Region
from organisations.services import system_user

SHOWN = 200


class Command(BaseCommand):
    """Reads FILE, says row by row what will become of it, asks, and stores what is valid."""

    help = "Import items from an xlsx, CSV or JSON file: preview, confirmation, row report."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file and how to read it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true", help="publish what is stored")
        parser.add_argument("--create-units", action="store_true", help="add unknown departments")
        parser.add_argument("--region", default="", help="12-digit region of the departments")
        parser.add_argument(
            "--default-promise",
            type=int,
            default=DEFAULT_PROMISE,
            metavar="N",
            help="working days promised where the file names no limit; 0 for none (default 20)",
        )
        parser.add_argument(
            "--accepts",
            default="区",
            help="who accepts where the file has no such column, e.g. 区,街道 (default 区)",
        )
        parser.add_argument("--dry-run", action="store_true", help="only show what would happen")
        parser.add_argument("--json", action="store_true", help="end with the totals as JSON")
        parser.add_argument("--yes", action="store_true", help="store without asking")

    def handle(self, *_args: Any, **options: Any) -> None:
        """The file is staged, shown, and applied unless somebody says no.

        Raises:
            CommandError: the file cannot be read, in words.
        """
        try:
            job = self._run(options)
        except DomainError as fault:
            raise CommandError(fault.message) from fault
        except OSError as fault:
            raise CommandError(
                _("%(file)s cannot be read: %(reason)s")
                % {"file": options["file"], "reason": fault.strerror},
            ) from fault
        self._show_totals(job)
        if options["json"]:
            self.stdout.write(json.dumps(job.report["summary"]))

    def _run(self, options: dict[str, Any]) -> Job:
        actor = system_user("import")
        job = stage_file(
            actor=actor,
            name=options["file"].name,
            data=options["file"].read_bytes(),
            options=_chosen(options),
        )
        self._show_rows(job)
        if options["dry_run"] or not self._agreed(job, options):
            return job
        done = apply_import(job_id=job.pk, actor=actor)
        self._show_refused(job, done)
        return done

    def _agreed(self, job: Job, options: dict[str, Any]) -> bool:
        """Whether to store; asked only where a person can answer."""
        if options["yes"] or options["json"] or not self._is_interactive():
            return True
        self._show_totals(job)
        return input(_("store these rows? [y/N] ")).strip().lower() in ("y", "yes", "是")

    def _is_interactive(self) -> bool:
        isatty = getattr(self.stdout, "isatty", None)
        return bool(isatty and isatty())

    def _show_rows(self, job: Job) -> None:
        for remark in job.report["remarks"]:
            self.stdout.write(remark)
        told = [row for row in job.report["rows"] if _has_something_to_say(row)]
        for row in told[:SHOWN]:
            self._show_row(row)
        if len(told) > SHOWN:
            self.stdout.write(
                _("and %(rows)s more rows; all of them stand in job %(job)s")
                % {"rows": len(told) - SHOWN, "job": job.pk},
            )

    def _show_refused(self, before: Job, after: Job) -> None:
        """Rows that passed the preview and were refused all the same."""
        for was, now in zip(before.report["rows"], after.report["rows"], strict=True):
            if was["fate"] != now["fate"]:
                self._show_row(now)

    def _show_row(self, row: dict[str, Any]) -> None:
        fate = RowFate(row["fate"]).label
        place = f"{row['sheet']} " if row.get("sheet") else ""
        said = _("line %(line)s %(code)s %(name)s: %(fate)s") % {**row, "fate": fate}
        self.stdout.write(place + said)
        for entry in (*row["reasons"], *row["notices"]):
            self.stdout.write(f"    {entry['column']}  {entry['text']}")
        for change in row["changes"]:
            self.stdout.write(f"    {change['column']}  {change['before']} → {change['after']}")

    def _show_totals(self, job: Job) -> None:
        self.stdout.write(
            _(
                "%(rows)s rows: %(new)s new, %(updated)s updated, %(unchanged)s unchanged, "
                "%(reported)s reported; %(notices)s notices",
            )
            % job.report["summary"],
        )


def _has_something_to_say(row: dict[str, Any]) -> bool:
    return row["fate"] == RowFate.REPORTED or bool(row["notices"] or row["changes"])


def _chosen(options: dict[str, Any]) -> ImportOptions:
    return ImportOptions(
        publish=options["publish"],
        create_units=options["create_units"],
        region=_region(options["region"]),
        default_promise=max(options["default_promise"], 0),
        accepts=_levels(options["accepts"]),
    )


def _region(code: str) -> str:
    if code and not Region.objects.filter(code=code).exists():
        raise CommandError(_("there is no region %(code)s") % {"code": code})
    return code


def _levels(text: str) -> list[str]:
    words = [word for word in text.replace("，", ",").split(",") if word]
    strange = [word for word in words if word not in LEVELS]
    if strange:
        raise CommandError(_("“%(word)s” is none of 区, 街道, 社区") % {"word": strange[0]})
    return [level for level in Level.values if level in {LEVELS[word] for word in words}]
