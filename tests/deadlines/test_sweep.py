"""The sweep: every stage once, in order, to the right people, whatever goes wrong."""

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections

from common.time import end_of_day, freeze
from deadlines.choices import Light, StageKey, Verb
from deadlines.models import Clock, ClockEvent, StageFire, SweepRun
from deadlines.registry import SubjectLink, register_subject
from deadlines.rules import WorkCalendar
from deadlines.services import finish_clock, sweep, verify_clocks
from deadlines.services.firing import fire_one
from deadlines.services.sweeping import rest_after
from deadlines.signals import stage_fired
from deadlines.tasks import sweep_clocks
from notifications.models import InboxMessage
from organisations.models import Absence, User
from organisations.services import system_user
from tests.factories.deadlines import Desk, a_clock, a_desk, moment
from tests.forked import signal_that_ended

pytestmark = pytest.mark.django_db
YELLOW_AT = end_of_day(date(2021, 12, 10))


def links(ids: Any) -> dict[int, SubjectLink]:
    return {pk: SubjectLink("事项", f"/admin/case/{pk}/") for pk in ids}


register_subject("linked", links)


@pytest.fixture
def desk() -> Desk:
    return a_desk()


@pytest.fixture
def hearer() -> Iterator[list[Any]]:
    """Connects what a test puts in as a receiver of stage_fired."""
    connected: list[Any] = []

    class Ears(list[Any]):
        def append(self, receiver: Any) -> None:
            stage_fired.connect(receiver)
            connected.append(receiver)

    yield Ears()
    for receiver in connected:
        stage_fired.disconnect(receiver)


def stages(clock: Clock) -> list[str]:
    fires = StageFire.objects.filter(clock=clock).order_by("pk")
    return list(fires.values_list("stage", flat=True))


def inbox(user: User) -> list[str]:
    return list(
        InboxMessage.objects.visible_to(user).order_by("pk").values_list("title", flat=True)
    )


def test_it_works(desk: Desk) -> None:
    clock = a_clock(desk)
    assert sweep(at=moment("2021-12-08", "17:29")).fired == 0
    assert sweep(at=moment("2021-12-08", "17:30")).fired == 1
    assert stages(clock) == [StageKey.REMIND]
    assert len(inbox(desk.handler)) == 1
    assert inbox(desk.head) == []
    assert sweep(at=moment("2021-12-08", "17:31")).fired == 0


def test_the_whole_ladder_of_the_design(desk: Desk) -> None:
    clock = a_clock(desk)
    at, seen = moment("2021-12-04", "00:00"), []
    while at < moment("2022-01-07", "00:01"):
        seen += [(fire.stage, fire.fired_at) for fire in sweep(at=at).fires]
        at += timedelta(minutes=30)
    assert seen == [
        ("remind", moment("2021-12-08", "17:30")),
        ("warn", moment("2021-12-09", "17:30")),
        ("yellow", end_of_day(date(2021, 12, 10))),
        ("red_unanswered", end_of_day(date(2021, 12, 14))),
        ("escalate", end_of_day(date(2021, 12, 16))),
        ("warn_statute", moment("2021-12-30", "17:30")),
        ("red_statute", end_of_day(date(2021, 12, 31))),
    ]
    clock.refresh_from_db()
    assert (clock.light, clock.next_stage_at) == (Light.RED, None)
    assert list(verify_clocks()) == []
    verbs = ClockEvent.objects.filter(clock=clock, verb=Verb.STAGE).count()
    assert verbs == len(seen)


def test_who_is_told_what(desk: Desk) -> None:
    a_clock(desk)
    sweep(at=YELLOW_AT)
    assert len(inbox(desk.head)) == 1
    assert inbox(desk.supervisor) == []
    sweep(at=end_of_day(date(2021, 12, 14)))
    assert len(inbox(desk.supervisor)) == 1
    assert inbox(desk.clerk) == inbox(desk.stranger) == []


def test_the_b_post_stands_in_at_once(desk: Desk) -> None:
    a_clock(desk)
    Absence.objects.create(
        user=desk.handler, starts_on=date(2021, 12, 8), ends_on=date(2021, 12, 8)
    )
    sweep(at=moment("2021-12-08", "18:00"))
    assert inbox(desk.handler) == []
    assert len(inbox(desk.stand_in)) == 1
    sweep(at=moment("2021-12-09", "18:00"))
    assert len(inbox(desk.handler)) == 1


def test_a_clock_without_handler_reaches_the_post_and_the_unit(desk: Desk) -> None:
    a_clock(desk, handler=None, post=desk.post)
    a_clock(desk, handler=None, number="BG-2")
    sweep(at=moment("2021-12-08", "18:00"))
    assert len(inbox(desk.handler)) == 2


