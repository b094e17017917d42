"""Which permissions a role carries: each app grants its own, groups are synced after migrate."""

_grants: dict[str, set[str]] = {}


def grant(role: str, *permissions: str) -> None:
    """Holders of a post of ``role`` hold ``permissions`` (``app.codename``) from the next sync on."""
    _grants.setdefault(str(role), set()).update(permissions)


def granted(role: str) -> frozenset[str]:
    """Permissions of a role."""
    return frozenset(_grants.get(str(role), ()))


def granted_roles() -> frozenset[str]:
    """Roles to which something was granted."""
    return frozenset(_grants)
