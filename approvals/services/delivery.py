"""Delivery: who took the result, how, with a proof of service."""

from typing import Any

from django.db import transaction

from approvals.choices import DeliveryMethod
from approvals.models import Decision, Delivery
from approvals.signals import result_delivered
from common import time
from common.errors import InvalidInput
from documents.models import Paper
from intake.models import Case
from intake.services import mark_delivered
from intake.services.papers import issue_case_paper, moment_text, official_number
from organisations.models import User

SERVICE_PROOF = "approvals.service_proof"
METHOD_WORDS = {
    DeliveryMethod.WINDOW: "直接送达",
    DeliveryMethod.POST: "邮寄送达",
    DeliveryMethod.ELECTRONIC: "电子送达",
    DeliveryMethod.HOME: "直接送达",
}


@transaction.atomic
def deliver_result(
    *,
    case_id: int,
    actor: User,
    receiver: str,
    method: str,
    proof: str = "",
    expected_version: int | None = None,
) -> Case:
    """The result is handed out; receiver (sealed), method and proof of service stand.

    Raises:
        InvalidInput: nobody is named as the receiver.
        TransitionRefused: with every reason.
        StaleObject: a colleague changed the case.
    """
    _check_receiver(receiver)
    case = mark_delivered(
        case_id=case_id,
        actor=actor,
        note=proof,
        data={"method": str(method)},
        expected_version=expected_version,
    )
    data = proof_data(case, receiver=receiver, method=method, proof=proof, server=actor)
    delivery = Delivery(
        case=case,
        data_key=case.application.data_key,
        method=method,
        proof=proof,
        delivered_at=time.now(),
        delivered_by=actor,
        paper=_proof_paper(case, data, actor),
    )
    delivery.seal("receiver", receiver.strip())
    delivery.save()
    result_delivered.send(sender=Delivery, delivery=delivery, actor=actor)
    return case


def _check_receiver(receiver: str) -> None:
    if not receiver.strip():
        raise InvalidInput(fields={"receiver": [str(InvalidInput.default_message)]})


def _proof_paper(case: Case, data: dict[str, Any], actor: User) -> Paper:
    unit = case.service_point.unit
    number = official_number(unit, "送字", series=SERVICE_PROOF, actor=actor)
    return issue_case_paper(case, SERVICE_PROOF, data, number=number, actor=actor)


def proof_data(
    case: Case, *, receiver: str, method: str, proof: str, server: User
) -> dict[str, Any]:
    """What the proof of service prints."""
    decision = Decision.objects.for_list().get(case=case)
    applicant = case.application.applicant.reveal("name")
    return {
        "organ": case.service_point.unit.name,
        "case_title": case.item.name,
        "papers": [{"name": decision.paper.title, "number": decision.number}],
        "recipient": applicant,
        "method": METHOD_WORDS[DeliveryMethod(method)],
        "place": case.application.place_text,
        "served_at": moment_text(time.now()),
        "receiver": receiver.strip(),
        "relation": "本人" if receiver.strip() == applicant else "",
        "servers": [str(server)],
        "note": proof,
    }
