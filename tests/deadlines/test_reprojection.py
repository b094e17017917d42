"""Open clocks on another calendar: the same rows as one by one, once, whatever is killed."""

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from common.events import chain_faults
from common.models import Job
from common.time import end_of_day, freeze
from config.environment import BASE_DIR
from deadlines.choices import ClockState, StageKey, Unit, Verb
from deadlines.models import CalendarVersion, Clock, ClockEvent, StageFire
from deadlines.rules import Limit, project
from deadlines.rules.history import ServedDays, with_served
from deadlines.services import (
    SubjectFacts,
    cancel_clock,
    continue_reprojection,
    current_edition,
    extend_clock,
    finish_clock,
    load_notice,
    pause_clock,
    record_closure,
    reproject,
    resume_clock,
    settle_unanswered,
    start_clock,
    sweep,
    verify_clocks,
)
from deadlines.services import reprojecting as bulk_room
from deadlines.services.calendars import calendar_of
from deadlines.services.projecting import course_of, expected_columns, restate
from deadlines.signals import clocks_recounted
from deadlines.tasks import count_anew, sweep_clocks
from notifications.models import InboxMessage
from organisations.models import Region, User
from organisations.services import system_user
from tests.factories.deadlines import (
    DISTRICT,
    STREET,
    Desk,
    a_clock,
    a_desk,
    moment,
    notice_2027,
    workdays,
)
from tests.worker import same_house

pytestmark = pytest.mark.django_db
LOADED_AT = moment("2026-12-14")
AFTER_HOURS = moment("2026-12-18", "18:10")


@pytest.fixture
def desk() -> Desk:
    return a_desk()


def load(given: dict[str, Any] | None = None, at: datetime = LOADED_AT) -> Job:
    with freeze(at):
        return load_notice(actor=system_user("calendar"), notice=given or notice_2027()).job


def loaded_and_counted(at: datetime = LOADED_AT) -> Job:
    job = load(at=at)
    with freeze(at):
        return reproject(job_id=job.pk)


def fresh(clock: Clock) -> Clock:
    return Clock.objects.get(pk=clock.pk)


def calendar_messages() -> list[tuple[str, str]]:
    rows = InboxMessage.objects.filter(subject_kind="calendar").order_by("recipient__username")
    return list(rows.values_list("recipient__username", "title"))


def test_it_works(desk: Desk) -> None:
    clock = a_clock(desk, start="2026-12-10", promised=10, statutory=20)
    assert (clock.promised_due_on, clock.statutory_due_on) == (
        date(2026, 12, 24),
        date(2027, 1, 8),
    )
    assert clock.provisional
    job = loaded_and_counted()
    counted = fresh(clock)
    assert (counted.promised_due_on, counted.statutory_due_on) == (
        date(2026, 12, 24),
        date(2027, 1, 8),
    )
    assert not counted.provisional
    assert counted.calendar_id == current_edition().pk
    assert (job.state, job.report["changed"], job.report["moved"]) == (Job.State.DONE, 1, 0)
    assert list(verify_clocks()) == []


def test_a_moved_due_is_an_event_a_new_epoch_and_one_message(desk: Desk) -> None:
    clock = a_clock(desk, start="2026-12-22", promised=4, statutory=5)
    a_clock(desk, start="2026-12-22", promised=4, statutory=5, number="BG-2")
    before = clock.calendar_id
    job = loaded_and_counted(moment("2026-12-23"))
    counted = fresh(clock)
    assert (counted.promised_due_on, counted.statutory_due_on) == (
        date(2026, 12, 26),
        date(2026, 12, 28),
    )
    assert counted.epoch == 2
    event = clock.events.last()
    assert (event.verb, event.actor) == (Verb.RECOUNT, system_user("calendar"))
    assert "2027年部分节假日安排" in event.legal_basis
    assert event.data["previous"] == before
    assert event.data["statutory"] == ["2026-12-29", "2026-12-28"]
    assert chain_faults(ClockEvent.objects.for_subject(clock.pk)) == []
    assert calendar_messages() == [("dl_handler", "您负责的办理时限中有 2 个到期日有变化")]
    assert job.report["moved"] == 2
    assert continue_reprojection() is None
    assert len(calendar_messages()) == 1


def test_what_the_calendar_does_not_touch_keeps_its_row(desk: Desk) -> None:
    clock = a_clock(desk, start="2026-12-01", promised=3, statutory=5)
    loaded_and_counted(moment("2026-12-02"))
    counted = fresh(clock)
    assert (counted.calendar_id, counted.epoch) == (current_edition().pk, 1)
    assert clock.events.count() == 1
    assert calendar_messages() == []


