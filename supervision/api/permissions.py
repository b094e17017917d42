"""Who reads cards over the API."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


class MayViewCards(BasePermission):
    """Posts that hold the view permission; which cards is a matter of scope."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the user may read cards at all."""
        return bool(
            request.user.is_authenticated and request.user.has_perm("supervision.view_card")
        )
