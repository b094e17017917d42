"""Who may read clocks over the API."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


class MayViewClocks(BasePermission):
    """Posts and clients that hold the view permission; which rows is a matter of scope."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the user may read clocks at all."""
        return bool(request.user.is_authenticated and request.user.has_perm("deadlines.view_clock"))