def test_closed_clocks_keep_the_calendar_they_ended_on(desk: Desk) -> None:
    clocks = [a_clock(desk, start="2026-12-22", number=f"BG-{n}") for n in range(2)]
    with freeze(moment("2026-12-23")):
        finish_clock(clock_id=clocks[0].pk, actor=desk.handler)
        cancel_clock(clock_id=clocks[1].pk, actor=desk.handler, reason="撤回")
    job = loaded_and_counted(moment("2026-12-24"))
    assert job.progress_total == 0
    assert {fresh(clock).calendar_id for clock in clocks} == {clocks[0].calendar_id}
    assert list(verify_clocks()) == []


def test_a_rung_that_lies_ahead_again_may_be_reached_again(desk: Desk) -> None:
    clock = a_clock(desk, start="2026-12-03")
    sweep(at=end_of_day(date(2026, 12, 10)))
    assert fresh(clock).light == "yellow"
    region = Region.objects.get(pk=DISTRICT)
    with freeze(moment("2026-12-11")):
        closed = record_closure(
            actor=desk.head,
            region=region,
            first_on=date(2026, 12, 10),
            last_on=date(2026, 12, 11),
            reason="暴雨停办",
            legal_basis="突发事件应对法第73条",
        )
        reproject(job_id=closed.job.pk)
    counted = fresh(clock)
    assert (counted.promised_due_on, counted.light) == (date(2026, 12, 14), "amber")
    kept = StageFire.objects.of_epoch(counted).values_list("stage", flat=True)
    assert StageKey.YELLOW not in kept
    sweep(at=end_of_day(date(2026, 12, 14)))
    assert fresh(clock).light == "yellow"
    assert list(verify_clocks()) == []


def _facts(desk: Desk, number: str) -> SubjectFacts:
    return SubjectFacts("probe", "x", number, STREET, desk.department, handler=desk.handler)


def _free(
    desk: Desk,
    number: str,
    limit: Limit,
    *,
    roll: bool = False,
    at: datetime = AFTER_HOURS,
) -> Clock:
    with freeze(at):
        return start_clock(
            actor=desk.handler,
            subject=_facts(desk, number),
            statutory=limit,
            promised=None,
            end_roll=roll,
        )


def _at(day: str, verb: Callable[..., Any], clock: Clock, desk: Desk, **given: Any) -> None:
    with freeze(moment(day)):
        verb(clock_id=clock.pk, actor=desk.handler, **given)


def a_mixed_lot(desk: Desk) -> None:
    """Clocks of every unit and in every plight, walked there through the services."""
    told = {"ground": "听证", "legal_basis": "行政许可法第45条"}
    for number, day in enumerate(("2026-12-01", "2026-12-14", "2026-12-15", "2026-12-21")):
        for promised, statutory in ((5, 20), (None, 10), (8, None), (7, 7), (12, 30)):
            name = f"BG-{number}-{promised}-{statutory}"
            a_clock(desk, start=day, promised=promised, statutory=statutory, number=name)
            limits = {"promised": promised, "statutory": statutory, "number": f"S{name[1:]}"}
            a_clock(desk, start=day, served=True, **limits)
    for number, until in enumerate(("2026-12-28", "2027-01-11", "2027-02-18")):
        clock = a_clock(desk, start="2026-12-14", promised=10, number=f"P-{number}")
        _at("2026-12-16", pause_clock, clock, desk, told_until=date.fromisoformat(until), **told)
    clock = a_clock(desk, start="2026-12-14", promised=10, number="P-site")
    held = {"ground": "现场勘验", "legal_basis": "x", "stops_statute": False}
    _at("2026-12-16", pause_clock, clock, desk, told_until=date(2027, 1, 4), **held)
    clock = a_clock(desk, start="2026-12-14", promised=10, number="P-back")
    _at("2026-12-16", pause_clock, clock, desk, told_until=date(2026, 12, 30), **told)
    _at("2026-12-21", resume_clock, clock, desk)
    for number, both in enumerate((True, False)):
        clock = a_clock(desk, start="2026-12-14", promised=8, number=f"E-{number}")
        given = {"amount": 10, "reason": "案情复杂", "moves_promise": both}
        _at("2026-12-16", extend_clock, clock, desk, **given)
    limits = (
        Limit(300, Unit.HOUR),
        Limit(15, Unit.CALENDAR_DAY),
        Limit(2, Unit.MONTH),
        Limit(0, Unit.SAME_DAY),
        Limit(0, Unit.NAMED_DATE, date(2026, 12, 31)),
    )
    for number, limit in enumerate(limits):
        _free(desk, f"U-{number}", limit)
        _free(desk, f"R-{number}", limit, roll=True)
    for hour in ("09:00", "18:10"):
        _free(desk, hour, workdays(1), at=moment("2026-12-25", hour))
    sweep(at=moment("2026-12-24"))
    answered = Clock.objects.get(subject_number="BG-0-5-20")
    _at("2026-12-24", settle_unanswered, answered, desk)


