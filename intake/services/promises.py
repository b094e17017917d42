"""Letters of promise that belong to an acceptance: 容缺受理承诺书 and 告知承诺书.

They are printed with the notice of acceptance and signed by the applicant; a case that the law
itself accepted has none, for nobody promised anything.
"""

from typing import Any

from common import time
from intake.choices import MaterialStatus, NoticeKind
from intake.models import Case, CaseMaterial, Notice
from intake.rules import acceptance
from intake.services.papers import (
    contact_text,
    day_text,
    deferred_row,
    dues_text,
    is_licence,
    issue_notice,
)
from organisations.models import User

NO_ARTICLE = "本事项办事指南载明的设定依据"
NO_CONDITION = "本事项办事指南载明的条件"


def issue_promises(case: Case, *, actor: User) -> list[Notice]:
    """The letters the case needs stand as notices, each under its own number; often there are none.

    An item decided on a promise (安阳条例 25, 26) has one letter, which names what follows too;
    another item has one if materials follow later (24).
    """
    days = [material.due_on for material in followers(case) if material.due_on]
    if case.version.on_promise:
        kind, data = NoticeKind.PROMISE, promise_data(case)
    elif days:
        kind, data = NoticeKind.DEFERRAL, deferral_data(case)
    else:
        return []
    unit = case.department
    return [issue_notice(case, kind, data, unit=unit, actor=actor, due_on=max(days, default=None))]


def followers(case: Case) -> list[CaseMaterial]:
    """Materials the applicant owes by a day."""
    return [
        material
        for material in case.asked_materials()
        if material.status == MaterialStatus.DEFERRED and material.due_on
    ]


def _common(case: Case) -> dict[str, Any]:
    applicant = case.application.applicant
    return {
        "organ": case.department.name,
        "contact": contact_text(case.application),
        "applicant": applicant.reveal("name"),
        "applicant_id": applicant.masked_id,
        "agent": case.application.agent_facts().get("name", ""),
        "item": case.item.name,
        "case_number": case.number,
        "accepted_on": day_text(time.local_date(case.accepted_at or time.now())),
        "department": case.department.name,
        "materials": [deferred_row(material) for material in followers(case)],
    }


def deferral_data(case: Case) -> dict[str, Any]:
    """What the promise of materials to follow prints (安阳条例 24)."""
    return {
        **_common(case),
        "basis": acceptance.DEFERRAL_BASIS,
        "effect": acceptance.DEFERRAL_EFFECT,
        "window": case.application.place_text,
        "promised_due": dues_text(case.clock)["promised_due"],
    }


def promise_data(case: Case) -> dict[str, Any]:
    """What the promise of fulfilled conditions prints (安阳条例 25 to 27)."""
    version = case.version
    articles = list(version.bases.order_by("order").values_list("text", flat=True))
    days = version.check_workdays
    return {
        **_common(case),
        "basis": "、".join(articles) or version.statutory_basis or NO_ARTICLE,
        "conditions": version.conditions.strip() or NO_CONDITION,
        "check_text": f"{days}个工作日" if days else "",
        "licence": "yes" if is_licence(case) else "",
    }
