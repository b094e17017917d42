"""What cannot be right is refused in clear words, and nothing has changed."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from common.errors import DomainError
from common.time import end_of_day, freeze, now
from deadlines.choices import Unit
from deadlines.errors import (
    ActInFuture,
    ClockClosed,
    ExtensionRefused,
    InvalidLimit,
    NotPaused,
    PauseRefused,
    PromiseOverStatute,
    StartInFuture,
)
from deadlines.models import Clock, ClockEvent, ClockRule, StageFire
from deadlines.rules import Limit
from deadlines.services import (
    SubjectFacts,
    extend_clock,
    finish_clock,
    load_shipped_rules,
    pause_clock,
    resume_clock,
    retell_pause,
    start_clock,
)
from deadlines.services.calendars import DATA
from deadlines.services.laws import rule_faults, shipped_rules
from tests.factories.deadlines import STREET, Desk, a_clock, a_desk, moment, workdays

pytestmark = pytest.mark.django_db
DOMAIN_COPY = settings.BASE_DIR.parent / "shared" / "domain" / "rules" / "deadlines.csv"
Act = Callable[[Clock, Desk], Any]


@pytest.fixture
def desk() -> Desk:
    return a_desk()


def rows() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Clock, ClockEvent, StageFire)]


def extend(clock: Clock, desk: Desk, amount: int, **more: Any) -> Clock:
    return extend_clock(clock_id=clock.pk, actor=desk.head, amount=amount, reason="复杂", **more)


def pause(clock: Clock, desk: Desk, days: int, **more: Any) -> Clock:
    given = {"ground": "听证", "legal_basis": "行政许可法第45条"} | more
    told = now().date() + timedelta(days=days)
    return pause_clock(clock_id=clock.pk, actor=desk.handler, told_until=told, **given)


def a_second_extension(clock: Clock, desk: Desk) -> None:
    extend(clock, desk, 5)
    before = rows()
    try:
        extend(clock, desk, 1)
    finally:
        assert rows() == before


ACTS: list[tuple[str, Act, type[DomainError], str]] = [
    ("2021-12-06", lambda c, d: extend(c, d, 11), ExtensionRefused, "10"),
    ("2021-12-06", lambda c, d: extend(c, d, 0), ExtensionRefused, "10"),
    ("2021-12-06", lambda c, d: extend(c, d, -3), ExtensionRefused, "10"),
    ("2021-12-06", a_second_extension, ExtensionRefused, "延长"),
    ("2022-01-01", lambda c, d: extend(c, d, 5), ExtensionRefused, "届满"),
    ("2021-12-06", lambda c, d: pause(c, d, 5, ground="领导出差"), PauseRefused, "法律"),
    (
        "2021-12-06",
        lambda c, d: pause(c, d, 5, ground="领导出差", stops_statute=False),
        PauseRefused,
        "法律",
    ),
    ("2021-12-06", lambda c, d: pause(c, d, 5, ground="现场勘验"), PauseRefused, "承诺"),
    ("2021-12-06", lambda c, d: pause(c, d, -1), PauseRefused, "早于"),
    ("2022-01-04", lambda c, d: pause(c, d, 5), PauseRefused, "届满"),
    (
        "2021-12-06",
        lambda c, d: pause(c, d, 5, at=moment("2021-12-02")),
        PauseRefused,
        "时限",
    ),
    (
        "2021-12-06",
        lambda c, d: pause(c, d, 9, at=moment("2021-12-07")),
        ActInFuture,
        "将来",
    ),
    (
        "2021-12-06",
        lambda c, d: resume_clock(clock_id=c.pk, actor=d.handler),
        NotPaused,
        "暂停",
    ),
    (
        "2021-12-06",
        lambda c, d: retell_pause(clock_id=c.pk, actor=d.handler, told_until=date(2021, 12, 9)),
        NotPaused,
        "暂停",
    ),
]


@pytest.mark.parametrize(("day", "act", "error", "word"), ACTS)
def test_it_works(desk: Desk, day: str, act: Act, error: type[DomainError], word: str) -> None:
    """Each refusal says why in a clerk's words, and leaves clock, events and rungs alone."""
    clock = a_clock(desk)
    before = rows()
    with freeze(moment(day)), pytest.raises(error) as refusal, transaction.atomic():
        act(clock, desk)
    assert word in refusal.value.message
    assert refusal.value.code == error.code
    assert rows() == before


def test_a_pause_that_ends_before_it_began_is_refused(desk: Desk) -> None:
    clock = a_clock(desk)
    with freeze(moment("2021-12-08")):
        pause(clock, desk, 5)
        before = rows()
        with pytest.raises(PauseRefused):
            resume_clock(clock_id=clock.pk, actor=desk.handler, at=moment("2021-12-06"))
        assert rows() == before


def test_a_closed_clock_takes_no_act(desk: Desk) -> None:
    clock = a_clock(desk)
    with freeze(moment("2021-12-08")):
        finish_clock(clock_id=clock.pk, actor=desk.handler)
        before = rows()
        for act in (lambda: extend(clock, desk, 5), lambda: pause(clock, desk, 5)):
            with pytest.raises(ClockClosed):
                act()
        assert rows() == before


