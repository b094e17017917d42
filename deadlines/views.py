"""期限计算器, and why a real clock ends on its day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from deadlines.forms import DeadlineForm
from deadlines.models import Clock
from deadlines.parts import calculator_url
from deadlines.registry import links_for
from deadlines.rules.months import Cell, Sheet, sheets_of
from deadlines.services.calculating import Answer
from deadlines.services.explaining import Teller
from deadlines.services.tracing import answer_for

LINES_SHOWN = 200


@dataclass(frozen=True)
class DrawnCell:
    """A cell of the month calendar with its words and classes."""

    day: date
    words: list[str]
    css: str


def _drawn(cell: Cell | None, teller: Teller, binding: Collection[date]) -> DrawnCell | None:
    if cell is None:
        return None
    note, css = cell.note, [f"due-cell--{cell.tone}"]
    binds = [_("this day binds")] if cell.day in binding else []
    css += ["due-cell--statute"] if binds else []
    if note is None:
        return DrawnCell(cell.day, binds, " ".join(css))
    css += ["due-cell--statute"] if note.statute_ends else []
    css += ["due-cell--promise"] if note.promise_ends and not note.statute_ends else []
    css += ["due-cell--provisional"] if teller.is_provisional(note) else []
    return DrawnCell(cell.day, teller.cell_words(note) + binds, " ".join(css))


def _drawn_sheets(sheets: list[Sheet], answer: Answer) -> list[dict[str, Any]]:
    teller = answer.teller
    binding = {one.binding for one in answer.disagreements if one.binding != one.counted}
    return [
        {
            "first": sheet.first,
            "weeks": [[_drawn(cell, teller, binding) for cell in week] for week in sheet.weeks],
        }
        for sheet in sheets
    ]


def shown(answer: Answer) -> dict[str, Any]:
    """What both pages draw of an answer."""
    notes = answer.notes
    lines = [(note, answer.teller.line(note)) for note in notes[:LINES_SHOWN]]
    sheets, left_out = sheets_of(notes)
    return {
        "answer": answer,
        "sheets": _drawn_sheets(sheets, answer),
        "months_left_out": left_out,
        "lines": lines,
        "lines_left_out": len(notes) - len(lines),
        "last_line": answer.teller.line(notes[-1]) if notes else None,
        "two": answer.task.promised is not None and answer.task.statutory is not None,
    }


@never_cache
@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """The whole question stands in the address, so any answer can be linked to and repeated."""
    form = DeadlineForm(request.GET if "start" in request.GET else None)
    context: dict[str, Any] = {"title": _("Deadline calculator"), "form": form}
    if form.is_bound and form.is_valid() and form.answer:
        context |= shown(form.answer)
    return render(request, "deadlines/calculator.html", context)


@never_cache
@require_safe
def clock(request: HttpRequest, pk: int) -> HttpResponse:
    """Why this clock ends on its day, to staff within whose scope it lies."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not request.user.has_perm("deadlines.view_clock"):
        raise PermissionDenied
    found = get_object_or_404(Clock.objects.visible_to(request.user).for_list(), pk=pk)
    answer = answer_for(found)
    context = {
        "title": _("Why it is this day"),
        "clock": found,
        "link": links_for([found]).get(found.pk),
        "again": calculator_url(found),
    }
    return render(request, "deadlines/calculator_clock.html", context | shown(answer))
