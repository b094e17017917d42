"""What a citizen is told about his case: what happens next, and who does it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.choices import CaseResult, CaseState, Desk

Text = str | Promise


@dataclass(frozen=True)
class NextStep:
    """What happens next and who has to act."""

    text: Text
    by: str = Desk.WINDOW


STEPS: dict[str, NextStep] = {
    CaseState.DRAFT: NextStep(_("The application has not been submitted yet.")),
    CaseState.SUBMITTED: NextStep(_("The window checks whether the materials are complete.")),
    CaseState.RECEIVED: NextStep(_("The window decides whether the application is accepted.")),
    CaseState.CORRECTING: NextStep(_("Hand in what the one-time notice asks for.")),
    CaseState.ACCEPTED: NextStep(_("The department begins its review."), Desk.DEPARTMENT),
    CaseState.REVIEWING: NextStep(_("The department decides."), Desk.DEPARTMENT),
    CaseState.SUSPENDED: NextStep(
        _("A special procedure is under way; then the department decides."), Desk.DEPARTMENT
    ),
    CaseState.CLOSED: NextStep(_("The result is being made ready."), Desk.DEPARTMENT),
    CaseState.AWAITING_DELIVERY: NextStep(_("The result can be fetched.")),
    CaseState.REFUSED_ACCEPTANCE: NextStep(
        _("The application was not accepted; the notice names reason and remedies.")
    ),
    CaseState.RETURNED: NextStep(_("The materials were returned at the applicant's wish.")),
    CaseState.WITHDRAWN: NextStep(_("The application was withdrawn.")),
    CaseState.TERMINATED: NextStep(_("The procedure was ended without a decision.")),
    CaseState.DELIVERED: NextStep(_("The result was handed out. Nothing is left to do.")),
    CaseState.ARCHIVED: NextStep(_("The file is closed. Nothing is left to do.")),
}
OVER = frozenset(
    {
        CaseState.REFUSED_ACCEPTANCE,
        CaseState.RETURNED,
        CaseState.WITHDRAWN,
        CaseState.TERMINATED,
        CaseState.DELIVERED,
        CaseState.ARCHIVED,
    }
)


def next_step(state: str) -> NextStep:
    """What happens next to a case in this state."""
    return STEPS[state]


def is_over(state: str) -> bool:
    """Whether nothing more happens."""
    return state in OVER


def outcome(result: str) -> Text:
    """How the case was decided; empty while it is not."""
    return "" if result == CaseResult.NONE else CaseResult(result).label
