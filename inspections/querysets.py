"""Every read of inspections by name; each count is re-derived from rows as of a day."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db.models import Count, Max, Min, Q

from common import time
from inspections.choices import (
    AnswerResult,
    FollowUpState,
    ItemResult,
    OrderState,
    ProblemState,
    VisitKind,
    VisitOutcome,
    VisitState,
)
from organisations.querysets import DirectoryQuerySet, ScopedQuerySet

STANDING = (VisitState.SUBMITTED, VisitState.APPROVED)
OPEN_ORDERS = (OrderState.ISSUED, OrderState.PARTLY, OrderState.UNCORRECTED)


def counted_visit(path: str = "", as_of: date | None = None) -> Q:
    """Visits that count: submitted, not void; as of a day, what stood at its end."""
    if as_of is None:
        return Q(**{f"{path}state__in": STANDING})
    end = time.end_of_day(as_of)
    stood = Q(**{f"{path}state__in": STANDING}) | Q(
        **{f"{path}state": VisitState.VOID, f"{path}voided_at__gte": end}
    )
    return stood & Q(**{f"{path}submitted_at__lt": end})


def first_visit(path: str = "") -> Q:
    """Visits that cover a target: all but re-inspections."""
    return ~Q(**{f"{path}kind": VisitKind.RECHECK})


class ProfileQuerySet(DirectoryQuerySet):
    """Programmes are public rules of the house."""


class ChecklistQuerySet(DirectoryQuerySet):
    """Checklists are open to all staff."""


class ChecklistVersionQuerySet(DirectoryQuerySet):
    """Published versions, open to all staff."""

    def for_list(self) -> Self:
        """With template and who published it."""
        return self.select_related("template", "published_by")


class SubjectQuerySet(ScopedQuerySet):
    """Whatever is inspected, by place or by supervising unit."""

    def search(self, text: str) -> Self:
        """Subjects by part of the name, pinyin initials, or credit code."""
        return self.filter(
            Q(name__icontains=text)
            | Q(initials__icontains=text)
            | Q(credit_code__istartswith=text)
            | Q(address__icontains=text)
        )

    def for_list(self) -> Self:
        """With the supervising unit."""
        return self.select_related("department")


class CampaignQuerySet(ScopedQuerySet):
    """Campaigns, by place or lead unit."""

    unit_path: ClassVar[str] = "lead_unit_id"

    def running_on(self, day: date) -> Self:
        """Campaigns whose period covers the day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def with_progress(self) -> Self:
        """With ``target_count`` and ``visited_count`` counted from the rows."""
        live = Q(targets__excluded_at__isnull=True)
        counts = counted_visit("targets__visits__") & first_visit("targets__visits__")
        return self.annotate(
            target_count=Count("targets", filter=live, distinct=True),
            visited_count=Count("targets", filter=live & counts, distinct=True),
        ).order_by("-starts_on", "-pk")

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("profile", "lead_unit", "checklist__template")


class TargetQuerySet(ScopedQuerySet):
    """Targets: what is to be covered and what was."""

    region_path: ClassVar[str] = "subject__region_code"
    unit_path: ClassVar[str] = "campaign__lead_unit_id"

    def live(self, as_of: date | None = None) -> Self:
        """Targets on the list and not taken out of it."""
        if as_of is None:
            return self.filter(excluded_at__isnull=True)
        end = time.end_of_day(as_of)
        kept = Q(excluded_at__isnull=True) | Q(excluded_at__gte=end)
        return self.filter(kept, added_at__lt=end)

    def visited(self, as_of: date | None = None) -> Self:
        """Live targets with a submitted first visit that is not void."""
        covered = counted_visit("visits__", as_of) & first_visit("visits__")
        return self.live(as_of).filter(covered).distinct()

    def todo(self, as_of: date | None = None) -> Self:
        """Live targets nobody has finished yet."""
        done = self.model.objects.visited(as_of).order_by().values("pk")
        return self.live(as_of).exclude(pk__in=done)

    def with_problems(self, as_of: date | None = None) -> Self:
        """Live targets at which a counted first visit found a problem."""
        found = counted_visit("visits__", as_of) & Q(
            visits__outcome__in=(VisitOutcome.ORDERED, VisitOutcome.FIXED_ON_SITE)
        )
        return self.live(as_of).filter(found).distinct()

    def search(self, text: str) -> Self:
        """Targets by the subject's name, initials, credit code or address."""
        return self.filter(
            Q(subject__name__icontains=text)
            | Q(subject__initials__icontains=text)
            | Q(subject__credit_code__istartswith=text)
            | Q(subject__address__icontains=text)
        )

    def for_list(self) -> Self:
        """With the subject, and what its visits came to."""
        live = Q(visits__problems__isnull=False) & ~Q(
            visits__problems__state=ProblemState.WITHDRAWN
        )
        first = first_visit("visits__")
        return self.select_related("subject", "campaign").annotate(
            draft_id=Max("visits", filter=first & Q(visits__state=VisitState.DRAFT)),
            visit_id=Max("visits", filter=first & counted_visit("visits__")),
            problem_count=Count("visits__problems", filter=live, distinct=True),
            open_order_id=Max("visits__orders", filter=Q(visits__orders__state__in=OPEN_ORDERS)),
            open_due_on=Min(
                "visits__orders__due_on", filter=Q(visits__orders__state__in=OPEN_ORDERS)
            ),
            order_id=Max("visits__orders", filter=~Q(visits__orders__state=OrderState.REVOKED)),
        )


