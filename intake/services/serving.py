"""Service of notices: how each reached the applicant, with a 送达回证 on paper."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common import time
from common.errors import Forbidden, InvalidInput, PersonErased
from documents.models import Paper
from intake.choices import OF_DEPARTMENT, ServiceWay
from intake.errors import CaseNotFound, NoticeVoid
from intake.models import Case, CaseEvent, Notice, ProofOfService
from intake.models.events import SERVED
from intake.rules.serving import WORDS, Served, relation_of, serving_faults
from intake.services.papers import issue_case_paper, moment_text, official_number
from intake.services.records import lock_case
from organisations.models import Unit, User

SERVICE_PROOF = "intake.service_proof"
WORD = "告送字"
PERMISSION = "intake.serve_notice"


@transaction.atomic
def serve_notice(*, notice_id: int, actor: User, served: Served) -> ProofOfService:
    """How the notice was served stands, sealed, with its proof on paper, and in the timeline.

    A notice served in vain and then otherwise has a proof of each.

    Raises:
        Forbidden: the posts do not allow it.
        CaseNotFound: there is no such notice, or not within the actor's sight.
        PersonErased: the applicant's data are no more.
        NoticeVoid: the notice's number was voided.
        InvalidInput: the account proves nothing; each fault at its field.
    """
    notice = _locked_notice(notice_id, actor)
    case = notice.case
    applicant = case.application.applicant.reveal("name")
    faults = serving_faults(served, applicant=applicant, told_at=notice.told_at, now=time.now())
    if faults:
        raise InvalidInput(fields={name: [str(fault)] for name, fault in faults.items()})
    proof = _stored(notice, served, applicant, actor)
    CaseEvent.append(
        case,
        actor=actor,
        verb=SERVED,
        note=_("%(number)s: %(way)s") % {"number": notice.paper.number, "way": proof},
        data={"notice": notice.paper.number, "way": str(proof.way)},
        proof={"paper": proof.paper.number, "sha256": proof.paper.sha256},
    )
    return proof


def _locked_notice(notice_id: int, actor: User) -> Notice:
    if not actor.has_perm(PERMISSION):
        raise Forbidden
    rows: Any = Notice.objects.visible_to(actor).select_related("paper__drawn")
    notice: Notice | None = rows.defer("paper__pdf", "paper__data").filter(pk=notice_id).first()
    if notice is None:
        raise CaseNotFound
    notice.case = lock_case(notice.case_id)
    if notice.case.application.applicant.is_erased:
        raise PersonErased
    if notice.paper.void:
        raise NoticeVoid
    return notice


def _stored(notice: Notice, served: Served, applicant: str, actor: User) -> ProofOfService:
    case = notice.case
    proof = ProofOfService(
        notice=notice,
        data_key=case.application.data_key,
        way=ServiceWay(served.way),
        place=served.place.strip(),
        served_at=served.served_at,
        relation=relation_of(served, applicant),
        refusal_reason=served.refusal_reason.strip(),
        recorded_by=actor,
        paper=_paper(notice, served, applicant, actor),
    )
    proof.seal("receiver", served.receiver.strip())
    proof.seal("witness", served.witness.strip())
    proof.save()
    return proof


def _issuer(notice: Notice) -> Unit:
    """The unit whose notice it is."""
    case: Case = notice.case
    return case.department if notice.kind in OF_DEPARTMENT else case.service_point.unit


def _paper(notice: Notice, served: Served, applicant: str, actor: User) -> Paper:
    case, unit = notice.case, _issuer(notice)
    data = {
        "organ": unit.name,
        "case_title": f"{case.item.name}（办件编号 {case.number}）",
        "papers": [{"name": notice.paper.title, "number": notice.paper.number}],
        "recipient": applicant,
        "method": WORDS[ServiceWay(served.way)],
        "place": served.place.strip(),
        "served_at": moment_text(served.served_at),
        "receiver": served.receiver.strip(),
        "relation": relation_of(served, applicant) if served.receiver.strip() else "",
        "refusal_reason": served.refusal_reason.strip(),
        "witness": served.witness.strip(),
        "servers": [name for name in (str(actor), served.colleague.strip()) if name],
        "note": served.note.strip(),
    }
    number = official_number(unit, WORD, series=SERVICE_PROOF, actor=actor)
    return issue_case_paper(case, SERVICE_PROOF, data, number=number, actor=actor)
