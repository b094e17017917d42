"""What intake does when a case moved or a message came to its end."""

from typing import Any

from django.dispatch import Signal, receiver

from deadlines.choices import Effect
from deadlines.models import CalendarVersion
from deadlines.rules.notices import Moved
from deadlines.signals import clocks_recounted
from intake import signals
from intake.choices import CaseResult
from intake.models import Case
from intake.rules.informing import Occasion
from intake.services.helping import tell_helper
from intake.services.informing import note_message, tell_applicant
from intake.services.recounts import tell_moved
from notifications.models import OutboxMessage
from notifications.signals import message_settled

OCCASIONS: tuple[tuple[Signal, Occasion], ...] = (
    (signals.case_accepted, Occasion.ACCEPTED),
    (signals.correction_requested, Occasion.CORRECTION),
    (signals.second_notice_told, Occasion.CORRECTION),
    (signals.acceptance_refused, Occasion.NOT_ACCEPTED),
    (signals.case_suspended, Occasion.SUSPENDED),
    (signals.case_resumed, Occasion.RESUMED),
    (signals.case_ready, Occasion.READY),
)
OCCASION_OF = {id(signal): occasion for signal, occasion in OCCASIONS}


@receiver([signal for signal, _occasion in OCCASIONS], dispatch_uid="intake.tell_applicant")
def hear_move(signal: Signal, case: Case, **_facts: Any) -> None:
    """The applicant is told what happened, and whether the law itself did it."""
    by_law = signal is signals.case_accepted and case.deemed == Effect.DEEMED_ACCEPTED
    occasion = Occasion.DEEMED_ACCEPTED if by_law else OCCASION_OF[id(signal)]
    tell_applicant(case=case, occasion=occasion)
    tell_helper(case)


@receiver(signals.case_withdrawn, dispatch_uid="intake.tell_of_withdrawal")
def hear_withdrawal(case: Case, **_facts: Any) -> None:
    """Who did not withdraw himself is told that the law took it so."""
    if case.deemed == Effect.DEEMED_WITHDRAWN:
        tell_applicant(case=case, occasion=Occasion.DEEMED_WITHDRAWN)


@receiver(signals.case_closed, dispatch_uid="intake.tell_of_closing")
def hear_closing(case: Case, **_facts: Any) -> None:
    """The applicant is told that it was decided, or ended without a decision."""
    ended = case.result == CaseResult.TERMINATED
    tell_applicant(case=case, occasion=Occasion.TERMINATED if ended else Occasion.DECIDED)
    tell_helper(case)


@receiver(clocks_recounted, dispatch_uid="intake.tell_of_recount")
def hear_recount(moves: list[Moved], edition: CalendarVersion, **_facts: Any) -> None:
    """The applicant is told that his day is another one on the new calendar."""
    tell_moved(moves=moves, edition=edition)


@receiver(message_settled, dispatch_uid="intake.note_message")
def hear_message(message: OutboxMessage, **_facts: Any) -> None:
    """The case's timeline says whether the applicant was reached."""
    note_message(message=message)
