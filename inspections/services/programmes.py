"""Programmes and the registry of subjects."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from common.pinyin import initials
from inspections.choices import VisitOutcome
from inspections.models import ProgrammeProfile, Subject
from inspections.services.authority import must_hold, required_text
from inspections.transitions import MANAGE
from organisations.models import Unit, User

RECHECKED = [VisitOutcome.CORRECTED, VisitOutcome.PARTLY, VisitOutcome.NOT_CORRECTED]
PROFILES: dict[str, dict[str, Any]] = {
    "market": {
        "name": "市场监管",
        "order_title": "责令改正通知书",
        "paper_kind": "rectification_order",
        "number_pattern": "安北市监责改〔{year}〕{number}号",
        "needs_two_officers": True,
        "allowed_outcomes": [VisitOutcome.COMPLIANT, VisitOutcome.ORDERED, *RECHECKED],
        "publishes_results": True,
        "due_workdays": 5,
        "recheck_workdays": 3,
        "default_requirement": "立即整改，达到检查要点“{item}”的要求",
        "legal_basis": "《中华人民共和国行政处罚法》第二十八条第一款、"
        "《食品生产经营监督检查管理办法》第三十三条",
        "consequence": "逾期未改正的，将依法调查处理。",
        "review_organ": "安阳市北关区人民政府",
        "court": "安阳市北关区人民法院",
    },
    "street": {
        "name": "街道巡查",
        "order_title": "整改通知书",
        "paper_kind": "rectification_order",
        "number_pattern": "{unit}整改〔{year}〕{number}号",
        "needs_two_officers": False,
        "allowed_outcomes": [
            VisitOutcome.COMPLIANT,
            VisitOutcome.FIXED_ON_SITE,
            VisitOutcome.ORDERED,
            *RECHECKED,
        ],
        "publishes_results": False,
        "due_workdays": 3,
        "recheck_workdays": 2,
        "default_requirement": "按要求清理整治：{item}",
        "legal_basis": "《安阳市大气污染防治条例》关于街道办事处职责的规定",
        "consequence": "逾期未整改的，移送有执法权的部门处理。",
        "review_organ": "",
        "court": "",
    },
}


@transaction.atomic
def ensure_profiles() -> dict[str, ProgrammeProfile]:
    """Both programmes stand, by code; one that an administrator changed is left alone."""
    made = {}
    for code, facts in PROFILES.items():
        made[code], _created = ProgrammeProfile.objects.get_or_create(code=code, defaults=facts)
    return made


@transaction.atomic
def register_subject(
    *,
    actor: User,
    subject_type: str,
    name: str,
    region_code: str,
    department: Unit | None = None,
    address: str = "",
    credit_code: str = "",
    risk_grade: str = "",
    attributes: Mapping[str, Any] | None = None,
) -> Subject:
    """The subject is in the registry; the same type, name and region twice is one subject.

    Raises:
        Forbidden: the actor may not keep the registry.
        InvalidInput: it has no name.
    """
    must_hold(actor, MANAGE)
    subject, _created = Subject.objects.get_or_create(
        subject_type=subject_type,
        name=required_text("name", name),
        region_code=region_code,
        defaults={
            "department": department,
            "address": address,
            "credit_code": credit_code,
            "risk_grade": risk_grade,
            "attributes": dict(attributes or {}),
            "initials": initials(name)[:120],
        },
    )
    return subject
