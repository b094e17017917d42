"""Days of a case that a new calendar moved, read from the events of its clocks."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import cast

from deadlines.choices import Verb
from deadlines.models import ClockEvent
from intake.choices import ClockPurpose
from intake.models import Case
from intake.rules.recounts import Recount, recount_words

PRINTED = (ClockPurpose.HANDLING, ClockPurpose.CORRECTION, ClockPurpose.DEFERRAL)
TELLING = frozenset({Verb.PAUSE, Verb.RETELL, Verb.EXTEND})
DUES = ("promised", "statutory")


def recounts_of(cases: Collection[Case]) -> dict[int, list[Recount]]:
    """By case, every printed day that was counted anew, in order; one query for all of them."""
    found: dict[int, list[Recount]] = defaultdict(list)
    told = set[int]()
    for event in _events_of(cases):
        if event.verb in TELLING:
            told.add(event.clock_id)
        else:
            found[event.clock.case_link.case_id] += _moves(event, told=event.clock_id in told)
    return found


def _events_of(cases: Collection[Case]) -> Collection[ClockEvent]:
    links = {"clock__case_link__case__in": cases, "clock__case_link__purpose__in": PRINTED}
    rows = ClockEvent.objects.filter(verb__in=[Verb.RECOUNT, *TELLING], **links)
    return rows.select_related("clock__case_link").order_by("at", "pk")


def _moves(event: ClockEvent, *, told: bool) -> list[Recount]:
    moves, data = [], cast("dict[str, list[str]]", event.data)
    for due in DUES:
        before, after = data[due]
        if before and after and before != after:
            days = date.fromisoformat(before), date.fromisoformat(after)
            text = recount_words(event.clock.debtor, *days, promise=due == "promised", told=told)
            moves.append(Recount(event.at, text))
    return moves
