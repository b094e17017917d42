"""Days of a case that a new calendar moved: read from its clocks, and told to the applicant."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import cast

from deadlines.choices import Verb
from deadlines.models import CalendarVersion, ClockEvent
from deadlines.rules.notices import Moved
from intake.choices import ClockPurpose
from intake.models import Case
from intake.rules.informing import Occasion
from intake.rules.recounts import Recount, recount_words
from intake.services.informing import tell_applicant, whoever_agreed

PRINTED = (ClockPurpose.HANDLING, ClockPurpose.CORRECTION, ClockPurpose.DEFERRAL)
DUES = ("promised", "statutory")


def recounts_of(cases: Collection[Case]) -> dict[int, list[Recount]]:
    """By case, every printed day that was counted anew, in order; one query for all of them."""
    found: dict[int, list[Recount]] = defaultdict(list)
    for event in _events_of(cases):
        found[event.clock.case_link.case_id] += _moves(event)
    return found


def _events_of(cases: Collection[Case]) -> Collection[ClockEvent]:
    links = {"clock__case_link__case__in": cases, "clock__case_link__purpose__in": PRINTED}
    rows = ClockEvent.objects.filter(verb=Verb.RECOUNT, **links)
    return rows.select_related("clock__case_link").order_by("at", "pk")


def _moves(event: ClockEvent) -> list[Recount]:
    moves, data = [], cast("dict[str, list[str]]", event.data)
    counted = data.get("counted") or [data[due][1] for due in DUES]
    for due, anew in zip(DUES, counted, strict=True):
        before, after = data[due]
        if before and anew and before != anew:
            days = (date.fromisoformat(text) for text in (before, anew, after))
            text = recount_words(event.clock.debtor, *days, promise=due == "promised")
            moves.append(Recount(event.at, text))
    return moves


def tell_moved(*, moves: Collection[Moved], edition: CalendarVersion) -> int:
    """A notice waits for every applicant whose day moved and who agreed to be told; how many."""
    keys = [move.clock_id for move in moves]
    cases = Case.objects.filter(clocks__clock__in=keys, clocks__purpose__in=PRINTED).distinct()
    rows = whoever_agreed(cases).select_related("application", "item")
    for case in rows:
        tell_applicant(case=case, occasion=Occasion.COUNTED_ANEW, cause=edition.pk)
    return len(rows)
