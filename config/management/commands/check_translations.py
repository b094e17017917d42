"""``manage.py check_translations``: every message of every app has its Chinese, compiled.

makemessages runs in a copy, so the check changes nothing.
"""

import contextlib
import gettext
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.environment import BASE_DIR

CATALOGUE: Final = Path("locale/zh_Hans/LC_MESSAGES/django.po")
HOUSE: Final = (
    "common",
    "organisations",
    "notifications",
    "documents",
    "deadlines",
    "catalogue",
    "intake",
    "inspections",
    "approvals",
    "supervision",
    "sample",
    "config",
)


def extracted(app: Path, scratch: Path) -> Path:
    """The catalogue of ``app`` as makemessages would write it now, in a copy."""
    copy = scratch / app.name
    shutil.copytree(app, copy, ignore=shutil.ignore_patterns("__pycache__", "static", "data"))
    (copy / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
    with contextlib.chdir(copy):
        call_command("makemessages", locale=["zh_Hans"], no_obsolete=True, verbosity=0)
    return copy / CATALOGUE


def compiled(source: Path, *options: str) -> dict[str, str]:
    """Message to translation, as msgfmt sees ``source``."""
    if not source.exists():
        return {}
    target = source.with_suffix(".check.mo")
    subprocess.run(["msgfmt", *options, "-o", str(target), str(source)], check=True)
    return catalogue(target)


def catalogue(target: Path) -> dict[str, str]:
    """Message to translation in a compiled file; plurals by their first form."""
    if not target.exists():
        return {}
    with target.open("rb") as binary:
        entries = vars(gettext.GNUTranslations(binary))["_catalog"]  # it has no public reader
    plain = ((key[0] if isinstance(key, tuple) else key, text) for key, text in entries.items())
    return {key: text for key, text in plain if key}


def messages(source: Path) -> set[str]:
    """Every message in ``source``, translated or not."""
    if not source.exists():
        return set()
    english = source.with_suffix(".en.po")
    subprocess.run(["msgen", "-o", str(english), str(source)], check=True)
    return set(compiled(english, "--use-fuzzy"))


def faults(app: Path) -> Iterator[str]:
    """What is wrong with the app's catalogue, one line each."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = extracted(app, Path(scratch))
        wanted = messages(fresh)
        # A message whose text changed comes back fuzzy; msgfmt leaves fuzzy and empty ones out.
        translated = compiled(fresh)
    for message in sorted(wanted - set(translated)):
        yield f"{app.name}: no Chinese for {message!r}"
    served = catalogue((app / CATALOGUE).with_suffix(".mo"))
    for message in sorted(set(translated) & wanted):
        if served.get(message) != translated[message]:
            yield f"{app.name}: not compiled: {message!r}"


class Command(BaseCommand):
    """Reads; changes nothing."""

    help = "Whether every message has its Chinese, without fuzzy ones, and is compiled."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Complete.

        Raises:
            CommandError: gettext is missing, or a message is untranslated or not compiled.
        """
        if shutil.which("msgfmt") is None:
            raise CommandError("gettext is missing: apt-get install gettext")
        found = [fault for name in HOUSE for fault in faults(BASE_DIR / name)]
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{len(found)} faults; run make messages and translate")
        self.stdout.write("every message has its Chinese")
