"""Papers of intake: what each prints, its number, and the notice that stands for it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from catalogue.choices import Kind
from common import time
from common.errors import NotFound
from deadlines.models import Clock
from documents.errors import NumberAlreadyVoid
from documents.models import IssuedNumber, Paper
from documents.registry import paper_kind
from documents.services import draw_number, issue_paper, void_paper
from documents.services.papers import public_address
from intake.choices import MaterialStatus, NoticeKind, RefusalGround
from intake.models import Application, Case, CaseMaterial, Notice
from intake.rules import acceptance
from organisations.models import Unit, User

RECEIPT = "intake.receipt"
KEY_OF_NOTICE = {
    NoticeKind.ACCEPTANCE: "intake.acceptance",
    NoticeKind.CORRECTION: "intake.correction",
    NoticeKind.REFUSAL: "intake.refusal",
    NoticeKind.DEFERRAL: "intake.deferral",
    NoticeKind.PROMISE: "intake.promise",
}
WORD_OF_NOTICE = {
    NoticeKind.ACCEPTANCE: "受字",
    NoticeKind.CORRECTION: "补告字",
    NoticeKind.REFUSAL: "不受字",
    NoticeKind.DEFERRAL: "容诺字",
    NoticeKind.PROMISE: "诺字",
}
STATUS_TEXT = {
    MaterialStatus.RECEIVED: "已收",
    MaterialStatus.WAIVED: "无需提交",
    MaterialStatus.DEFERRED: "容缺后补",
    MaterialStatus.MISSING: "未提交",
}
REVIEW_ORGAN = "{district}人民政府"
COURT = "{district}人民法院"


def day_text(day: date | None) -> str:
    """2026年11月24日; empty for no day."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def moment_text(moment: datetime) -> str:
    """2026年11月24日 14时05分."""
    local = time.local(moment)
    return f"{day_text(local.date())} {local.hour}时{local.minute:02d}分"


@dataclass(frozen=True)
class OfficialNumber:
    """A number as printed, and its place in the series."""

    text: str
    drawn: IssuedNumber


def official_number(unit: Unit, word: str, *, series: str, actor: User) -> OfficialNumber:
    """The organ's next number of the series: 北残联受字〔2026〕12号.

    The counter is kept per printed organ name, so two units of one name share a series.
    """
    year, organ = time.today().year, unit.short_name or unit.name
    drawn = draw_number(series_key=series, organ_code=organ[:50], year=year, actor=actor)
    return OfficialNumber(f"{organ}{word}〔{year}〕{drawn.number}号", drawn)


def remedies(unit: Unit) -> dict[str, str]:
    """Where a refusal may be contested: the district's government and court."""
    region = unit.region
    while region.parent is not None and region.level != "district":
        region = region.parent
    name = region.name if region.name.startswith("安阳市") else f"安阳市{region.name}"
    return {
        "review_organ": REVIEW_ORGAN.format(district=name),
        "court": COURT.format(district=name),
    }


def contact_text(application: Application) -> str:
    """Telephone and address of the point, as the foot of a paper shows them."""
    point = application.point
    return " ".join(part for part in (point.phone, point.address) if part)


def dues_text(clock: Clock | None) -> dict[str, str]:
    """Both dues as text, empty where there is none."""
    if clock is None:
        return {"promised_due": "", "statutory_due": ""}
    return {
        "promised_due": day_text(clock.promised_due_on),
        "statutory_due": day_text(clock.statutory_due_on),
    }


def _progress(application: Application) -> dict[str, str]:
    address = public_address(reverse("intake:progress"))
    return {"progress_url": address, "progress_code": application.check_code}


def _distinct_materials(cases: Sequence[Case]) -> list[dict[str, str]]:
    rows: dict[str, str] = {}
    for case in cases:
        for material in case.asked_materials():
            rows.setdefault(material.name, STATUS_TEXT[MaterialStatus(material.status)])
    return [{"name": name, "status": status} for name, status in rows.items()]


def receipt_data(application: Application, cases: Sequence[Case], *, clerk: User) -> dict[str, Any]:
    """What the receipt prints."""
    applicant = application.applicant
    return {
        "organ": application.point.unit.name,
        "contact": contact_text(application),
        "applicant": applicant.reveal("name"),
        "applicant_id": applicant.masked_id,
        "agent": application.agent_facts().get("name", ""),
        "items": [_item_row(case) for case in cases],
        "materials": _distinct_materials(cases),
        "window": application.place_text,
        "clerk": str(clerk),
        "received_at_text": moment_text(application.received_at),
        "next_step": next_step_text(cases),
        **_progress(application),
    }


def _item_row(case: Case) -> dict[str, str]:
    dues = dues_text(case.clock if case.accepted_at else None)
    return {"name": case.item.name, "number": case.number, **dues}


def next_step_text(cases: Sequence[Case]) -> str:
    """What happens now and till when, in one or two sentences."""
    accepted = [case for case in cases if case.accepted_at]
    asked = [case for case in cases if case.correction_count and not case.accepted_at]
    parts = []
    if accepted:
        parts.append("材料齐全的事项已受理，由审批部门在承诺时限内办结。")
    if asked:
        parts.append("材料不齐的事项请按一次性告知书补正。")
    if not parts:
        parts.append("受理机关将在规定时限内告知是否受理。")
    return "".join(parts)


