"""The card on paper: 督办通知单, printed once, the same bytes for whoever asks again."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from common import time
from deadlines.choices import StageKey
from documents.models import Paper
from documents.registry import PaperKind
from documents.services import issue_paper
from organisations.choices import Role
from organisations.models import Post, User
from organisations.rules import region_prefix
from supervision.choices import CardColour
from supervision.models import Card
from supervision.services.cards import locked_card

SUBJECT = "card"
NOTICE = PaperKind(
    key="supervision.card",
    title="督办通知单",
    template="supervision/papers/card.typ",
    permission="supervision.view_card",
)
NEXT_STAGE = {
    CardColour.YELLOW: StageKey.RED_UNANSWERED,
    CardColour.RED: StageKey.ESCALATE,
}
DEMAND = {
    CardColour.YELLOW: "请立即核实未办结的原因，抓紧办结，并在回复期限前通过系统书面回复；"
    "逾期未回复的，转为红牌。\n对本牌有异议的，可以通过系统申诉；申诉期间不停止计时。",
    CardColour.RED: "请立即核实未办结的原因，抓紧办结，并在回复期限前通过系统书面回复；"
    "逾期未回复的，升级报告分管领导。\n对本牌有异议的，可以通过系统申诉；申诉期间不停止计时。",
}


@transaction.atomic
def notice_of(*, card_id: int, actor: User) -> Paper:
    """The card's paper, printed now if nobody has asked for it before.

    Raises:
        NotFound: the card is outside the actor's sight.
    """
    card = locked_card(card_id, actor)
    printed: Paper | None = Paper.objects.about(SUBJECT, card.pk).for_list().first()
    return printed or issue_paper(
        kind=NOTICE,
        data=notice_data(card),
        number=card.number,
        actor=actor,
        region_code=card.region_code,
        department=card.unit,
        subject_kind=SUBJECT,
        subject_id=card.pk,
    )


def notice_data(card: Card) -> dict[str, Any]:
    """What stands on it; see ``documents/papers/DATA.md``."""
    rule = card.clock.rule if card.clock else None
    return {
        "organ": _organ(card),
        "holder": card.unit.name,
        "person": str(card.person or ""),
        "colour": card.get_colour_display(),
        "matter": card.subject_label,
        "matter_number": card.subject_number,
        "reason": card.reason,
        "due": _day(card.due_on),
        "basis": rule.legal_basis if rule else "",
        "written_on": _moment(card.written_at),
        "answer_by": _answer_by(card),
        "demand": DEMAND[CardColour(card.colour)],
    }


def _organ(card: Card) -> str:
    """The supervision office in whose region the matter lies; else the unit's own name."""
    for post in Post.objects.of_role(Role.SUPERVISOR).for_list():
        if post.scope_code and card.region_code.startswith(region_prefix(post.scope_code)):
            return str(post.unit.name)
    return str(card.unit.name)


def _answer_by(card: Card) -> str:
    """When silence leads on; empty where the card was answered or nothing follows."""
    plan = card.clock.plan if card.clock and not card.answered_at else {}
    planned = plan.get(NEXT_STAGE[CardColour(card.colour)])
    return _moment(datetime.fromisoformat(planned)) if planned else ""


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _moment(moment: datetime) -> str:
    """2026年11月12日 14时05分; midnight is the 24th hour of the day that ends."""
    local = time.local(moment)
    if (local.hour, local.minute) == (0, 0):
        return f"{_day(local - timedelta(days=1))} 24时"
    return f"{_day(local)} {local.hour}时{local.minute:02d}分"
