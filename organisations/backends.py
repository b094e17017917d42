"""What an account may do, read in one look."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q


class OneLookBackend:
    """Stands before Django's own backend, which would ask twice; nobody signs in by it.

    What it reads lies on the user object where Django's backend looks first.
    """

    def authenticate(self, request: Any, **credentials: Any) -> None:
        """Nobody."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether ``app.codename`` is among them."""
        return obj is None and perm in _seen(user_obj)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Permissions of the groups and the user's own as ``app.codename``; none of an inactive one."""
        return set(_seen(user_obj)) if obj is None else set()

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether any permission of the app is held."""
        return any(name.startswith(f"{app_label}.") for name in _seen(user_obj))


def _seen(user: Any) -> Collection[str]:
    """What the user may do, read at most once per user object."""
    if not user.is_active or user.is_anonymous or user.is_superuser:
        return ()
    if not hasattr(user, "_perm_cache"):
        user._perm_cache = _held_by(user)  # noqa: SLF001 - Django's own place for it
    held: set[str] = user._perm_cache  # noqa: SLF001
    return held


def _held_by(user: Any) -> set[str]:
    own = Q(pk__in=user.user_permissions.values("pk"))
    rows = Permission.objects.filter(own | Q(group__in=user.groups.values("pk"))).order_by()
    names = rows.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in names}
