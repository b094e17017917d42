"""The checklist as a sheet of lines: read from the rows, saved from a form or one line at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.errors import DomainError, NotFound
from inspections.choices import AnswerResult
from inspections.models import Answer, Evidence, Problem, Visit
from inspections.services import AnswerInput, answer_items, attach_photo
from inspections.transitions import CONDUCT
from inspections.views.base import StaffView, words

OFFERED = (AnswerResult.PASS, AnswerResult.FAIL, AnswerResult.NOT_APPLICABLE)


@dataclass
class Line:
    """One item of the sheet with its answer, problem and photos."""

    answer: Answer
    problem: Problem | None
    photos: list[Evidence]
    fault: str = ""
    typed: str | None = None

    @property
    def text(self) -> str:
        """What is wrong, as typed or as stored."""
        if self.typed is not None:
            return self.typed
        return self.problem.text if self.problem else ""

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """Value, word and whether it is chosen, for each result that may be given."""
        return [(r.value, str(r.label), self.answer.result == r.value) for r in OFFERED]


@dataclass
class Sheet:
    """All lines of a visit in groups, and what was refused while saving, by item id."""

    visit: Visit
    faults: dict[int, str] = field(default_factory=dict)
    typed: dict[int, str] = field(default_factory=dict)

    @cached_property
    def lines(self) -> list[Line]:
        """The lines in the order of the checklist."""
        problems = {p.answer_id: p for p in self.visit.live_problems() if p.answer_id}
        photos: dict[int, list[Evidence]] = {}
        for photo in self.visit.evidence.exclude(problem=None):
            photos.setdefault(int(photo.problem_id or 0), []).append(photo)
        lines = []
        for answer in sorted(self.visit.answers.all(), key=lambda row: row.item.position):
            problem = problems.get(answer.pk)
            shots = photos.get(problem.pk, []) if problem else []
            fault, typed = self.faults.get(answer.item_id, ""), self.typed.get(answer.item_id)
            lines.append(Line(answer, problem, shots, fault, typed))
        return lines

    @cached_property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """The lines under the headings of the checklist."""
        groups: dict[str, list[Line]] = {}
        for line in self.lines:
            groups.setdefault(line.answer.item.group, []).append(line)
        return list(groups.items())

    @property
    def free_problems(self) -> list[Problem]:
        """Problems that belong to no item."""
        return [p for p in self.visit.live_problems() if not p.answer_id]

    @property
    def total(self) -> int:
        """How many items there are."""
        return len(self.lines)

    @property
    def checked(self) -> int:
        """How many items have an answer."""
        return sum(line.answer.result != AnswerResult.UNCHECKED for line in self.lines)

    @property
    def failed(self) -> int:
        """How many items fail."""
        return sum(line.answer.result == AnswerResult.FAIL for line in self.lines)

    @property
    def unchecked(self) -> list[Line]:
        """Lines nobody has answered yet."""
        return [line for line in self.lines if line.answer.result == AnswerResult.UNCHECKED]

    @property
    def undescribed(self) -> list[Line]:
        """Failing lines that do not say what is wrong."""
        return [
            line
            for line in self.lines
            if line.answer.result == AnswerResult.FAIL and not line.problem
        ]


def given_answers(visit: Visit, data: Mapping[str, Any]) -> dict[int, AnswerInput]:
    """The answers a form holds, by item id; items it does not mention stay as they are."""
    given = {}
    for answer in visit.answers.all():
        key = answer.item_id
        if result := data.get(f"result-{key}"):
            given[key] = AnswerInput(
                result=result,
                text=words(data.get(f"text-{key}", ""), 500),
                corrected_on_site=bool(data.get(f"fixed-{key}")),
            )
    return given


def save_sheet(
    visit: Visit, data: Mapping[str, Any], files: Mapping[str, Any], *, actor: Any
) -> Sheet:
    """Answers and words are saved first, so that a refused photo never costs a word typed.

    Raises:
        DomainError: the answers themselves are refused.
    """
    given = given_answers(visit, data)
    answer_items(actor=actor, visit_id=visit.pk, answers=given)
    saved = Visit.objects.visible_to(actor).with_answers().get(pk=visit.pk)
    problems = {p.answer_id: p for p in saved.live_problems() if p.answer_id}
    faults = {}
    for answer in saved.answers.all():
        photo, problem = files.get(f"photo-{answer.item_id}"), problems.get(answer.pk)
        if photo and problem:
            faults[answer.item_id] = _photo_fault(saved, problem, photo, actor)
    kept = {key: fault for key, fault in faults.items() if fault}
    return Sheet(saved, kept, {key: answer.text for key, answer in given.items()})


def _photo_fault(visit: Visit, problem: Problem, photo: Any, actor: Any) -> str:
    """Why the photo was refused; empty if it was kept."""
    try:
        attach_photo(actor=actor, visit_id=visit.pk, upload=photo, problem_id=problem.pk)
    except DomainError as fault:
        return fault.message
    return ""


class LineView(StaffView):
    """One line saved by itself, as soon as it is touched."""

    permission = CONDUCT

    def post(self, request: HttpRequest, pk: int, item_id: int) -> HttpResponse:
        """The line as it now stands, with the progress of the sheet."""
        visit = self.seen(Visit.objects.with_answers(), pk)
        try:
            sheet = save_sheet(visit, request.POST, request.FILES, actor=self.user)
        except DomainError as fault:
            text = request.POST.get(f"text-{item_id}", "")
            sheet = Sheet(visit, {item_id: fault.message}, {item_id: text})
        line = next((li for li in sheet.lines if li.answer.item_id == item_id), None)
        if line is None:
            raise NotFound
        context = {"line": line, "sheet": sheet, "visit": sheet.visit, "alone": True}
        return render(request, "inspections/line.html", context)
