"""``manage.py check_docs``: the files made from the code are those in docs/."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from config.environment import BASE_DIR
from config.management.commands.env_help import as_markdown


def as_openapi() -> str:
    """The text of docs/openapi.yaml."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return OpenApiYamlRenderer().render(schema, renderer_context={}).decode()


MADE: Final[dict[str, Callable[[], str]]] = {
    "docs/settings.md": as_markdown,
    "docs/openapi.yaml": as_openapi,
}


def stale(root: Path) -> list[str]:
    """Files whose text is no longer what the code says."""
    return [
        name
        for name, made in MADE.items()
        if not (root / name).exists() or (root / name).read_text(encoding="utf-8") != made()
    ]


class Command(BaseCommand):
    """Compares; ``--write`` brings the files up to date."""

    help = "Whether docs/openapi.yaml and docs/settings.md are fresh."

    def add_arguments(self, parser: Any) -> None:
        """``--write`` writes them."""
        parser.add_argument("--write", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Fresh, or made fresh.

        Raises:
            CommandError: a file is stale.
        """
        old = stale(BASE_DIR)
        if options["write"]:
            for name in old:
                (BASE_DIR / name).write_text(MADE[name](), encoding="utf-8")
                self.stdout.write(f"wrote {name}")
        elif old:
            raise CommandError(f"stale: {', '.join(old)}; run make docs")
