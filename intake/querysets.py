"""Reads of applicants, applications and cases, each with a name."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from common import time
from common.querysets import PartQuerySet
from common.sealing import blind_index
from deadlines.choices import OPEN_STATES
from deadlines.querysets import overdue, running_down
from intake.choices import CaseState, ClockPurpose, Desk, FirstContactState, HelpState
from organisations.choices import UserKind
from organisations.querysets import ScopedQuerySet
from organisations.rules import Scope

AT_WINDOW = (
    CaseState.DRAFT,
    CaseState.SUBMITTED,
    CaseState.RECEIVED,
    CaseState.CORRECTING,
    CaseState.AWAITING_DELIVERY,
)
AT_DEPARTMENT = (CaseState.ACCEPTED, CaseState.REVIEWING, CaseState.SUSPENDED)
OVER = (
    CaseState.REFUSED_ACCEPTANCE,
    CaseState.RETURNED,
    CaseState.WITHDRAWN,
    CaseState.TERMINATED,
    CaseState.DELIVERED,
    CaseState.ARCHIVED,
)
NAME_PURPOSE = "applicant.name"
ID_PURPOSE = "applicant.id"
MOBILE_PURPOSE = "applicant.mobile"


class ApplicantQuerySet(models.QuerySet[Any]):
    """People and organisations that apply."""

    def visible_to(self, user: Any) -> Self:
        """Those with an application the user may see."""
        rows = self.model.applications.rel.related_model.objects
        return self.filter(pk__in=rows.visible_to(user).values("applicant_id"))

    def with_id(self, id_type: str, number: str) -> Self:
        """The applicant who shows this paper."""
        return self.filter(id_type=id_type, id_index=blind_index(number, ID_PURPOSE))


class ApplicationQuerySet(ScopedQuerySet):
    """Applications: one form, one set of materials, one receipt."""

    def visible_to(self, user: Any) -> Self:
        """By region or by a case of the own department; a client sees what it handed in."""
        if getattr(user, "kind", "") == UserKind.CLIENT:
            return self.filter(created_by_id=user.pk)
        return super().visible_to(user)

    def scope_condition(self, scope: Scope) -> Q:
        """The region of receipt, or a department that has one of its cases."""
        cases = self.model.cases.rel.related_model.objects
        condition = _region_condition(scope)
        if scope.unit_ids:
            held = cases.filter(department_id__in=scope.unit_ids)
            condition |= Q(pk__in=held.values("application_id"))
        return condition

    def for_list(self) -> Self:
        """With applicant, point and window, and the cases with their clocks, in their order."""
        cases = self.model.cases.rel.related_model.objects
        return (
            self.select_related(
                "applicant__data_key",
                "data_key",
                "point",
                "window",
                "created_by",
                "receipt",
                "bundle",
            )
            .defer("receipt__pdf", "receipt__data")
            .prefetch_related(models.Prefetch("cases", queryset=cases.for_list().order_by("pk")))
        )


def _region_condition(scope: Scope, path: str = "region_code") -> Q:
    condition = Q(pk__in=())
    for prefix in scope.region_prefixes:
        condition |= Q(**{f"{path}__startswith": prefix})
    return condition


class CaseQuerySet(ScopedQuerySet):
    """Cases (办件)."""

    def visible_to(self, user: Any) -> Self:
        """By region of receipt or deciding department; a client sees its own."""
        if getattr(user, "kind", "") == UserKind.CLIENT:
            return self.filter(application__created_by_id=user.pk)
        return super().visible_to(user)

    def for_list(self) -> Self:
        """With everything a row of a list shows."""
        return self.select_related(
            "item",
            "department",
            "handler",
            "service_point",
            "clock",
            "application__applicant__data_key",
        )

    def for_page(self) -> Self:
        """With everything the page of one case shows at once."""
        return (
            self.for_list()
            .select_related(
                "version__item__department",
                "application__data_key",
                "application__window",
                "application__point",
                "application__created_by",
                "application__receipt__drawn",
                "application__bundle",
                "application__point__unit__region__parent",
                "service_point__unit__region__parent",
                "department__region__parent",
            )
            .defer("application__receipt__pdf", "application__receipt__data")
        )

    def with_materials(self) -> Self:
        """With what the guards of the moves read, for lists that show what can be done."""
        others = models.Prefetch(
            "application__cases", queryset=self.model.objects.select_related("item")
        )
        rows = self.select_related("version")
        return rows.prefetch_related("materials__requirement", others)

    def of_applicant(self, applicant_id: int) -> Self:
        """Cases of one person or organisation."""
        return self.filter(application__applicant=applicant_id)

    def most_asked_items(self, point_id: int, since: datetime, limit: int) -> list[int]:
        """Keys of the items asked for most at a point since then, most asked first."""
        taken = self.filter(service_point=point_id, received_at__gte=since)
        counted = taken.order_by().values("item_id").annotate(cases=models.Count("pk"))
        ranked = counted.order_by("-cases", "item_id")[:limit]
        return list(ranked.values_list("item_id", flat=True))

    def open(self) -> Self:
        """Cases that are not over."""
        return self.exclude(state__in=OVER)

    def in_hand(self) -> Self:
        """Cases a department has to decide."""
        return self.filter(state__in=AT_DEPARTMENT)

    def for_review(self, user: Any) -> Self:
        """What waits for the user's department, and lies on its desk."""
        units = getattr(user, "scope", Scope()).unit_ids
        return self.in_hand().filter(department_id__in=units, desk=Desk.DEPARTMENT)

    def on_desk_of(self, user: Any) -> Self:
        """What waits for this person: his own, or untaken ones of his department or point."""
        mine = Q(handler_id=user.pk, state__in=(*AT_WINDOW, *AT_DEPARTMENT, CaseState.CLOSED))
        points = [post.point_id for post in user.acting_posts if post.point_id]
        arrived = Q(handler__isnull=True, state__in=AT_WINDOW, service_point_id__in=points)
        units = getattr(user, "scope", Scope()).unit_ids
        untaken = Q(
            handler__isnull=True,
            state__in=AT_DEPARTMENT,
            department_id__in=units,
            desk=Desk.DEPARTMENT,
        )
        return self.filter(mine | arrived | untaken)

    def overdue(self, at: datetime | None = None) -> Self:
        """Cases whose governing clock is open and past a due that no pause holds back."""
        late = overdue(at or time.now(), "clock__")
        return self.filter(late, clock__state__in=OPEN_STATES)

    def due_before(self, moment: datetime) -> Self:
        """Cases whose governing clock is open, not held, and ends before the moment."""
        running = running_down("clock__")
        return self.filter(running, clock__due_at__lte=moment, clock__state__in=OPEN_STATES)

    def by_due(self) -> Self:
        """The one that is due first comes first."""
        return self.order_by("clock__due_at", "pk")

    def find(self, text: str) -> Self:
        """By number, receipt number, exact name of the applicant, or its pinyin initials."""
        spelled = text.strip()
        found = Q(number__istartswith=spelled) | Q(application__number__istartswith=spelled)
        found |= Q(application__applicant__name_index=blind_index(spelled, NAME_PURPOSE))
        if spelled.isascii() and spelled.isalpha():
            found |= Q(application__applicant__name_initials=spelled.lower())
        return self.filter(found)


