"""What the organisation does when Django tells it something."""

from typing import Any

from organisations.services import ensure_groups


def sync_groups(**_kwargs: Any) -> None:
    """After a migrate every role's group carries what the apps grant it."""
    ensure_groups()