class DispatchQuerySet(ScopedQuerySet):
    """Outings."""

    region_path: ClassVar[str] = "campaign__region_code"
    unit_path: ClassVar[str] = "unit_id"

    def current_of(self, user: Any, campaign_id: int, day: date) -> Self:
        """Today's outings of the user in the campaign, latest first."""
        return self.filter(campaign_id=campaign_id, on=day, members__officer=user).order_by("-pk")

    def for_list(self) -> Self:
        """With unit and members."""
        return self.select_related("unit", "campaign").prefetch_related("members__officer")


class DispatchMemberQuerySet(ScopedQuerySet):
    """人次: one row is one officer on one outing, so two outings on a day count twice."""

    region_path: ClassVar[str] = "dispatch__campaign__region_code"
    unit_path: ClassVar[str] = "dispatch__unit_id"

    def as_of(self, day: date | None) -> Self:
        """Members of outings up to and including the day."""
        return self.filter(dispatch__on__lte=day) if day else self

    def for_list(self) -> Self:
        """With officer and outing."""
        return self.select_related("officer", "dispatch")


class VisitQuerySet(ScopedQuerySet):
    """Visits, by place or unit."""

    def counted(self, as_of: date | None = None) -> Self:
        """Submitted and not void, as of the end of the day."""
        return self.filter(counted_visit("", as_of))

    def first_visits(self) -> Self:
        """All but re-inspections."""
        return self.filter(first_visit())

    def rechecks(self) -> Self:
        """Re-inspections."""
        return self.filter(kind=VisitKind.RECHECK)

    def found_problems(self) -> Self:
        """First visits that found something."""
        return self.filter(outcome__in=(VisitOutcome.ORDERED, VisitOutcome.FIXED_ON_SITE))

    def unpublished(self) -> Self:
        """Approved visits whose result must still be published."""
        return self.filter(publication_clock__isnull=False, published_at__isnull=True)

    def with_answers(self) -> Self:
        """With everything the submit gate and the checklist page ask."""
        return self.select_related("target__campaign__profile", "checklist").prefetch_related(
            "answers__item", "problems", "orders"
        )

    def for_list(self) -> Self:
        """With what a row shows."""
        return (
            self.select_related("target__campaign", "department", "opened_by")
            .annotate(
                problem_count=Count(
                    "problems", filter=~Q(problems__state=ProblemState.WITHDRAWN), distinct=True
                )
            )
            .order_by("-started_at", "-pk")
        )


class AnswerQuerySet(ScopedQuerySet):
    """Answers of visits."""

    region_path: ClassVar[str] = "visit__region_code"
    unit_path: ClassVar[str] = "visit__department_id"

    def failed(self) -> Self:
        """Items that do not pass."""
        return self.filter(result=AnswerResult.FAIL)

    def in_order(self) -> Self:
        """In the order of the checklist, with their items."""
        return self.select_related("item").order_by("item__position")


