"""What an account may do, read in one look."""

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
        return perm in self.get_all_permissions(user_obj, obj)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Permissions of the groups and the user's own as ``app.codename``; none of an inactive one."""
        if not user_obj.is_active or user_obj.is_anonymous or user_obj.is_superuser or obj:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = _held_by(user_obj)  # noqa: SLF001 - Django's own place for it
        return set(user_obj._perm_cache)  # noqa: SLF001

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether any permission of the app is held."""
        held = self.get_all_permissions(user_obj)
        return any(name.startswith(f"{app_label}.") for name in held)


def _held_by(user: Any) -> set[str]:
    own = Q(pk__in=user.user_permissions.values("pk"))
    rows = Permission.objects.filter(own | Q(group__in=user.groups.values("pk"))).order_by()
    names = rows.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in names}
