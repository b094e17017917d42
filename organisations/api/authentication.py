"""API clients prove themselves by token; an expired one is told so and kept for the audit."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed


class ClientTokenAuthentication(TokenAuthentication):
    """``Authorization: Token …`` of a usable token of an active client."""

    def authenticate_credentials(self, token: bytes) -> Any:
        """The client and token; what is no token at all is answered like an unknown one.

        Raises:
            AuthenticationFailed: unknown, expired, or of an inactive client.
        """
        user, found = super().authenticate_credentials(token if token.isascii() else b"?")
        if not found.on_post:
            user.acting_posts = []
        return user, found

    def _cleanup_token(self, auth_token: Any) -> bool:
        """Let a usable token pass; rows are kept, unlike knox's own deletion.

        Raises:
            AuthenticationFailed: the token expired or was revoked.
        """
        if not auth_token.usable:
            raise AuthenticationFailed(_("this token has expired or was revoked"), "token_expired")
        return False


class ClientTokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]
    """How the OpenAPI file describes our tokens."""

    target_class = "organisations.api.authentication.ClientTokenAuthentication"
    name = "clientToken"
