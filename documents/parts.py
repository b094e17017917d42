"""What the search box finds of papers."""

from typing import Any
from uuid import UUID

from django.db import models
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from common.search import Hit, Scanned
from documents.models import Paper
from documents.querysets import READ_PAPERS
from documents.rules import same_code


def paper_keys_scanned(scanned: Scanned) -> list[UUID]:
    """Papers whose check address was scanned; one with another's code names none."""
    place, code, *_rest = (*scanned.behind("check")[:2], "", "")
    try:
        key = UUID(place)
    except ValueError:
        return []
    codes = Paper.objects.filter(pk=key).values_list("check_code", flat=True)
    return [key for held in codes if constant_time_compare(held, same_code(code))]


def papers_scanned(user: Any, scanned: Scanned) -> list[Hit]:
    """Papers of exactly this number or check address that the user may read."""
    numbers = (*scanned.texts, *scanned.question("check", "number"))
    wanted = models.Q(number__in=numbers) | models.Q(pk__in=paper_keys_scanned(scanned))
    rows = Paper.objects.visible_to(user).filter(wanted).for_list()
    return [_hit(paper, user) for paper in rows]


def _hit(paper: Paper, user: Any) -> Hit:
    """Its page, or its bytes for whoever reads papers of this kind only."""
    page = "admin:documents_paper_change" if user.has_perm(READ_PAPERS) else "documents:paper"
    return Hit(
        title=paper.title,
        subtitle=paper.number,
        url=reverse(page, args=(paper.pk,)),
        badge=_("void number") if paper.void else "",
    )
