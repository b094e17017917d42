"""What the catalogue does when Django tells it something."""

from typing import Any

from django.db import connections

from catalogue.services.freezing import install_freeze


def freeze_published_versions(using: str, **_kwargs: Any) -> None:
    """After a migrate the database guards published versions again."""
    install_freeze(connections[using])
