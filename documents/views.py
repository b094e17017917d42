"""Papers and files for those who may see them; the public check of a paper."""

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote
from uuid import UUID

from csp.decorators import csp_exempt
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from common.errors import DomainError
from documents.choices import FileKind
from documents.errors import ContentDamaged, ContentGone, TooManyChecks
from documents.forms import CheckForm
from documents.models import Attachment, Paper
from documents.services import check_paper, print_paper, read_attachment, read_paper

if TYPE_CHECKING:
    from organisations.models import User


def _bytes_response(content: bytes, kind: str, name: str, *, inline: bool) -> HttpResponse:
    way = "inline" if inline else "attachment"
    return HttpResponse(
        content,
        # A plain text: a server may refuse a header that is a subclass of str.
        content_type=str(kind),
        headers={
            "Content-Disposition": f"{way}; filename*=UTF-8''{quote(name, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _refused(request: HttpRequest, fault: DomainError) -> HttpResponse:
    context = {"message": fault.message}
    return render(request, "documents/refused.html", context, status=fault.status)


# The browser's own PDF viewer styles itself inline; a PDF or picture runs no script of the site.
@csp_exempt()  # type: ignore[arg-type]
@login_required
@require_safe
def paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The issued PDF, shown in the browser; the same bytes every time."""
    found = get_object_or_404(Paper.objects.visible_to(request.user), pk=uuid)
    try:
        content = read_paper(found)
    except (ContentGone, ContentDamaged) as fault:
        return _refused(request, fault)
    return _bytes_response(content, FileKind.PDF, f"{found}.pdf", inline=True)


@csp_exempt()  # type: ignore[arg-type]
@login_required
@require_POST
def print_out(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The PDF for the printer, on record: the paper itself once, afterwards copies marked 补打."""
    found = get_object_or_404(Paper.objects.visible_to(request.user), pk=uuid)
    try:
        content = print_paper(paper_id=found.pk, actor=cast("User", request.user))
    except DomainError as fault:
        return _refused(request, fault)
    return _bytes_response(content, FileKind.PDF, f"{found}.pdf", inline=True)


@csp_exempt()  # type: ignore[arg-type]
@login_required
@require_safe
def attachment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A file handed in, to be saved; with ``?view=1`` shown in the browser."""
    found = get_object_or_404(Attachment.objects.visible_to(request.user), pk=uuid)
    try:
        content = read_attachment(found)
    except (ContentGone, ContentDamaged) as fault:
        return _refused(request, fault)
    shown = request.GET.get("view") == "1"
    return _bytes_response(content, found.content_type, found.name, inline=shown)


def _check_page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    response = render(request, "documents/check.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _checked(request: HttpRequest, form: CheckForm, **asked: Any) -> HttpResponse:
    """The paper if number and code fit; whoever guesses too often waits."""
    try:
        found = check_paper(asker=str(request.META.get("REMOTE_ADDR", "")), **asked)
    except TooManyChecks as fault:
        return _check_page(request, form=form, waits=fault.message, status=fault.status)
    return _check_page(request, form=form, paper=found, asked=True)


@require_GET
def check(request: HttpRequest) -> HttpResponse:
    """Whether a paper with this number and check code was issued; says no more than it prints."""
    if not request.GET:
        return _check_page(request, form=CheckForm())
    form = CheckForm(request.GET)
    if not form.is_valid():
        return _check_page(request, form=form)
    return _checked(request, form, **form.cleaned_data)


@require_GET
def check_scanned(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """The same answer for whoever scanned the paper's QR code."""
    return _checked(request, CheckForm(), code=code, paper_id=uuid)
