"""Where clocks and searches lead."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse

from common.search import Hit, Scanned
from deadlines.registry import SubjectLink
from documents.parts import paper_keys_scanned
from inspections.models import Evidence, Order, Subject, Visit


def order_links(clock_ids: Iterable[int]) -> dict[int, SubjectLink]:
    """Title and address of the order behind each clock."""
    rows = Order.objects.filter(clock__in=list(clock_ids)).select_related("visit")
    return {
        int(order.clock_id or 0): SubjectLink(
            title=f"{order.number} {order.visit.subject_name}",
            url=reverse("inspections:order", args=[order.pk]),
        )
        for order in rows
    }


def result_links(clock_ids: Iterable[int]) -> dict[int, SubjectLink]:
    """Title and address of the visit whose result must be published."""
    rows = Visit.objects.filter(publication_clock__in=list(clock_ids))
    return {
        int(visit.publication_clock_id or 0): SubjectLink(
            title=visit.subject_name, url=reverse("inspections:visit", args=[visit.pk])
        )
        for visit in rows
    }


def find_subjects(user: Any, text: str, limit: int) -> list[Hit]:
    """Subjects by name, initials, credit code or address, within the user's sight."""
    if not user.has_perm("inspections.view_subject"):
        return []
    rows = Subject.objects.visible_to(user).search(text).for_list()[:limit]
    return [
        Hit(
            title=subject.name,
            subtitle=subject.address,
            url=reverse("admin:inspections_subject_change", args=[subject.pk]),
            badge=str(subject.get_subject_type_display()),
        )
        for subject in rows
    ]


def find_orders(user: Any, text: str, limit: int) -> list[Hit]:
    """Orders by part of their number, within the user's sight."""
    if not user.has_perm("inspections.view_order"):
        return []
    rows = Order.objects.visible_to(user).filter(number__icontains=text).for_list()[:limit]
    return [_order_hit(order) for order in rows]


def orders_scanned(user: Any, scanned: Scanned) -> list[Hit]:
    """The order of exactly this number, or whose paper's check address was scanned."""
    if not user.has_perm("inspections.view_order"):
        return []
    numbers = (*scanned.texts, *scanned.question("check", "number"))
    wanted = Q(number__in=numbers) | Q(paper__in=paper_keys_scanned(scanned))
    return [_order_hit(order) for order in Order.objects.visible_to(user).filter(wanted).for_list()]


def _order_hit(order: Order) -> Hit:
    return Hit(
        title=order.number,
        subtitle=order.visit.subject_name,
        url=reverse("inspections:order", args=[order.pk]),
        badge=str(order.get_state_display()),
    )


def photos_open_to(user: Any) -> Q:
    """Files that are photos of visits the user sees."""
    if not user.has_perm("inspections.view_visit"):
        return Q(pk__in=())
    return Q(pk__in=Evidence.objects.visible_to(user).values("attachment_id"))
