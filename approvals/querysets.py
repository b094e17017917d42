"""Reads of what departments did with cases."""

from typing import ClassVar, Self

from organisations.querysets import ScopedQuerySet


class OfCaseQuerySet(ScopedQuerySet):
    """Rows that belong to a case are seen by whoever sees the case."""

    region_path: ClassVar[str] = "case__region_code"
    unit_path: ClassVar[str] = "case__department_id"

    def for_list(self) -> Self:
        """With the case and what it is about."""
        return self.select_related("case__item", "case__department")


class DecisionQuerySet(OfCaseQuerySet):
    """Decisions."""

    def for_list(self) -> Self:
        """With case, applicant's key and paper, without the paper's bytes."""
        rows = (
            super()
            .for_list()
            .select_related("decided_by", "paper", "case__application__applicant__data_key")
        )
        return rows.defer("paper__pdf", "paper__data")
