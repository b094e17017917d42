"""What the plumbing does when Django tells it something."""

from typing import Any

from django.db import connections

from common.append_only import install_triggers


def put_triggers_back(using: str, **_kwargs: Any) -> None:
    """After a migrate every append-only table is guarded again."""
    install_triggers(connections[using])
