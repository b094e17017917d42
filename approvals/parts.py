"""What the case page shows of reviews, procedures, extensions, decision and delivery."""

from approvals.models import Decision, Delivery
from common.sealing import ERASED
from intake.models import Case
from intake.registry import Section


def review_section(case: Case) -> Section | None:
    """Everything the department did, in one section; None before it did anything."""
    if case.accepted_at is None:
        return None
    facts = {
        "reviews": list(case.reviews.select_related("reviewer")),
        "procedures": list(case.procedures.all()),
        "extensions": list(case.extensions.all()),
        "decision": Decision.objects.for_list().filter(case=case).first(),
        "delivery": _delivery(case),
    }
    return Section("approvals/section.html", facts) if any(facts.values()) else None


def _delivery(case: Case) -> dict[str, object] | None:
    found = Delivery.objects.filter(case=case).select_related("data_key", "delivered_by").first()
    if found is None:
        return None
    receiver = ERASED if found.is_erased else found.reveal("receiver")[:1] + "*"
    return {"row": found, "receiver": receiver}