def test_downtime_is_caught_up_in_order_with_one_message(desk: Desk) -> None:
    clock = a_clock(desk)
    back = moment("2021-12-20", "08:00")
    sweep(at=back)
    fires = list(StageFire.objects.filter(clock=clock).order_by("pk"))
    assert [fire.stage for fire in fires] == ["remind", "warn", "yellow"]
    assert fires[2].late_by == back - YELLOW_AT
    assert len(inbox(desk.handler)) == 1
    body = InboxMessage.objects.visible_to(desk.handler).get().body
    assert [line[:2] for line in body.splitlines()] == ["黄牌", "预警", "提醒"]
    assert len(InboxMessage.objects.visible_to(desk.head).get().body.splitlines()) == 1
    clock.refresh_from_db()
    assert clock.next_stage_at == end_of_day(date(2021, 12, 22))


def test_a_message_leads_to_its_matter(desk: Desk) -> None:
    clock = a_clock(desk, kind="linked")
    sweep(at=moment("2021-12-08", "18:00"))
    message = InboxMessage.objects.get()
    assert (message.link, message.subject_kind) == (f"/admin/case/{clock.pk}/", "linked")


def test_a_closed_clock_never_turns_red(desk: Desk) -> None:
    clock = a_clock(desk)
    with freeze(moment("2021-12-07")):
        finish_clock(clock_id=clock.pk, actor=desk.handler)
    assert sweep(at=moment("2023-01-01")).fired == 0
    assert fire_one(clock.pk, moment("2023-01-01"), system_user("sweep")) is None
    assert StageFire.objects.count() == 0


def test_a_clock_finished_between_scan_and_claim_does_not_fire(
    desk: Desk, hearer: list[Any]
) -> None:
    first, second = a_clock(desk), a_clock(desk, number="BG-2")

    def finish_the_other(clock: Clock, **_kwargs: Any) -> None:
        if clock.pk == first.pk:
            with freeze(moment("2021-12-06")):
                finish_clock(clock_id=second.pk, actor=desk.handler)

    hearer.append(finish_the_other)
    sweep(at=moment("2021-12-08", "18:00"))
    assert stages(second) == []


def test_a_clock_that_raises_is_put_aside_and_the_others_go_on(
    desk: Desk, hearer: list[Any]
) -> None:
    bad, good = a_clock(desk), a_clock(desk, number="BG-2")

    def refuse(clock: Clock, **_kwargs: Any) -> None:
        if clock.pk == bad.pk:
            raise RuntimeError("纸用完了")

    hearer.append(refuse)
    at = moment("2021-12-08", "18:00")
    result = sweep(at=at)
    assert (result.failed, result.fired) == ([bad.pk], 1)
    bad.refresh_from_db()
    assert (bad.failures, bad.aside_until) == (1, at + timedelta(minutes=1))
    assert "纸用完了" in bad.last_error
    assert stages(bad) == []
    assert inbox(desk.handler) == ["提醒：BG-2 残疾人证办理"]
    assert sweep(at=at + timedelta(seconds=30)).failed == []
    assert sweep(at=at + timedelta(minutes=2)).failed == [bad.pk]
    stage_fired.disconnect(refuse)
    assert sweep(at=at + timedelta(minutes=10)).fired == 1
    bad.refresh_from_db()
    assert (bad.failures, bad.aside_until, bad.last_error) == (0, None, "")
    assert stages(good) == [StageKey.REMIND]


def test_the_rest_doubles_up_to_an_hour() -> None:
    assert [rest_after(n).total_seconds() for n in (1, 2, 3, 7, 30)] == [60, 120, 240, 3600, 3600]


class Killed(BaseException):
    """Stands for kill -9: nothing after it runs, and the transaction is lost."""


def test_a_kill_between_claim_and_commit_fires_once_later(desk: Desk, hearer: list[Any]) -> None:
    clock = a_clock(desk)

    def die(**_kwargs: Any) -> None:
        raise Killed

    hearer.append(die)
    at = moment("2021-12-08", "18:00")
    with pytest.raises(Killed):
        sweep(at=at)
    assert stages(clock) == []
    assert InboxMessage.objects.count() == 0
    stage_fired.disconnect(die)
    assert sweep(at=at).fired == 1
    assert sweep(at=at).fired == 0
    assert len(inbox(desk.handler)) == 1


def test_a_kill_between_two_stages_loses_no_message(desk: Desk, hearer: list[Any]) -> None:
    clock = a_clock(desk)

    def die_at_yellow(fire: StageFire, **_kwargs: Any) -> None:
        if fire.stage == StageKey.YELLOW:
            raise Killed

    hearer.append(die_at_yellow)
    with pytest.raises(Killed):
        sweep(at=YELLOW_AT)
    assert stages(clock) == ["remind", "warn"]
    stage_fired.disconnect(die_at_yellow)
    sweep(at=YELLOW_AT + timedelta(minutes=1))
    assert stages(clock) == ["remind", "warn", "yellow"]
    message = InboxMessage.objects.visible_to(desk.handler).get()
    assert len(message.body.splitlines()) == 3


