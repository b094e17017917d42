"""Cases of a bundle that go one after another: a later one is granted after the earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext

from intake.choices import CaseResult, CaseState

ENDED = (
    CaseState.CLOSED,
    CaseState.AWAITING_DELIVERY,
    CaseState.DELIVERED,
    CaseState.REFUSED_ACCEPTANCE,
    CaseState.RETURNED,
    CaseState.WITHDRAWN,
    CaseState.TERMINATED,
    CaseState.ARCHIVED,
)


@dataclass(frozen=True)
class EarlierPart:
    """A case of an earlier step: its item's name, its state, its result."""

    name: str
    state: str
    result: str

    @property
    def granted(self) -> bool:
        """Whether what comes after may build on it."""
        return self.result == CaseResult.GRANTED

    @property
    def failed(self) -> bool:
        """Whether it ended without being granted."""
        return self.state in ENDED and not self.granted


def refusal_by_earlier(parts: Sequence[EarlierPart]) -> str | Promise | None:
    """Why a later case cannot be granted yet, or at all; None if nothing stands before it."""
    failed = [part.name for part in parts if part.failed]
    if failed:
        return gettext(
            "the step before was not granted: %(names)s; this one can be refused, ended, or"
            " withdrawn by the applicant"
        ) % {"names": gettext(", ").join(failed)}
    waiting = [part.name for part in parts if not part.granted]
    if waiting:
        return gettext("decided after the step before: %(names)s") % {
            "names": gettext(", ").join(waiting)
        }
    return None
