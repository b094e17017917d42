"""What the catalogue does when Django tells it something."""

from typing import Any

from django.db import connections

from catalogue.services.freezing import install_freeze, lift_freeze


def let_tables_be_remade(using: str, plan: Any = (), **_kwargs: Any) -> None:
    """Before migrations that are to be run the guard steps aside; it is put back after them."""
    if plan:
        lift_freeze(connections[using])


def freeze_published_versions(using: str, **_kwargs: Any) -> None:
    """After a migrate the database guards published versions again."""
    install_freeze(connections[using])