def one_by_one(edition: CalendarVersion, actor: User, basis: str, at: datetime) -> None:
    """What the bulk path must equal: each clock through the single path of every verb."""
    dues = ("promised_due_on", "statutory_due_on", "promised_due_at", "statutory_due_at")
    for clock in Clock.objects.on_older_calendar(edition):
        previous, before = clock.calendar_id, {name: getattr(clock, name) for name in dues}
        clock.calendar = edition
        clock.save(update_fields=["calendar"])
        days = ServedDays(clock.promised_due_on, clock.statutory_due_on)
        course = with_served(course_of(clock), days, by_closure=False)
        seen = project(course, calendar_of(edition.pk))
        after, held = seen.dues, seen.dues != seen.counted
        expected = expected_columns(clock, course)
        if not held and all(getattr(clock, name) == value for name, value in expected.items()):
            continue
        data = {"calendar": edition.pk, "previous": previous}
        if held:
            counted = (seen.counted.promised_on, seen.counted.statutory_on)
            data["counted"] = [str(day or "") for day in counted]
        data |= {
            key: [str(before[f"{key}_due_on"] or ""), str(getattr(after, f"{key}_on") or "")]
            for key in ("promised", "statutory")
        }
        said = {"verb": Verb.RECOUNT, "legal_basis": basis, "data": data}
        ClockEvent.append(clock, actor=actor, at=at, **said)
        restate(clock, at)


def everything() -> list[Any]:
    """Every column of clocks, events and rungs, but for the keys of rungs and events."""
    clocks = list(Clock.objects.order_by("pk").values())
    events = [
        {name: value for name, value in row.items() if name != "id"}
        for row in ClockEvent.objects.order_by("clock", "seq").values()
    ]
    fires = [
        {name: value for name, value in row.items() if name != "id"}
        for row in StageFire.objects.order_by("clock", "epoch", "pk").values()
    ]
    return [clocks, events, fires]


def test_the_bulk_path_writes_the_rows_of_the_single_path(desk: Desk) -> None:
    a_mixed_lot(desk)
    at = moment("2026-12-25", "20:00")
    job = load(at=at)
    untouched = everything()
    with transaction.atomic():
        with freeze(at):
            one_by_one(current_edition(), job.created_by, job.payload["basis"], at)
        single = everything()
        transaction.set_rollback(True)
    assert everything() == untouched
    with freeze(at):
        done = reproject(job_id=job.pk)
    assert done.report["failed"] == {}
    for bulk_rows, single_rows in zip(everything(), single, strict=True):
        assert bulk_rows == single_rows
    assert done.report["changed"] > done.report["moved"] > 10
    assert StageFire.objects.filter(inherited=True).exists()
    assert list(verify_clocks()) == []
    for clock in Clock.objects.all():
        assert chain_faults(ClockEvent.objects.for_subject(clock.pk)) == []


def test_a_batch_costs_the_same_queries_whatever_its_size(desk: Desk) -> None:
    def cost(clocks: int) -> int:
        for number in range(clocks):
            a_clock(desk, start="2026-12-22", promised=4, number=f"BG-{number}")
        with transaction.atomic():
            job = load(at=moment("2026-12-23"))
            with CaptureQueriesContext(connection) as counted, freeze(moment("2026-12-23")):
                reproject(job_id=job.pk)
            transaction.set_rollback(True)
        return len(counted)

    cost(1)  # both editions are at hand from now on
    assert cost(3) == cost(30)


def test_a_clock_that_cannot_be_counted_is_named_and_stops_no_other(desk: Desk) -> None:
    broken = a_clock(desk, start="2026-12-22", promised=4, number="BG-broken")
    columns = {field.attname: getattr(broken, field.attname) for field in Clock._meta.fields}
    hollow = Clock.objects.create(**(columns | {"id": None}))
    job = loaded_and_counted(moment("2026-12-23"))
    assert (job.state, list(job.report["failed"])) == (Job.State.FAILED, [str(hollow.pk)])
    assert fresh(broken).calendar_id == current_edition().pk
    assert fresh(hollow).calendar_id == columns["calendar_id"]
    with freeze(moment("2026-12-23")):
        assert continue_reprojection() is None


def test_a_clock_started_beside_the_load_is_found_by_the_next_sweep(desk: Desk) -> None:
    clock = a_clock(desk, start="2026-12-22", promised=4)
    old = clock.calendar_id
    loaded_and_counted(moment("2026-12-23"))
    late = a_clock(desk, start="2026-12-22", promised=4, number="BG-late")
    Clock.objects.filter(pk=late.pk).update(calendar_id=old)
    with freeze(moment("2026-12-23")):
        sweep_clocks()
    assert fresh(late).calendar_id == current_edition().pk
    with freeze(moment("2026-12-23")):
        count_anew()
    assert Job.objects.filter(kind=bulk_room.KIND).count() == 2