def is_licence(case: Case) -> bool:
    """Whether the licensing act governs the case."""
    return bool(case.item.kind == Kind.LICENCE)


def acceptance_data(case: Case) -> dict[str, Any]:
    """What the notice of acceptance prints."""
    application, version = case.application, case.version
    deferred = [material for material in case.asked_materials() if material.due_on]
    return {
        "organ": case.department.name,
        "contact": contact_text(application),
        "applicant": application.applicant.reveal("name"),
        "item": case.item.name,
        "case_number": case.number,
        "received_on": day_text(time.local_date(case.received_at)),
        "accepted_on": day_text(time.local_date(case.accepted_at or time.now())),
        "promised_text": _limit_text(version.promised_amount, version.get_promised_unit_display()),
        "statutory_text": _limit_text(
            version.statutory_amount, version.get_statutory_unit_display()
        ),
        "basis": acceptance.acceptance_basis(licence=is_licence(case), deferred=bool(deferred)),
        "department": case.department.name,
        "deferred": [deferred_row(material) for material in deferred],
        "deferred_effect": acceptance.DEFERRAL_EFFECT if deferred else "",
        "handout": version.get_handout_display(),
        **dues_text(case.clock),
        **_progress(application),
    }


def deemed_data(case: Case, rule_code: str) -> dict[str, Any]:
    """What the notice prints besides where the law itself accepted (视为受理)."""
    return {
        "title": "受理通知书（视为受理）",
        "deemed": "视为受理",
        "basis": acceptance.deemed_basis(rule_code),
        "lacking": list(case.missing_names),
        "recorded_on": day_text(time.today()),
    }


def deferred_row(material: CaseMaterial) -> dict[str, str]:
    """A material that follows, and by when."""
    return {"name": material.name, "due": day_text(material.due_on)}


def _limit_text(amount: int | None, unit: str) -> str:
    return f"{amount}个{unit}" if amount else ("当日" if amount == 0 else "")


def correction_data(
    case: Case, demands: Sequence[dict[str, str]], *, due_on: date, clerk: User, online: bool
) -> dict[str, Any]:
    """What the one-time notice prints."""
    application = case.application
    return {
        "organ": application.point.unit.name,
        "contact": contact_text(application),
        "applicant": application.applicant.reveal("name"),
        "item": case.item.name,
        "case_number": case.number,
        "received_on": day_text(time.local_date(case.received_at)),
        "materials": list(demands),
        "due": day_text(due_on),
        "effect": acceptance.ONLINE_CORRECTION_EFFECT if online else acceptance.CORRECTION_EFFECT,
        "basis": acceptance.ONLINE_CORRECTION_BASIS if online else acceptance.CORRECTION_BASIS,
        "window": application.place_text,
        "clerk": str(clerk),
        "applicant_signature": "" if online else "yes",
    }


def refusal_data(case: Case, *, ground: str, reason: str, proper_organ: str) -> dict[str, Any]:
    """What the notice of non-acceptance prints: ground, right organ, remedies."""
    application = case.application
    label = str(RefusalGround(ground).label)
    return {
        "organ": application.point.unit.name,
        "contact": contact_text(application),
        "applicant": application.applicant.reveal("name"),
        "item": case.item.name,
        "case_number": case.number,
        "received_on": day_text(time.local_date(case.received_at)),
        "reason": f"{label}。{reason}",
        "basis": acceptance.refusal_basis(ground, licence=is_licence(case)),
        "proper_organ": proper_organ,
        **remedies(case.service_point.unit),
    }


def issue_notice(
    case: Case,
    kind: str,
    data: dict[str, Any],
    *,
    unit: Unit,
    actor: User,
    due_on: date | None = None,
) -> Notice:
    """The paper is issued under the unit's next number and the notice stands."""
    key = KEY_OF_NOTICE[NoticeKind(kind)]
    word = WORD_OF_NOTICE[NoticeKind(kind)]
    number = official_number(unit, word, series=key, actor=actor)
    paper = issue_case_paper(case, key, data, number=number, actor=actor)
    return Notice.objects.create(
        case=case, kind=kind, paper=paper, told_at=time.now(), told_by=actor, due_on=due_on
    )


def void_notice_number(case: Case, kind: str, *, reason: str, actor: User) -> None:
    """The number of the case's last notice of this kind is void, and keeps its place.

    The paper stays in the file as it was told; a number voided before stays so.
    """
    notice = case.notices.filter(kind=kind).select_related("paper").order_by("-pk").first()
    if notice is None:
        return
    with suppress(NumberAlreadyVoid, NotFound):
        void_paper(paper=notice.paper, reason=reason, actor=actor)


def issue_case_paper(
    case: Case, key: str, data: dict[str, Any], *, number: OfficialNumber, actor: User
) -> Paper:
    """A paper about the case stands, sealed under the applicant's data key."""
    return issue_paper(
        kind=paper_kind(key),
        data=data,
        number=number.text,
        drawn=number.drawn,
        actor=actor,
        region_code=case.region_code,
        department=case.department,
        subject_kind="case",
        subject_id=case.number,
        data_key=case.application.data_key,
    )
