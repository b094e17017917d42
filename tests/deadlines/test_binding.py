"""A served paper against a new calendar: whoever relied on the paper loses nothing by it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.time import end_of_day, freeze
from deadlines.choices import Debtor, StageKey, Unit, Verb
from deadlines.models import CalendarVersion, Clock, StageFire
from deadlines.rules import Course, Dues, Extension, Limit, Terms
from deadlines.rules.binding import bound, disagreements
from deadlines.rules.dues import Due
from deadlines.rules.history import ServedDays, ToldPause, terms_as_data, terms_from_data
from deadlines.services import (
    extend_clock,
    load_notice,
    pause_clock,
    record_closure,
    reproject,
    sweep,
    verify_clocks,
)
from organisations.models import Region
from organisations.services import system_user
from tests.factories.deadlines import DISTRICT, Desk, a_clock, a_desk, moment, notice_2027

SERVED, EARLIER, LATER = date(2026, 12, 28), date(2026, 12, 25), date(2026, 12, 31)
PAUSE = ToldPause(date(2026, 12, 1), date(2026, 12, 2), stops_statute=True, stops_promise=True)
ON_THE_SPOT = replace(PAUSE, stops_statute=False)


def due(day: date) -> Due:
    return Due(day, end_of_day(day))


def a_course(debtor: str, **changes: Any) -> Course:
    terms = Terms(moment("2026-11-25"), Limit(20, Unit.WORKDAY), debtor=debtor, served=True)
    return Course(terms, served=ServedDays(SERVED, SERVED), **changes)


@pytest.mark.parametrize(
    ("debtor", "counted", "changes", "promise", "statute"),
    [
        (Debtor.UNIT, LATER, {}, SERVED, SERVED),
        (Debtor.UNIT, EARLIER, {}, EARLIER, EARLIER),
        (Debtor.UNIT, SERVED, {}, SERVED, SERVED),
        (Debtor.UNIT, LATER, {"told_pauses": (PAUSE,)}, LATER, LATER),
        (Debtor.UNIT, LATER, {"told_pauses": (ON_THE_SPOT,)}, SERVED, SERVED),
        (Debtor.UNIT, LATER, {"extensions": (Extension(5),)}, SERVED, LATER),
        (Debtor.UNIT, LATER, {"extensions": (Extension(5, moves_promise=True),)}, LATER, LATER),
        (Debtor.APPLICANT, LATER, {}, LATER, LATER),
        (Debtor.APPLICANT, EARLIER, {}, SERVED, SERVED),
        (Debtor.APPLICANT, EARLIER, {"told_pauses": (PAUSE,)}, SERVED, SERVED),
        (Debtor.PARTY, EARLIER, {}, SERVED, SERVED),
    ],
)
def test_which_day_binds(
    debtor: str, counted: date, changes: dict[str, Any], promise: date, statute: date
) -> None:
    course = a_course(debtor, **changes)
    found = bound(course, Dues(due(counted), due(counted)))
    assert (found.promised_on, found.statutory_on) == (promise, statute)
    for one in disagreements(course, Dues(due(counted), due(counted))):
        assert (one.served, one.counted) == (SERVED, counted)


def test_a_start_event_keeps_whether_its_days_were_served() -> None:
    served = a_course(Debtor.UNIT).terms
    assert terms_from_data(terms_as_data(served)).served
    plain = terms_as_data(replace(served, served=False))
    assert "served" not in plain
    assert not terms_from_data(plain).served


# Through the engine. Before the notice the limit ends on the 29th; with it on the 28th.


@pytest.fixture
def desk(db: None) -> Desk:
    return a_desk()


def later_notice() -> dict[str, Any]:
    """The days before New Year are free: what ends then ends later."""
    notice = notice_2027()
    notice["holidays"][0] |= {"from": "2026-12-28", "to": "2027-01-03"}
    notice["workdays"] = []
    return notice


def counted_anew(notice: dict[str, Any], at: datetime) -> None:
    with freeze(at):
        job = load_notice(actor=system_user("calendar"), notice=notice).job
        assert reproject(job_id=job.pk).report["failed"] == {}


def fresh(clock: Clock) -> Clock:
    return Clock.objects.get(pk=clock.pk)


def dues_of(clock: Clock) -> tuple[date | None, date | None]:
    again = fresh(clock)
    return again.promised_due_on, again.statutory_due_on


def a_served(desk: Desk, **changes: Any) -> Clock:
    return a_clock(
        desk, **({"start": "2026-12-22", "promised": 4, "statutory": 5, "served": True} | changes)
    )


PRINTED = (date(2026, 12, 28), date(2026, 12, 29))
MOVED = (date(2027, 1, 4), date(2027, 1, 5))
AT = moment("2026-12-23")


def test_a_unit_is_held_to_the_day_it_printed(desk: Desk) -> None:
    clock, plain = a_served(desk), a_served(desk, served=False, number="BG-2")
    assert dues_of(clock) == dues_of(plain) == PRINTED
    counted_anew(later_notice(), AT)
    assert dues_of(clock) == PRINTED
    assert dues_of(plain) == MOVED
    event = clock.events.last()
    assert (event.verb, event.data["promised"]) == (Verb.RECOUNT, ["2026-12-28", "2026-12-28"])
    assert event.data["counted"] == ["2027-01-04", "2027-01-05"]
    assert list(verify_clocks()) == []


def test_its_stages_fire_on_the_day_that_binds(desk: Desk) -> None:
    clock = a_served(desk)
    counted_anew(later_notice(), AT)
    sweep(at=end_of_day(PRINTED[0]))
    fires = dict(StageFire.objects.filter(clock=clock).values_list("stage", "planned_for"))
    assert fires[StageKey.YELLOW] == end_of_day(PRINTED[0])
    sweep(at=end_of_day(PRINTED[1]))
    assert fresh(clock).light == "red"
    assert list(verify_clocks()) == []


def test_an_earlier_day_binds_the_unit_too(desk: Desk) -> None:
    clock = a_served(desk)
    counted_anew(notice_2027(), AT)
    assert dues_of(clock) == (date(2026, 12, 26), date(2026, 12, 28))
    assert list(verify_clocks()) == []


def test_an_addressee_keeps_the_later_day(desk: Desk) -> None:
    party = {"debtor": Debtor.PARTY, "promised": None, "rule": ""}
    later, earlier = a_served(desk, **party), a_served(desk, **party, number="BG-2")
    counted_anew(later_notice(), AT)
    assert dues_of(later) == (None, MOVED[1])
    counted_anew(notice_2027(), moment("2026-12-24"))
    assert dues_of(earlier) == (None, MOVED[1])
    assert list(verify_clocks()) == []


def test_the_paper_counts_whatever_calendars_follow(desk: Desk) -> None:
    clock = a_served(desk)
    for notice, expected in (
        (later_notice(), PRINTED),
        (notice_2027(), (date(2026, 12, 26), date(2026, 12, 28))),
        (later_notice() | {"title": "国务院办公厅关于2027年部分节假日安排的通知（调整）"}, PRINTED),
    ):
        counted_anew(notice, AT)
        assert dues_of(clock) == expected
    assert list(verify_clocks()) == []


def _pause(clock: Clock, desk: Desk) -> None:
    pause_clock(
        clock_id=clock.pk,
        actor=desk.handler,
        ground="听证",
        legal_basis="行政许可法第45条",
        told_until=date(2026, 12, 24),
    )


def _extend(clock: Clock, desk: Desk) -> None:
    told = {"reason": "案情复杂", "moves_promise": True}
    extend_clock(clock_id=clock.pk, actor=desk.head, amount=1, **told)


@pytest.mark.parametrize("act", [_pause, _extend])
@pytest.mark.parametrize("before", [True, False])
def test_what_was_lawfully_told_sets_the_unit_free(
    desk: Desk, act: Callable[[Clock, Desk], None], *, before: bool
) -> None:
    clock, plain = a_served(desk), a_served(desk, served=False, number="BG-2")
    if not before:
        counted_anew(later_notice(), AT)
    with freeze(AT):
        act(clock, desk)
        act(plain, desk)
    if before:
        counted_anew(later_notice(), AT)
    assert dues_of(clock) == dues_of(plain) > MOVED
    assert list(verify_clocks()) == []


def test_a_closure_is_a_lawful_pause_told_to_all(desk: Desk) -> None:
    clock = a_served(desk)
    day = date(2026, 12, 24)
    with freeze(AT):
        closed = record_closure(
            actor=desk.head,
            region=Region.objects.get(pk=DISTRICT),
            first_on=day,
            last_on=day,
            reason="暴雨停办",
            legal_basis="突发事件应对法第73条",
        )
        reproject(job_id=closed.job.pk)
    assert dues_of(clock) == (date(2026, 12, 29), date(2026, 12, 30))
    assert clock.events.last().data["closure"] == 1
    assert list(verify_clocks()) == []


def test_the_page_says_why_the_printed_day_holds(desk: Desk, client: Client) -> None:
    clock = a_served(desk)
    counted_anew(later_notice(), AT)
    client.force_login(desk.handler)
    with freeze(AT):
        page = client.get(reverse("deadlines:clock", args=[clock.pk])).content.decode()
    assert "送达文书载明的日期为2026年12月28日" in page
    assert "以2026年12月28日为准" in page
    assert '<span class="due-word">以此日为准</span>' in page
    assert "由行政机关履行，未依法告知中止或者延期，从早不从晚" in page
    assert CalendarVersion.objects.count() == 2
