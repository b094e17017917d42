"""Silence renews a licence: the decision stands, numbered and printed (行政许可法 50)."""

from datetime import datetime

from approvals.models import Decision, SpecialProcedure
from approvals.services.decisions import write_decision
from approvals.services.reviews import lapse_requests
from approvals.signals import decision_made
from common import time
from deadlines.models import Clock
from intake.models import Case
from intake.services import grant_by_law
from organisations.models import User

OPINION = "申请人在有效期届满三十日前提出延续申请，本机关在该行政许可有效期届满前未作出决定。"
TEXT = "依据《中华人民共和国行政许可法》第五十条第二款，逾期未作决定，视为准予延续。"


def deem_renewed(*, clock: Clock, expired_at: datetime, actor: User) -> None:
    """The licence is renewed by law from the end of its last day; the decision says so.

    Raises:
        TransitionRefused: the case stands where it cannot be granted.
    """
    case = grant_by_law(clock=clock, expired_at=expired_at, actor=actor)
    lapse_requests(case)
    _end_procedures(case, actor)
    decision = write_decision(case, actor, opinion=OPINION, said=TEXT)
    decision_made.send(sender=Decision, decision=decision, actor=actor)


def _end_procedures(case: Case, actor: User) -> None:
    running = SpecialProcedure.objects.filter(case=case, ended_at__isnull=True)
    running.update(ended_at=time.now(), ended_by=actor, result=case.deemed_words)