def test_a_stage_already_claimed_is_not_fired_again(desk: Desk) -> None:
    clock = a_clock(desk)
    sweep(at=moment("2021-12-08", "18:00"))
    plan = {"remind": moment("2021-12-08", "17:30").isoformat()} | clock.plan
    Clock.objects.filter(pk=clock.pk).update(plan=plan, next_stage_at=moment("2021-12-08", "17:30"))
    assert sweep(at=moment("2021-12-08", "19:00")).fired == 0
    assert list(verify_clocks()) == []


def test_more_clocks_than_a_page(desk: Desk) -> None:
    for number in range(7):
        a_clock(desk, number=f"BG-{number}")
    result = sweep(at=moment("2021-12-08", "18:00"), limit=3)
    assert (result.clocks, result.fired) == (7, 7)


def test_the_heartbeat(desk: Desk) -> None:
    a_clock(desk)
    with freeze(moment("2021-12-01")):
        sweep()
    with freeze(moment("2021-12-08", "18:00")):
        assert sweep_clocks() == 1
    run = SweepRun.objects.get()
    assert (run.fired, run.clocks, run.finished_at) == (1, 1, moment("2021-12-08", "18:00"))
    assert SweepRun.objects.last_finished() == run


def test_the_due_scan_uses_its_index(desk: Desk) -> None:
    plan = Clock.objects.with_stage_due(moment("2021-12-08")).values_list("pk").explain()
    assert "COVERING INDEX clock_next_stage" in plan or connection.vendor == "postgresql"
    assert "TEMP B-TREE" not in plan


def test_a_rehearsal_shows_and_changes_nothing(desk: Desk, capsys: Any) -> None:
    clock = a_clock(desk)
    call_command("sweep", at="2021-12-11T00:00")
    out = capsys.readouterr().out
    assert [line.split("  ")[1] for line in out.splitlines()[:3]] == ["提醒", "预警", "黄牌"]
    assert stages(clock) == []
    assert InboxMessage.objects.count() == SweepRun.objects.count() == 0


def test_once_from_the_command_line(desk: Desk, capsys: Any) -> None:
    clock = a_clock(desk)
    with freeze(moment("2021-12-08", "18:00")):
        call_command("sweep", "--once")
    assert stages(clock) == [StageKey.REMIND]
    assert "1" in capsys.readouterr().out


def test_verify_from_the_command_line(desk: Desk, capsys: Any) -> None:
    clock = a_clock(desk)
    call_command("verify_clocks")
    Clock.objects.filter(pk=clock.pk).update(due_on=date(2021, 12, 9))
    with pytest.raises(SystemExit) as end:
        call_command("verify_clocks")
    assert end.value.code == 1
    assert "due_on" in capsys.readouterr().out


def race(count: int, at: Any) -> list[Any]:
    barrier, results = threading.Barrier(count), []

    def run() -> None:
        try:
            barrier.wait()
            results.append(sweep(at=at))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_four_racing_sweepers_fire_everything_once() -> None:
    desk = a_desk()
    system_user("sweep")
    clocks = [a_clock(desk, number=f"BG-{number}") for number in range(40)]
    results = race(4, YELLOW_AT)
    assert len(results) == 4
    assert [result.failed for result in results] == [[], [], [], []]
    sweep(at=YELLOW_AT)
    fires = Counter(StageFire.objects.values_list("clock_id", "stage"))
    assert len(fires) == 3 * len(clocks)
    assert set(fires.values()) == {1}
    told = Counter(
        InboxMessage.objects.visible_to(desk.handler).values_list("subject_id", flat=True)
    )
    assert len(told) == len(clocks)
    assert sum(told.values()) == len(clocks)
    assert sum(result.fired for result in results) == 3 * len(clocks)
    assert list(verify_clocks()) == []


def test_a_calendar_is_read_once_a_process(desk: Desk, monkeypatch: Any) -> None:
    a_clock(desk)

    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr(WorkCalendar, "__init__", refuse)
    assert sweep(at=moment("2021-12-08", "18:00")).fired == 1


def sweep_and_die(at: Any, stage: str) -> None:
    """Sweep; SIGKILL while ``stage`` is being reached."""

    def die(fire: StageFire, **_kwargs: Any) -> None:
        if fire.stage == stage:
            os.kill(os.getpid(), signal.SIGKILL)

    stage_fired.connect(die)
    sweep(at=at)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stage", [StageKey.REMIND, StageKey.YELLOW])
def test_a_killed_process_loses_and_doubles_nothing(stage: str) -> None:
    clock = a_clock(a_desk())
    assert signal_that_ended(lambda: sweep_and_die(YELLOW_AT, stage)) == signal.SIGKILL
    before = {StageKey.REMIND: [], StageKey.YELLOW: ["remind", "warn"]}[StageKey(stage)]
    assert stages(clock) == before
    sweep(at=YELLOW_AT + timedelta(minutes=1))
    assert stages(clock) == ["remind", "warn", "yellow"]
    assert InboxMessage.objects.filter(subject_id=str(clock.pk)).count() == 2
    assert list(verify_clocks()) == []
