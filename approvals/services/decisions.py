"""Decisions: granted or refused, numbered, on paper, with reasons and remedies."""

from datetime import date
from typing import Any

from django.db import transaction

from approvals.errors import ReasonMissing
from approvals.models import Decision
from approvals.rules import decision_title
from approvals.services.reviews import lapse_requests
from approvals.signals import decision_made
from common import time
from intake.choices import CaseResult
from intake.models import Case
from intake.services import close_case
from intake.services.papers import day_text, issue_case_paper, official_number, remedies
from organisations.models import User

DECISION = "approvals.decision"
WORD = {CaseResult.GRANTED: "准字", CaseResult.REFUSED: "不准字"}
NO_ARTICLE = "本事项办事指南载明的设定依据"


@transaction.atomic
def decide_case(
    *,
    case_id: int,
    actor: User,
    result: str,
    opinion: str,
    text: str = "",
    valid_until: date | None = None,
    on_spot: bool = False,
    expected_version: int | None = None,
) -> Case:
    """The case is decided, the decision numbered and printed.

    Raises:
        ReasonMissing: a refusal without reasons (行政许可法 38).
        TransitionRefused: with every reason.
        OtherDesk: the actor holds no post in the deciding department.
        StaleObject: a colleague changed the case.
    """
    _check_reasons(result, opinion)
    case = close_case(
        case_id=case_id,
        actor=actor,
        result=result,
        note=opinion,
        on_spot=on_spot,
        data={"valid_until": valid_until.isoformat() if valid_until else ""},
        expected_version=expected_version,
    )
    lapse_requests(case)
    said = text.strip() or operative_sentence(case)
    decision = write_decision(
        case, actor, opinion=opinion, said=said, valid_until=valid_until, on_spot=on_spot
    )
    decision_made.send(sender=Decision, decision=decision, actor=actor)
    return case


def _check_reasons(result: str, opinion: str) -> None:
    if result == CaseResult.REFUSED and not opinion.strip():
        raise ReasonMissing(fields={"opinion": [str(ReasonMissing.default_message)]})


def grant_on_spot(
    *, case_id: int, actor: User, opinion: str, expected_version: int | None = None
) -> Case:
    """The accepting point grants at once what it decides itself.

    Raises:
        TransitionRefused: with every reason, a department's own item among them.
    """
    return decide_case(
        case_id=case_id,
        actor=actor,
        result=CaseResult.GRANTED,
        opinion=opinion,
        on_spot=True,
        expected_version=expected_version,
    )


def operative_sentence(case: Case) -> str:
    """The sentence that decides, if nothing special is said."""
    what = case.version.result_name or case.item.name
    verb = "准予办理" if case.result == CaseResult.GRANTED else "不予办理"
    return f"{verb}{what}。"


def basis_text(case: Case) -> str:
    """The articles the item rests on."""
    articles = list(case.version.bases.order_by("order").values_list("text", flat=True))
    return "、".join(articles) or case.version.statutory_basis or NO_ARTICLE


def write_decision(
    case: Case,
    actor: User,
    *,
    opinion: str,
    said: str,
    valid_until: date | None = None,
    on_spot: bool = False,
) -> Decision:
    """The decision of a closed case stands under the organ's next number, with its paper."""
    word = WORD[CaseResult(case.result)]
    number = official_number(case.department, word, series=DECISION, actor=actor)
    basis = basis_text(case)
    data = decision_data(case, opinion=opinion, said=said, basis=basis, valid_until=valid_until)
    paper = issue_case_paper(case, DECISION, data, number=number, actor=actor)
    return Decision.objects.create(
        case=case,
        result=case.result,
        number=number.text,
        opinion=opinion,
        text=said,
        basis=basis,
        valid_until=valid_until,
        decided_at=case.decided_at or time.now(),
        decided_by=actor,
        on_spot=on_spot,
        paper=paper,
    )


def decision_data(
    case: Case, *, opinion: str, said: str, basis: str, valid_until: date | None
) -> dict[str, Any]:
    """What the decision prints."""
    applicant = case.application.applicant
    granted = case.result == CaseResult.GRANTED
    return {
        "organ": case.department.name,
        "contact": case.department.phone,
        "title": decision_title(case.item.kind, granted=granted),
        "applicant": applicant.reveal("name"),
        "applicant_id": applicant.masked_id,
        "item": case.item.name,
        "case_number": case.number,
        "accepted_on": day_text(time.local_date(case.accepted_at or case.received_at)),
        "result": str(case.result),
        "facts": opinion.strip() or "申请材料齐全，符合法定条件。",
        "basis": basis,
        "decision": said,
        "valid_until": day_text(valid_until),
        "handout": str(case.version.get_handout_display()) if granted else "",
        **remedies(case.department),
    }