def begin(desk: Desk, **given: Any) -> Clock:
    facts = SubjectFacts("probe", "x", "1", STREET, desk.department)
    limits = {"statutory": workdays(20), "promised": workdays(5)} | given
    return start_clock(actor=desk.handler, subject=facts, **limits)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"started_at": moment("2021-12-03", "09:01")}, StartInFuture),
        ({"statutory": None, "promised": None}, InvalidLimit),
        ({"promised": workdays(21)}, PromiseOverStatute),
        (
            {"statutory": Limit(0, Unit.NAMED_DATE, date(2021, 12, 2)), "promised": None},
            InvalidLimit,
        ),
        ({"statutory": workdays(20_000), "promised": None}, DomainError),
    ],
)
def test_a_clock_that_cannot_run_does_not_start(
    desk: Desk, given: dict[str, Any], error: type[DomainError]
) -> None:
    with freeze(moment("2021-12-03")), pytest.raises(error) as refusal:
        begin(desk, **given)
    assert refusal.value.message
    assert not Clock.objects.exists()
    assert not ClockEvent.objects.exists()


def test_a_longer_promise_in_another_unit_ends_with_the_statute(desk: Desk) -> None:
    with freeze(moment("2021-12-03")):
        clock = begin(desk, promised=Limit(1, Unit.MONTH), statutory=workdays(5))
    assert clock.promised_due_at == clock.statutory_due_at


@pytest.mark.parametrize("unit", [Unit.WORKDAY, Unit.CALENDAR_DAY, Unit.HOUR, Unit.MONTH])
def test_a_negative_limit_is_none(unit: Unit) -> None:
    with pytest.raises(InvalidLimit) as refusal:
        Limit(-1, unit)
    assert "时限" in refusal.value.message


def test_a_limit_that_has_just_run_out_is_not_extended(desk: Desk) -> None:
    clock = a_clock(desk)
    over = end_of_day(date(2021, 12, 31))
    with freeze(over), pytest.raises(ExtensionRefused):
        extend(clock, desk, 5)
    with freeze(over - timedelta(seconds=1)):
        assert extend(clock, desk, 5).epoch == 2


def test_every_rule_of_the_law_file_stands() -> None:
    """Each row of the shipped file is a rule with the same values; none is left out."""
    with (DATA / "rules.csv").open(encoding="utf-8") as stream:
        given = list(csv.DictReader(stream))
    assert not rule_faults(given)
    assert ClockRule.objects.count() == len(given) == 62
    for code, values in shipped_rules():
        stored = ClockRule.objects.get(code=code)
        assert {name: getattr(stored, name) for name in values} == values
    for row in given:
        stored = ClockRule.objects.get(code=row["rule_id"])
        assert str(stored.amount if stored.amount is not None else "") == row["limit"]
        assert stored.is_verified == (row["confidence"] == "verified" and bool(row["law_file"]))


@pytest.mark.skipif(not DOMAIN_COPY.exists(), reason="the sources are not at hand")
def test_the_shipped_rules_are_those_of_the_domain() -> None:
    assert (DATA / "rules.csv").read_bytes() == DOMAIN_COPY.read_bytes()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"limit": "-1"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"unit": "YEAR"}, "unit"),
        ({"promise": "99"}, "promise"),
        ({"debtor": "nobody"}, "debtor"),
        ({"direction": "sideways"}, "direction"),
        ({"kind": "wish"}, "kind"),
        ({"effective_from": "2021-13-01"}, "effective_from"),
        ({"effective_from": "2022-01-01", "effective_to": "2021-01-01"}, "effective_to"),
        ({"ext_amount": "5", "ext_unit": ""}, "ext_unit"),
        ({"rule_id": ""}, "rule_id"),
    ],
)
def test_a_faulty_rule_is_reported_and_stops_no_other(change: dict[str, str], named: str) -> None:
    with (DATA / "rules.csv").open(encoding="utf-8") as stream:
        given = list(csv.DictReader(stream))
    bad = next(row for row in given if row["rule_id"] == "APP-07")
    bad |= change
    [fault] = rule_faults(given)
    assert fault.startswith(bad["rule_id"])
    assert named in fault
    ClockRule.objects.all().delete()
    assert load_shipped_rules(given) == 61


def test_a_rule_named_twice_is_reported() -> None:
    with (DATA / "rules.csv").open(encoding="utf-8") as stream:
        given = list(csv.DictReader(stream))
    assert len(rule_faults([*given, given[0]])) == 1


def test_the_database_itself_refuses_a_promise_over_the_statute() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockRule.objects.filter(code="APP-07").update(promise=21)


def test_the_rule_of_the_start_day_governs_whatever_comes_later(desk: Desk) -> None:
    clock = a_clock(desk, promised=None)
    ClockRule.objects.filter(code="APP-07").update(effective_to=date(2021, 12, 31))
    newer = ClockRule.objects.get(code="APP-07")
    newer.pk, newer.version, newer.amount = None, 2, 10
    newer.effective_from, newer.effective_to = date(2022, 1, 1), None
    newer.save(force_insert=True)
    current = ClockRule.objects.current
    assert current("APP-07", date(2021, 12, 31)).amount == 20
    assert current("APP-07", date(2022, 1, 1)).amount == 10
    fresh = Clock.objects.get(pk=clock.pk)
    assert (fresh.rule.amount, fresh.statutory_due_on) == (20, clock.statutory_due_on)
    assert fresh.snapshot["ext_amount"] == 10
