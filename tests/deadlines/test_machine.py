"""Whatever order acts come in: stored = recomputed, a closed clock never turns red, dues only
move the way an act may move them."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from common.errors import DomainError
from common.events import chain_faults
from common.time import freeze, local_date
from deadlines.choices import RED_STAGES, ClockState
from deadlines.models import Clock, ClockEvent, ClockRule, StageFire
from deadlines.services import (
    SubjectFacts,
    current_edition,
    extend_clock,
    finish_clock,
    load_notice,
    pause_clock,
    record_closure,
    reproject,
    resume_clock,
    retell_pause,
    start_clock,
    sweep,
    verify_clocks,
)
from organisations.models import Region
from organisations.services import system_user
from tests.factories.deadlines import DISTRICT, STREET, Desk, a_desk, moment, notice_2027, workdays

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MOST_CLOCKS = 4
GROUNDS = (("听证", True, True), ("检测", True, True), ("现场勘验", False, True))
Dues = tuple[datetime | None, datetime | None]


class Clockwork(RuleBasedStateMachine):
    """A desk with a few clocks, a calendar that changes, and time that only goes on."""

    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.desk: Desk = a_desk()
        self.now = moment("2026-12-01")
        self.known: dict[int, Dues] = {}
        self.closed: dict[int, dict[str, Any]] = {}
        self.printed: dict[int, Dues] = {}
        self.notice = notice_2027()
        self.notices = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @contextmanager
    def acting(self, act: str) -> Iterator[None]:
        """An act at the present moment; what the rules refuse changes nothing."""
        before = self.rows()
        with freeze(self.now):
            try:
                with transaction.atomic():
                    yield
                self.done[act] += 1
            except DomainError:
                assert self.rows() == before

    def rows(self) -> list[Any]:
        return [
            list(Clock.objects.order_by("pk").values()),
            list(ClockEvent.objects.order_by("pk").values_list("pk", "mac")),
            list(StageFire.objects.order_by("pk").values()),
        ]

    def dues(self, clock_id: int) -> Dues:
        clock = Clock.objects.get(pk=clock_id)
        return clock.promised_due_at, clock.statutory_due_at

    def moved(self, clock_id: int, allowed: Callable[[datetime, datetime], bool]) -> None:
        """Both dues moved as an act of this kind may move them."""
        before, after = self.known[clock_id], self.dues(clock_id)
        for old, new in zip(before, after, strict=True):
            assert (old is None) == (new is None)
            assert old is None or new is None or allowed(old, new)
        self.known[clock_id] = after

    def open_clock(self, place: int) -> int | None:
        keys = list(Clock.objects.open().order_by("pk").values_list("pk", flat=True))
        return keys[place % len(keys)] if keys else None

    def stopped_clock(self, place: int) -> int | None:
        """One that is paused, where there is any; else one on which the act must be refused."""
        paused = Clock.objects.filter(state=ClockState.PAUSED).order_by("pk")
        keys = list(paused.values_list("pk", flat=True))
        return keys[place % len(keys)] if keys else self.open_clock(place)

    @initialize()
    def a_first_clock(self) -> None:
        self.start(promised=5, statutory=20, with_rule=True)
        self.start(promised=None, statutory=30, with_rule=False)
        self.start(promised=10, statutory=None, with_rule=False, served=True)
        self.pause(2, 15, GROUNDS[0])

    @precondition(lambda self: len(self.known) < MOST_CLOCKS)
    @rule(
        promised=st.none() | st.integers(0, 25),
        statutory=st.none() | st.integers(0, 30),
        with_rule=st.booleans(),
        served=st.booleans(),
    )
    def start(
        self,
        promised: int | None,
        statutory: int | None,
        *,
        with_rule: bool,
        served: bool = False,
    ) -> None:
        number = str(len(self.known))
        facts = SubjectFacts(
            "probe", "x", number, STREET, self.desk.department, handler=self.desk.handler
        )
        chosen = ClockRule.objects.current("APP-07", local_date(self.now)) if with_rule else None
        with self.acting("start"):
            clock = start_clock(
                actor=self.desk.handler,
                subject=facts,
                statutory=workdays(statutory),
                promised=workdays(promised),
                rule=chosen,
                served=served,
            )
            self.known[clock.pk] = (clock.promised_due_at, clock.statutory_due_at)
            assert clock.due_at >= self.now
            if served:
                self.printed[clock.pk] = self.known[clock.pk]

    @rule(days=st.integers(0, 4), hours=st.integers(0, 23))
    def wait(self, days: int, hours: int) -> None:
        self.now += timedelta(days=days, hours=hours)

    @rule()
    def sweep_all(self) -> None:
        with freeze(self.now):
            result = sweep(at=self.now)
        assert not result.failed
        assert not Clock.objects.with_stage_due(self.now).exists()

    @rule(place=st.integers(0, 9), days=st.integers(0, 25), ground=st.sampled_from(GROUNDS))
    def pause(self, place: int, days: int, ground: tuple[str, bool, bool]) -> None:
        if (key := self.open_clock(place)) is None:
            return
        name, statute, promise = ground
        with self.acting("pause"):
            pause_clock(
                clock_id=key,
                actor=self.desk.handler,
                ground=name,
                legal_basis="x",
                told_until=local_date(self.now) + timedelta(days=days),
                stops_statute=statute,
                stops_promise=promise,
            )
            self.printed.pop(key, None)
        self.moved(key, lambda old, new: new >= old)

    @rule(place=st.integers(0, 9), days=st.integers(1, 20))
    def retell(self, place: int, days: int) -> None:
        if (key := self.stopped_clock(place)) is None:
            return
        told = Clock.objects.get(pk=key).told_until or local_date(self.now)
        until = told + timedelta(days=days)
        with self.acting("retell"):
            retell_pause(clock_id=key, actor=self.desk.handler, told_until=until)
        self.moved(key, lambda old, new: new >= old)

    @rule(place=st.integers(0, 9))
    def resume(self, place: int) -> None:
        if (key := self.stopped_clock(place)) is None:
            return
        with self.acting("resume"):
            resume_clock(clock_id=key, actor=self.desk.handler)
        self.moved(key, lambda old, new: new <= old)

    @rule(place=st.integers(0, 9), amount=st.integers(-1, 12), promise=st.booleans())
    def extend(self, place: int, amount: int, *, promise: bool) -> None:
        if (key := self.open_clock(place)) is None:
            return
        with self.acting("extend"):
            extend_clock(
                clock_id=key,
                actor=self.desk.head,
                amount=amount,
                reason="案情复杂",
                moves_promise=promise,
            )
            self.printed.pop(key, None)
        self.moved(key, lambda old, new: new >= old)

    @precondition(lambda self: self.notices < 3)
    @rule(rest=st.sampled_from(("2027-01-04", "2027-01-05", "2027-01-06")))
    def load(self, rest: str) -> None:
        """A notice, or a corrected one: first the months before, then more or fewer days."""
        self.notice["holidays"][0]["to"] = rest
        self.notices += 1
        self.count_anew(
            "load", lambda: load_notice(actor=system_user("calendar"), notice=self.notice)
        )

    @rule(shift=st.integers(-3, 20))
    def shut(self, shift: int) -> None:
        day = local_date(self.now) + timedelta(days=shift)
        given = {"reason": "暴雨停办", "legal_basis": "突发事件应对法第73条"}
        days = {"first_on": day, "last_on": day}
        region = Region.objects.get(pk=DISTRICT)
        self.printed.clear()
        self.count_anew(
            "shut",
            lambda: record_closure(actor=self.desk.head, region=region, **days, **given),
            allowed=lambda old, new: new >= old,
        )

    def count_anew(
        self,
        name: str,
        act: Callable[[], Any],
        allowed: Callable[[datetime, datetime], bool] = lambda _old, _new: True,
    ) -> None:
        with self.acting(name):
            job = reproject(job_id=act().job.pk)
            assert job.report["failed"] == {}
        for key in Clock.objects.open().values_list("pk", flat=True):
            self.moved(key, allowed)
        assert not Clock.objects.on_older_calendar(current_edition()).exists()

    @rule(place=st.integers(0, 9))
    def finish(self, place: int) -> None:
        if (key := self.open_clock(place)) is None:
            return
        with freeze(self.now):
            done = finish_clock(clock_id=key, actor=self.desk.handler)
        assert done.state == ClockState.FINISHED
        self.moved(key, lambda old, new: new <= old)
        self.closed[key] = self.closing_facts(key)
        self.done["finish"] += 1

    def closing_facts(self, key: int) -> dict[str, Any]:
        row = Clock.objects.values().get(pk=key)
        red = StageFire.objects.filter(clock_id=key, stage__in=RED_STAGES).count()
        return row | {"red": red, "fires": StageFire.objects.filter(clock_id=key).count()}

    @invariant()
    def stored_is_recomputed(self) -> None:
        assert list(verify_clocks()) == []

    @invariant()
    def a_closed_clock_never_changes_again(self) -> None:
        for key, facts in self.closed.items():
            assert self.closing_facts(key) == facts

    @invariant()
    def a_unit_is_held_to_what_it_printed(self) -> None:
        """Unless a pause, an extension or a closure was told since."""
        for key, printed in self.printed.items():
            for paper, due in zip(printed, self.dues(key), strict=True):
                assert paper is None or due is None or due <= paper

    @invariant()
    def the_promise_ends_no_later_than_the_statute(self) -> None:
        for clock in Clock.objects.all():
            promise, statute = clock.promised_due_at, clock.statutory_due_at
            assert promise is None or statute is None or promise <= statute
            assert chain_faults(ClockEvent.objects.for_subject(clock.pk)) == []


def test_it_works() -> None:
    Clockwork.done.clear()
    run_state_machine_as_test(
        Clockwork,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            # The same walks every time: a red run can be repeated, and no act is missed by chance.
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    acts = {"start", "pause", "retell", "resume", "extend", "load", "shut", "finish"}
    assert acts <= set(Clockwork.done), "an act the machine never gets done proves nothing"


def test_the_machine_can_fail() -> None:
    """A due that was written over is found by the machine's own invariant."""
    machine = Clockwork()
    try:
        machine.a_first_clock()
        machine.stored_is_recomputed()
        Clock.objects.update(promised_due_on=date(2027, 3, 1))
        with pytest.raises(AssertionError):
            machine.stored_is_recomputed()
    finally:
        machine.teardown()
