"""Problems: from a failed item or free; withdrawn ones stay on record."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from common import time
from common.errors import InvalidInput
from inspections import rules
from inspections.choices import AnswerResult, ProblemState
from inspections.errors import ConflictingSubmission
from inspections.models import Answer, Problem, Visit
from inspections.services.authority import required_text, within_sight
from inspections.services.drafts import locked_draft
from inspections.services.evidence import attach_photo
from organisations.models import User


def _earlier_problem(visit: Visit, item_code: str) -> Problem | None:
    """The same point failed at the same subject within 12 months, if it did."""
    if not item_code:
        return None
    return Problem.objects.earlier_of(
        subject_id=visit.target.subject_id,
        item_code=item_code,
        since=rules.repeat_window_start(time.today()),
        before_visit=visit.pk,
    ).first()


def describe_failure(
    visit: Visit,
    answer: Answer,
    *,
    text: str,
    corrected_on_site: bool,
    actor: User,
    client_uuid: UUID | None = None,
) -> Problem:
    """The failed answer of the locked draft has one live problem with these words."""
    live = answer.problems.exclude(state=ProblemState.WITHDRAWN).first()
    if live:
        live.text, live.corrected_on_site = text[:500], corrected_on_site
        live.save(update_fields=["text", "corrected_on_site"])
        return live
    return Problem.objects.create(
        visit=visit,
        answer=answer,
        item_code=answer.item.code,
        text=text[:500],
        is_key=answer.item.is_key,
        clause=answer.item.clause,
        corrected_on_site=corrected_on_site,
        repeat_of=_earlier_problem(visit, answer.item.code),
        client_uuid=client_uuid or uuid4(),
        recorded_by=actor,
        recorded_at=time.now(),
    )


def withdraw_problems_of(answers: Sequence[Answer]) -> None:
    """Live problems of answers that no longer fail are withdrawn."""
    if answers:
        Problem.objects.live().filter(answer__in=answers).update(state=ProblemState.WITHDRAWN)


@transaction.atomic
def add_problem(
    *,
    actor: User,
    visit_id: int,
    text: str,
    client_uuid: UUID,
    item_id: int | None = None,
    corrected_on_site: bool = False,
    photo: Any = None,
) -> Problem:
    """The draft has this problem, its item fails, and the photo proves it.

    The same ``client_uuid`` again is the same problem.

    Raises:
        NotFound, NotOnThisOuting, VisitNotOpen: as ``locked_draft``.
        InvalidInput: no text, or the item is not on the checklist.
        PhotoRequired, FileTooLarge, FileKindRefused, UnreadableFile: about the photo.
        ConflictingSubmission: the key was used in another visit.
    """
    text = required_text("text", text)[:500]
    visit = locked_draft(visit_id, actor)
    known = Problem.objects.filter(client_uuid=client_uuid).first()
    if known:
        return _same_visit(known, visit)
    words = {"text": text, "corrected_on_site": corrected_on_site}
    answer = None if item_id is None else _failed_answer(visit, item_id, actor)
    problem = _described(visit, answer, words, client_uuid, actor)
    if photo is not None:
        attach_photo(actor=actor, visit_id=visit.pk, upload=photo, problem_id=problem.pk)
    return problem


def _same_visit(problem: Problem, visit: Visit) -> Problem:
    if problem.visit_id != visit.pk:
        raise ConflictingSubmission
    return problem


def _failed_answer(visit: Visit, item_id: int, actor: User) -> Answer:
    answer = visit.answers.select_related("item").filter(item_id=item_id).first()
    if answer is None:
        raise InvalidInput(fields={"item": [_("this point is not on the checklist")]})
    if answer.result != AnswerResult.FAIL:
        answer.result, answer.answered_by = AnswerResult.FAIL, actor
        answer.answered_at = time.now()
        answer.save(update_fields=["result", "answered_by", "answered_at"])
    return answer


def _described(
    visit: Visit,
    answer: Answer | None,
    words: dict[str, Any],
    client_uuid: UUID,
    actor: User,
) -> Problem:
    if answer is not None:
        return describe_failure(visit, answer, **words, actor=actor, client_uuid=client_uuid)
    return Problem.objects.create(
        visit=visit,
        client_uuid=client_uuid,
        recorded_by=actor,
        recorded_at=time.now(),
        **words,
    )


@transaction.atomic
def withdraw_problem(*, actor: User, problem_id: int) -> Problem:
    """The problem of a draft no longer counts; its failed item still needs words.

    Raises:
        NotFound, NotOnThisOuting, VisitNotOpen: as ``locked_draft``.
    """
    problem: Problem = within_sight(Problem.objects, problem_id, actor)
    locked_draft(problem.visit_id, actor)
    problem.state = ProblemState.WITHDRAWN
    problem.save(update_fields=["state"])
    return problem
