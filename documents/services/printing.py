"""Prints of a paper: the first is the paper as issued, each later one is marked 补打."""

from typing import Any

from django.db import transaction

from common import time
from common.errors import NotFound
from documents.models import Paper, Print
from documents.rules import print_marks
from documents.services.papers import chinese_moment, read_paper
from documents.services.typesetting import typeset_copy
from organisations.models import User


@transaction.atomic
def print_paper(*, paper_id: Any, actor: User) -> bytes:
    """The print is on record, and its PDF given: the stored bytes, or a copy of them with marks.

    The stored paper and its hash stay as they are.

    Raises:
        NotFound: there is no such paper, or not within the actor's sight.
        ContentGone: the person's data key was erased.
        ContentDamaged: the stored bytes are not the issued ones.
        UnprintableCharacters: no font at hand has a character of the actor's name.
    """
    paper = _locked_paper(paper_id, actor)
    content = read_paper(paper)
    done = Print.objects.create(
        paper=paper, place=paper.prints.count() + 1, printed_at=time.now(), printed_by=actor
    )
    told = f"{chinese_moment(done.printed_at)} {actor}"
    marks = print_marks(done.place, told=told, void=paper.void is not None)
    if not marks:
        return content
    return typeset_copy(content, title=str(paper), marks=marks, at=done.printed_at)


def _locked_paper(paper_id: Any, actor: User) -> Paper:
    rows: Any = Paper.objects.visible_to(actor).locked().filter(pk=paper_id)
    paper: Paper | None = rows.first()
    if paper is None:
        raise NotFound
    return paper