def test_a_second_notice_before_the_first_is_counted_wins(desk: Desk) -> None:
    clock = a_clock(desk, start="2026-12-22", promised=4)
    first = load(at=moment("2026-12-23"))
    later = notice_2027()
    later["workdays"].remove("2026-12-26")
    second = load(later, at=moment("2026-12-23"))
    with freeze(moment("2026-12-23")):
        reproject(job_id=first.pk)
        reproject(job_id=second.pk)
    counted = fresh(clock)
    assert counted.calendar_id == second.payload["edition"]
    assert counted.events.filter(verb=Verb.RECOUNT).count() <= 1
    assert set(Job.objects.values_list("state", flat=True)) == {Job.State.DONE}
    assert list(verify_clocks()) == []


def test_whoever_listens_hears_of_every_moved_due(desk: Desk) -> None:
    heard: list[Any] = []

    def listen(moves: list[Any], **_said: Any) -> None:
        heard.extend(moves)

    clock = a_clock(desk, start="2026-12-22", promised=4, statutory=5)
    clocks_recounted.connect(listen)
    try:
        loaded_and_counted(moment("2026-12-23"))
    finally:
        clocks_recounted.disconnect(listen)
    [move] = heard
    assert (move.clock_id, move.statutory_before) == (clock.pk, date(2026, 12, 29))
    assert move.statutory_after == fresh(clock).statutory_due_on


def test_a_paused_clock_keeps_its_pause(desk: Desk) -> None:
    clock = a_clock(desk, start="2026-12-14", promised=10)
    with freeze(moment("2026-12-16")):
        pause_clock(
            clock_id=clock.pk,
            actor=desk.handler,
            ground="听证",
            legal_basis="行政许可法第45条",
            told_until=date(2027, 1, 11),
        )
    loaded_and_counted(moment("2026-12-17"))
    counted = fresh(clock)
    assert (counted.state, counted.told_until) == (ClockState.PAUSED, date(2027, 1, 11))
    assert counted.next_stage_at == end_of_day(date(2027, 1, 11))
    assert list(verify_clocks()) == []


KILLED = """
import os, signal, sys
from datetime import datetime
import django
django.setup()
from common import time
from deadlines.services import reprojecting as room
fatal, where = int(sys.argv[1]), sys.argv[2]
room.BATCH = 7
calls = 0
real = getattr(room, where)
def counted(*given, **named):
    global calls
    calls += 1
    if calls == fatal:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given, **named)
setattr(room, where, counted)
with time.freeze(datetime.fromisoformat(sys.argv[3])):
    room.continue_reprojection()
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_kill_9_at_any_point_loses_and_doubles_nothing(var_dir: Path) -> None:
    desk = a_desk()
    for number in range(30):
        a_clock(desk, start="2026-12-22", promised=4, statutory=5, number=f"BG-{number}")
    at = moment("2026-12-23")
    job = load(at=at)
    house = {
        **same_house(connection.settings_dict, var_dir),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    for fatal, where in (
        (1, "_write"),
        (2, "_add_up"),
        (3, "_recount"),
        (2, "_write"),
        (1, "_tell"),
    ):
        command = [sys.executable, "-c", KILLED, str(fatal), where, at.isoformat()]
        code = subprocess.run(command, cwd=BASE_DIR, env=house, check=False).returncode
        assert code == -signal.SIGKILL, where
    assert calendar_messages() == []
    with freeze(at):
        continue_reprojection()
    job.refresh_from_db()
    assert (job.state, job.report["moved"], job.progress_done) == (Job.State.DONE, 30, 30)
    assert ClockEvent.objects.filter(verb=Verb.RECOUNT).count() == 30
    assert set(Clock.objects.values_list("epoch", flat=True)) == {2}
    assert calendar_messages() == [("dl_handler", "您负责的办理时限中有 30 个到期日有变化")]
    assert list(verify_clocks()) == []
    for clock in Clock.objects.all():
        assert chain_faults(ClockEvent.objects.for_subject(clock.pk)) == []


def test_the_sweep_of_the_command_line_finishes_a_broken_count(desk: Desk) -> None:
    clock = a_clock(desk, start="2026-12-22", promised=4, statutory=5)
    with freeze(moment("2026-12-23")):
        load_notice(actor=desk.supervisor, notice=notice_2027())
        call_command("sweep", "--once")
    assert fresh(clock).calendar_id == current_edition().pk
    assert continue_reprojection() is None
