"""What every request passes: language by choice, a session that rolls, quiet logs."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin
from django_structlog.middlewares import RequestMiddleware

from common import time

SEEN_KEY = "_seen"
SEEN_EVERY_SECONDS = 60


class TrustedProxyMiddleware(MiddlewareMixin):
    """Behind our own proxy the asker is who the proxy says it is, for locks and throttles alike."""

    def process_request(self, request: HttpRequest) -> None:
        """REMOTE_ADDR is the last address in X-Forwarded-For: the one our proxy wrote itself."""
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if forwarded:
            request.META["REMOTE_ADDR"] = forwarded


class PlainAddressMiddleware(MiddlewareMixin):
    """No page has a null sign in its address, and PostgreSQL takes none in a question."""

    def process_request(self, request: HttpRequest) -> None:
        """Pass, or say that there is no such page.

        Raises:
            Http404: path or query carries a null sign.
        """
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Chinese unless the person chose otherwise; a browser's own language decides nothing."""

    def process_request(self, request: HttpRequest) -> None:
        """The request's language is the chosen one."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = chosen in dict(settings.LANGUAGES)
        language = chosen if known else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language


class RollingSessionMiddleware(MiddlewareMixin):
    """The idle limit counts from the last click, at the cost of one write a minute at most."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """A session in use is kept for another full idle limit."""
        session = getattr(request, "session", None)
        if session is not None and session.accessed and session.session_key:
            minute = int(time.now().timestamp()) // SEEN_EVERY_SECONDS
            if session.get(SEEN_KEY) != minute and not session.is_empty():
                session[SEEN_KEY] = minute
        return response


class QuietRequestMiddleware(RequestMiddleware):
    """Requests are logged without their query: it may hold a receipt number or a name."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """The verb and the path."""
        return f"{request.method} {request.path}"
