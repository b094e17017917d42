"""``manage.py env_help``: every variable the house reads, with help and default."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from config.environment import BASE_DIR, Environment


def shown_default(field: FieldInfo) -> str:
    """The default as an operator would write it; a built-in key is only named."""
    value = field.default
    if isinstance(value, SecretStr):
        return "(development only)" if value.get_secret_value() else ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, Path):
        return value.relative_to(BASE_DIR).as_posix()
    return "" if value is None else str(value)


def variables() -> Iterator[tuple[str, str, str]]:
    """Name, default and help of each variable, in reading order."""
    for name, field in Environment.model_fields.items():
        yield name.upper(), shown_default(field), field.description or ""


def as_text() -> str:
    """For a terminal."""
    return "\n".join(
        f"{name}={default}\n    {description}\n" for name, default, description in variables()
    )


def as_markdown() -> str:
    """The text of docs/settings.md."""
    rows = (
        f"| `{name}` | {f'`{default}`' if default else ''} | {description} |"
        for name, default, description in variables()
    )
    return "\n".join(
        [
            "# Settings",
            "",
            "Made by `manage.py env_help --markdown`; edit `config/environment.py` instead.",
            "Everything is read from the environment. Keys made by `make run` lie in `var/keys.env`",
            "and fill what the environment leaves out.",
            "",
            "| variable | default | meaning |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


class Command(BaseCommand):
    """Prints the variables; touches nothing."""

    help = "Every environment variable with its help and default."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--markdown`` gives docs/settings.md."""
        parser.add_argument("--markdown", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """The list stands on the terminal."""
        text = as_markdown() if options["markdown"] else as_text()
        self.stdout.write(text, ending="" if options["markdown"] else "\n")
