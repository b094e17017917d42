"""One exception handler: every refusal leaves as problem JSON (RFC 9457) with a stable code."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from common.errors import DomainError, InvalidInput, TransitionRefused

CONTENT_TYPE = "application/problem+json"
UNREADABLE = gettext_lazy("the body is not valid JSON")
SERVER_FAULT = gettext_lazy("something went wrong here")


def problem_body(
    *,
    status_code: int,
    code: str,
    title: str,
    errors: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A problem document; ``code`` is what a client may rely on."""
    return {
        "type": f"urn:yichuang:problem:{code}",
        "title": title,
        "status": status_code,
        "code": code,
        "errors": errors or {},
    }


def problem(
    *,
    status_code: int,
    code: str,
    title: str,
    errors: dict[str, Any] | None = None,
    **extra: Any,
) -> Response:
    """The answer that carries a problem document."""
    body = problem_body(status_code=status_code, code=code, title=title, errors=errors) | extra
    return Response(body, status=status_code, content_type=CONTENT_TYPE)


def problem_response(fault: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to a fault raised in a view; None lets Django answer with 500."""
    if isinstance(fault, DomainError):
        set_rollback()
        return _domain_problem(fault)
    answer = exception_handler(_as_api_fault(fault), context)
    if answer is None:
        return None
    return _framework_problem(fault, answer)


def _as_api_fault(fault: Exception) -> Exception:
    if isinstance(fault, Http404):
        return exceptions.NotFound()
    if isinstance(fault, PermissionDenied):
        return exceptions.PermissionDenied()
    return fault


def _domain_problem(fault: DomainError) -> Response:
    errors: dict[str, Any] = {}
    if isinstance(fault, InvalidInput):
        errors = fault.fields
    if isinstance(fault, TransitionRefused):
        errors = {"reasons": fault.reasons}
    return problem(status_code=fault.status, code=fault.code, title=fault.message, errors=errors)


def _framework_problem(fault: Exception, answer: Response) -> Response:
    if isinstance(fault, exceptions.ValidationError):
        title, errors = str(InvalidInput.default_message), _as_fields(answer.data)
        code = InvalidInput.code
    else:
        title, errors = str(answer.data.get("detail", "")), {}
        code = _code_of(answer)
        if isinstance(fault, exceptions.ParseError):
            title = str(UNREADABLE)
    made = problem(status_code=answer.status_code, code=code, title=title, errors=errors)
    for name in ("WWW-Authenticate", "Retry-After", "Allow"):
        if answer.has_header(name):
            made[name] = answer[name]
    return made


def _code_of(answer: Response) -> str:
    detail = answer.data.get("detail", "")
    named = {
        status.HTTP_403_FORBIDDEN: "forbidden",
        status.HTTP_404_NOT_FOUND: "not_found",
    }
    return named.get(answer.status_code, str(getattr(detail, "code", "error")))


def _as_fields(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {"non_field_errors": data}
