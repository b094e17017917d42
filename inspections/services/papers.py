"""What stands on the printed order."""

from datetime import date
from typing import Any

from common import time
from documents.registry import PaperKind, paper_kind
from inspections.models import DispatchMember, Order, OrderItem, ProgrammeProfile

ORDER_PAPER = PaperKind(
    key="rectification_order",
    title="责令改正通知书",
    template="inspections/papers/order.typ",
    permission="inspections.view_order",
)


def order_paper_kind(profile: ProgrammeProfile) -> PaperKind:
    """The kind of paper the programme prints."""
    return paper_kind(profile.paper_kind)


def chinese_date(day: date) -> str:
    """2026年11月24日."""
    return f"{day.year}年{day.month}月{day.day}日"


def order_data(order: Order) -> dict[str, Any]:
    """The keys of documents/papers/DATA.md for this order."""
    visit, subject, profile = order.visit, order.visit.target.subject, order.profile
    items = order.items.select_related("problem")
    officers = visit.dispatch.members.select_related("officer")
    return {
        "title": profile.order_title,
        "organ": order.department.name,
        "contact": order.department.phone,
        "party": visit.subject_name,
        "party_code": subject.credit_code,
        "party_address": visit.subject_address,
        "found_on": chinese_date(time.local_date(visit.started_at)),
        "found_place": visit.subject_address,
        "problems": [_line(item) for item in items],
        "basis": order.legal_basis,
        "due": chinese_date(order.due_on),
        "effect": profile.consequence,
        "review_organ": profile.review_organ,
        "court": profile.court,
        "inspectors": [_officer(member) for member in officers],
    }


def _line(item: OrderItem) -> dict[str, str]:
    demand = item.requirement
    if item.standard:
        demand = f"{demand}（标准：{item.standard}）"
    if item.due_on != item.order.due_on:
        demand = f"{demand}（{chinese_date(item.due_on)}前）"
    return {
        "number": str(item.number),
        "text": item.problem.text,
        "clause": item.problem.clause,
        "demand": demand,
    }


def _officer(member: DispatchMember) -> str:
    name = str(member.officer)
    if not member.certificate_number:
        return name
    return f"{name}（执法证号 {member.certificate_number}）"
