"""Pages that belong to no app: health and the description of the API."""

from typing import Any

import structlog
from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.generic import View
from drf_spectacular.views import SpectacularSwaggerSplitView
from health_check.base import HealthCheck
from health_check.exceptions import HealthCheckException

from common.api.errors import CONTENT_TYPE, SERVER_FAULT, problem_body
from common.errors import NotFound
from config.health import CHECKS, warnings
from config.versions import VERSION

API = "/api/"
logger = structlog.get_logger(__name__)


def verdict(check: type[HealthCheck]) -> str:
    """``ok``, or what is wrong, in words without secrets."""
    try:
        check().run()
    except HealthCheckException as fault:
        return str(fault.message)
    except DatabaseError:
        logger.exception("health_check_failed", check=check.name)
        return "the database does not answer"
    return "ok"


def warnings_now() -> list[str]:
    """The warnings; none from a database that does not answer, which is a check of its own."""
    try:
        return warnings()
    except DatabaseError:
        return []


@method_decorator(never_cache, name="dispatch")
class HealthView(View):
    """For load balancers and watchers: 200 when all is well, 503 when something isn't."""

    def get(self, request: HttpRequest) -> JsonResponse:
        """Every check with its verdict."""
        checks = {check.name: verdict(check) for check in CHECKS}
        well = all(found == "ok" for found in checks.values())
        return JsonResponse(
            {
                "status": "ok" if well else "red",
                "version": VERSION,
                "checks": checks,
                "warnings": warnings_now(),
            },
            status=200 if well else 503,
        )


def _problem(status: int, code: str, title: str) -> JsonResponse:
    return JsonResponse(
        problem_body(status_code=status, code=code, title=title),
        status=status,
        content_type=CONTENT_TYPE,
    )


def server_error(request: HttpRequest) -> HttpResponseBase:
    """A fault of ours: a problem document for an API client, a page in plain words for people."""
    if request.path.startswith(API):
        return _problem(500, "server_error", str(SERVER_FAULT))
    return defaults.server_error(request)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """No such address: a problem document for an API client, a page in plain words for people."""
    if request.path.startswith(API):
        return _problem(404, NotFound.code, str(NotFound.default_message))
    return defaults.page_not_found(request, exception)


class DocsView(SpectacularSwaggerSplitView):
    """The API's description to look at; the one page that may use inline style."""

    @method_decorator(csp_update({"style-src": [SELF, UNSAFE_INLINE]}))
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page and, with ``?script``, its script."""
        return super().dispatch(request, *args, **kwargs)
