"""Which permissions a role carries: each app grants its own, groups are synced after migrate."""

from organisations.choices import Role

_grants: dict[str, set[str]] = {}


def grant(role: str, *permissions: str) -> None:
    """Holders of a post of ``role`` hold ``permissions`` (``app.codename``) from the next sync on."""
    _grants.setdefault(str(Role(role)), set()).update(permissions)


def granted(role: str) -> frozenset[str]:
    """Permissions of a role."""
    return frozenset(_grants.get(str(role), ()))