class DraftQuerySet(models.QuerySet[Any]):
    """Forms in the making."""

    def visible_to(self, user: Any) -> Self:
        """A clerk's own; what citizens filled in, for whoever may receive a case."""
        seen = Q(owner_id=user.pk)
        if user.has_perm("intake.receive_case"):
            seen |= Q(owner__isnull=True)
        return self.filter(seen)

    def unexpired(self) -> Self:
        """Forms whose time is not over."""
        return self.filter(expires_at__gt=time.now()).select_related("data_key")

    def expired(self) -> Self:
        """Forms whose time is over."""
        return self.filter(expires_at__lte=time.now())

    def with_code(self, code: str) -> Self:
        """The citizen's form with this code."""
        return self.filter(code=code)

    def waiting_of(self, user: Any) -> Self:
        """What this clerk has begun and not handed in, newest first."""
        return self.unexpired().filter(owner_id=user.pk, application=None)


class FirstContactQuerySet(ScopedQuerySet):
    """Wishes of people who asked at another place than the right one."""

    def scope_condition(self, scope: Scope) -> Q:
        """Both sides see it: the place that was asked, and the one it was handed to."""
        condition = _region_condition(scope)
        condition |= _region_condition(scope, "receiver_point__region__code")
        if scope.unit_ids:
            condition |= Q(receiver_unit_id__in=scope.unit_ids)
            condition |= Q(point__unit_id__in=scope.unit_ids)
        return condition

    def for_list(self) -> Self:
        """With what a row or page shows."""
        return self.select_related(
            "data_key",
            "point__unit",
            "recorded_by",
            "receiver_unit",
            "receiver_point",
            "taken_by",
            "clock",
        )

    def waiting_for(self, user: Any) -> Self:
        """What this person's places have to hand over, take up or answer; first due first."""
        posts = user.acting_posts
        points = {post.point_id for post in posts if post.point_id}
        units = {post.unit_id for post in posts}
        mine = Q(receiver_point_id__in=points)
        mine |= Q(receiver_point__isnull=True, receiver_unit_id__in=units)
        at_receiver = Q(state__in=(FirstContactState.HANDED_OVER, FirstContactState.TAKEN)) & mine
        at_giver = Q(state=FirstContactState.RECORDED, point_id__in=points)
        return self.filter(at_receiver | at_giver).order_by("clock__due_at", "pk")

    def asked_at(self, user: Any) -> Self:
        """What was asked first at this person's points."""
        return self.filter(point_id__in={post.point_id for post in user.acting_posts})

    def to_erase(self) -> Self:
        """Answered, with personal data whose time is over."""
        return self.filter(erase_at__lte=time.now(), data_key__erased_at__isnull=True)


class HelpingQuerySet(models.QuerySet[Any]):
    """Help for applicants."""

    def visible_to(self, user: Any) -> Self:
        """Whoever sees the application, and the helper himself."""
        whole = self.model._meta.get_field("application").related_model
        seen = whole.objects.visible_to(user).values("pk")
        return self.filter(Q(application__in=seen) | Q(helper_id=user.pk))

    def locked(self) -> Self:
        """The same rows, their locks held until the transaction ends."""
        return self.select_for_update(of=("self",))

    def for_list(self) -> Self:
        """With what a row or page shows."""
        rows = self.select_related(
            "helper", "application__applicant__data_key", "application__point"
        )
        return rows.prefetch_related("application__cases__item")

    def under_way(self) -> Self:
        """Help that has not ended."""
        return self.filter(state=HelpState.HELPING)

    def given_by(self, user: Any) -> Self:
        """What this person helps with now, the longest first."""
        return self.under_way().filter(helper_id=user.pk).order_by("begun_at", "pk")


class CaseClockQuerySet(PartQuerySet):
    """Clocks of cases."""

    def of(self, case_id: int, purpose: str) -> Self:
        """Clocks of one purpose of one case, newest first."""
        return self.filter(case_id=case_id, purpose=ClockPurpose(purpose)).order_by("-pk")