class ProblemQuerySet(ScopedQuerySet):
    """Problems found."""

    region_path: ClassVar[str] = "visit__region_code"
    unit_path: ClassVar[str] = "visit__department_id"

    def live(self) -> Self:
        """Problems that were not withdrawn."""
        return self.exclude(state=ProblemState.WITHDRAWN)

    def counted(self, as_of: date | None = None) -> Self:
        """Live problems of counted visits."""
        return self.live().filter(counted_visit("visit__", as_of))

    def earlier_of(
        self, *, subject_id: int, item_code: str, since: date, before_visit: int
    ) -> Self:
        """Live problems of the same point at the same subject since a day, latest first."""
        return (
            self.live()
            .filter(
                visit__target__subject_id=subject_id,
                item_code=item_code,
                recorded_at__gte=time.at_local(since),
                visit__state__in=STANDING,
            )
            .exclude(visit_id=before_visit)
            .order_by("-recorded_at")
        )

    def for_list(self) -> Self:
        """With the visit."""
        return self.select_related("visit__target__campaign", "recorded_by")


class OrderQuerySet(ScopedQuerySet):
    """Orders to rectify, by place or unit."""

    def standing(self) -> Self:
        """Orders that were not revoked."""
        return self.exclude(state=OrderState.REVOKED)

    def open(self) -> Self:
        """Orders not yet fully obeyed."""
        return self.filter(state__in=OPEN_ORDERS)

    def overdue(self, day: date) -> Self:
        """Open orders whose limit, rolled over days off, ended before ``day``."""
        return self.open().filter(clock__due_on__lt=day)

    def recheck_due(self, day: date) -> Self:
        """Orders that owe a re-inspection due up to and including ``day``, one row each."""
        return self.filter(follow_ups__state=FollowUpState.PENDING, follow_ups__due_on__lte=day)

    def issued_by_day(self, as_of: date | None = None) -> Self:
        """Orders that stand and were issued up to and including the day."""
        rows = self.standing()
        return rows.filter(issued_on__lte=as_of) if as_of else rows

    def closed_by_day(self, as_of: date | None = None) -> Self:
        """Orders fully obeyed by the end of the day."""
        rows = self.filter(state=OrderState.CORRECTED)
        return rows.filter(closed_at__lt=time.end_of_day(as_of)) if as_of else rows

    def for_list(self) -> Self:
        """With what a row shows, clock and subject included."""
        return self.select_related(
            "clock", "paper", "visit__target__campaign", "department", "profile", "issued_by"
        )

    def with_items(self) -> Self:
        """With items, their problems and earlier findings."""
        return self.for_list().prefetch_related(
            "items__problem", "items__checks__visit", "follow_ups", "visit__evidence"
        )


class OrderItemQuerySet(ScopedQuerySet):
    """Lines of orders."""

    region_path: ClassVar[str] = "order__region_code"
    unit_path: ClassVar[str] = "order__department_id"

    def unsettled(self) -> Self:
        """Items not yet corrected: a re-inspection judges exactly these."""
        return self.exclude(result=ItemResult.CORRECTED)


class FollowUpQuerySet(ScopedQuerySet):
    """Re-inspections owed."""

    region_path: ClassVar[str] = "order__region_code"
    unit_path: ClassVar[str] = "order__department_id"

    def pending(self) -> Self:
        """Not yet made."""
        return self.filter(state=FollowUpState.PENDING)

    def for_list(self) -> Self:
        """With order, clock, subject, officer."""
        return self.select_related(
            "order__clock", "order__visit__target__campaign", "order__profile", "officer"
        )


class EvidenceQuerySet(ScopedQuerySet):
    """Photos of visits."""

    region_path: ClassVar[str] = "visit__region_code"
    unit_path: ClassVar[str] = "visit__department_id"

    def for_list(self) -> Self:
        """With file names, never file contents."""
        return self.select_related("visit", "uploader")


class InterviewQuerySet(ScopedQuerySet):
    """Interviews of a campaign."""

    region_path: ClassVar[str] = "subject__region_code"
    unit_path: ClassVar[str] = "campaign__lead_unit_id"

    def as_of(self, day: date | None) -> Self:
        """Held by the end of the day."""
        return self.filter(held_at__lt=time.end_of_day(day)) if day else self

    def for_list(self) -> Self:
        """With subject and officers."""
        return self.select_related("subject", "campaign", "data_key").prefetch_related("officers")


class BatchQuerySet(ScopedQuerySet):
    """批次: one row is one sampled lot of one product."""

    region_path: ClassVar[str] = "subject__region_code"
    unit_path: ClassVar[str] = "campaign__lead_unit_id"

    def as_of(self, day: date | None) -> Self:
        """Sampled up to and including the day."""
        return self.filter(sampled_on__lte=day) if day else self

    def for_list(self) -> Self:
        """With the subject."""
        return self.select_related("subject", "campaign")
