"""Reads of files, papers and numbers."""

from collections.abc import Iterable
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from documents.registry import files_open_to, paper_kinds
from organisations.querysets import ScopedQuerySet, scope_for

READ_PAPERS = "documents.view_paper"
READ_FILES = "documents.view_attachment"


class AttachmentQuerySet(ScopedQuerySet):
    """Files handed in."""

    def visible_to(self, user: Any) -> Self:
        """By scope for readers of case files; else files of things the user sees."""
        open_to = files_open_to(user)
        if not user.has_perm(READ_FILES):
            return self.filter(open_to)
        scope = scope_for(user)
        return self if scope.everything else self.filter(self.scope_condition(scope) | open_to)

    def for_list(self) -> Self:
        """With who handed in and where, and whether it can still be read."""
        return self.select_related("uploaded_by", "department", "data_key")

    def find(self, text: str) -> Self:
        """By a part of the name; the name of an erased file finds nothing."""
        return self.filter(name__icontains=text, data_key__erased_at=None)

    def keys_of(self, ids: Iterable[UUID]) -> models.QuerySet[Any, Any]:
        """The data keys under which these files are sealed."""
        return self.filter(pk__in=ids).values("data_key")


class PaperQuerySet(ScopedQuerySet):
    """Papers issued; lists never load the PDF."""

    def visible_to(self, user: Any) -> Self:
        """Papers within the scope, of kinds the user may read: sight of a place is not enough."""
        rows = super().visible_to(user)
        own = {kind.key: kind.permission for kind in paper_kinds() if kind.permission}
        held = [key for key, permission in own.items() if user.has_perm(permission)]
        condition = Q(kind__in=held)
        if user.has_perm(READ_PAPERS):
            condition |= ~Q(kind__in=own)
        return rows.filter(condition)

    def for_list(self) -> Self:
        """With issuer, department and number drawn, without the sealed bytes."""
        return self.select_related("issued_by", "department", "drawn").defer("pdf", "data")

    def about(self, subject_kind: str, subject_id: object) -> Self:
        """Papers of one subject, oldest first."""
        return self.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by(
            "issued_at", "number"
        )


class NumberQuerySet(models.QuerySet[Any]):
    """Number series and the numbers drawn from them: seen by administrators."""

    def visible_to(self, user: Any) -> Self:
        """All of them for whoever sees everything, else none."""
        return self if scope_for(user).everything else self.none()

    def locked(self) -> Self:
        """The same rows, their locks held until the transaction ends."""
        return self.select_for_update(of=("self",))

    def of_year(self, year: int | None) -> Self:
        """Series of that year; of every year without one."""
        return self.filter(year=year) if year else self

    def counted(self) -> Self:
        """Per organ and year, each with its first and last number and how many were drawn."""
        return self.annotate(
            first_drawn=models.Min("numbers__number"),
            last_drawn=models.Max("numbers__number"),
            count_drawn=models.Count("numbers"),
        ).order_by("-year", "organ_code", "key")

    def years(self) -> list[int]:
        """Years in which numbers were drawn, the newest first."""
        return list(self.order_by("-year").values_list("year", flat=True).distinct())


class IssuedNumberQuerySet(NumberQuerySet):
    """Numbers drawn."""

    def of_series(self, series_key: str, organ_code: str, year: int) -> Self:
        """Numbers of one series, organ and year."""
        return self.filter(series__key=series_key, series__organ_code=organ_code, series__year=year)

    def void(self) -> Self:
        """Void numbers."""
        return self.filter(voided_at__isnull=False)

    def for_list(self) -> Self:
        """With their series, people and papers."""
        rows = self.select_related("series", "issued_by", "voided_by", "paper")
        return rows.defer("paper__pdf", "paper__data")
