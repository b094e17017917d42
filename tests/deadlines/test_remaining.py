"""The chip: what a person reads."""

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.utils import translation

from common.time import freeze
from deadlines.choices import Debtor, Tone, Unit
from deadlines.models import Clock
from deadlines.parts import remaining
from deadlines.rules import Limit
from deadlines.services import (
    SubjectFacts,
    cancel_clock,
    finish_clock,
    pause_clock,
    start_clock,
)
from tests.factories.deadlines import STREET, Desk, a_clock, a_desk, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return a_desk()


@pytest.fixture(autouse=True)
def _chinese() -> None:
    with translation.override("zh-hans"), override_settings(LANGUAGE_CODE="zh-hans"):
        yield


def test_it_works(desk: Desk) -> None:
    left = remaining(a_clock(desk), moment("2021-12-07"))
    assert left.text == "剩 3 工作日 · 12月10日"
    assert (left.tone, left.workdays, left.css) == (Tone.OK, 3, "chip chip--ok")


@pytest.mark.parametrize(
    ("at", "text", "tone"),
    [
        ("2021-12-09", "剩 1 工作日 · 12月10日", Tone.WARN),
        ("2021-12-10", "今日到期 · 12月10日", Tone.WARN),
        ("2021-12-11", "刚超期 · 12月10日", Tone.YELLOW),
        ("2021-12-14", "超 2 工作日 · 12月10日", Tone.YELLOW),
        ("2022-01-04", "超 16 工作日 · 2021年12月10日", Tone.RED),
    ],
)
def test_as_time_goes_by(desk: Desk, at: str, text: str, tone: Tone) -> None:
    left = remaining(a_clock(desk), moment(at))
    assert (left.text, left.tone) == (text, tone)


@pytest.mark.parametrize(
    ("finish", "text"),
    [
        ("2021-12-06", "提前 4 工作日办结 · 12月10日"),
        ("2021-12-10", "按时办结 · 12月10日"),
        ("2021-12-14", "超 2 工作日办结 · 12月10日"),
    ],
)
def test_a_finished_clock_is_compared_with_its_finish(desk: Desk, finish: str, text: str) -> None:
    clock = a_clock(desk)
    with freeze(moment(finish)):
        done = finish_clock(clock_id=clock.pk, actor=desk.handler)
    assert remaining(done, moment("2021-12-30")).text == text
    assert remaining(done, moment("2021-12-30")).tone == Tone.DONE


def test_a_paused_clock_stands_still(desk: Desk) -> None:
    clock = a_clock(desk, promised=None, statutory=10)
    with freeze(moment("2021-12-11")):
        paused = pause_clock(
            clock_id=clock.pk,
            actor=desk.handler,
            ground="听证",
            legal_basis="行政许可法第45条",
            told_until=moment("2021-12-19").date(),
        )
    first, later = (remaining(paused, moment(at)) for at in ("2021-12-12", "2021-12-16"))
    assert first.text == "暂停 · 预计12月24日"
    assert (first.workdays, later.workdays, first.tone) == (5, 5, Tone.PAUSED)
    assert remaining(paused, moment("2021-12-21")).workdays == 3


def test_a_cancelled_clock_counts_no_more(desk: Desk) -> None:
    with freeze(moment("2021-12-06")):
        clock = cancel_clock(clock_id=a_clock(desk).pk, actor=desk.handler, reason="撤回")
    assert remaining(clock).text == "不再计时"


def test_hours_are_told_in_hours(desk: Desk) -> None:
    with freeze(moment("2021-12-03")):
        clock = start_clock(
            actor=desk.handler,
            subject=SubjectFacts("hotline", "工单", "T-1", STREET, desk.department),
            statutory=Limit(24, Unit.HOUR),
            promised=None,
        )
    assert remaining(clock, moment("2021-12-04", "04:30")).text == "剩 5 小时 · 12月4日"
    assert remaining(clock, moment("2021-12-04", "11:30")).text == "超 2 小时 · 12月4日"


def test_provisional_and_unverified_are_said(desk: Desk) -> None:
    clock = a_clock(desk, start="2026-11-20", statutory=40, promised=30, rule="PEN-02")
    left = remaining(clock, moment("2026-11-23"))
    assert left.text.endswith("· 依据待核 · 暂定")
    assert "chip--provisional" in left.css
    late = remaining(clock, moment("2027-03-23"))
    assert late.tone == Tone.WARN


def test_a_party_in_default_is_red(desk: Desk) -> None:
    clock = a_clock(desk, promised=None, statutory=5, debtor=Debtor.PARTY)
    assert remaining(clock, moment("2021-12-11")).tone == Tone.RED


def test_the_template_shows_word_shape_and_day(desk: Desk) -> None:
    clock = a_clock(desk)
    with freeze(moment("2021-12-07")):
        html = Template("{% load clocks %}{% clock_chip clock %}").render(Context({"clock": clock}))
    assert 'class="chip chip--ok"' in html
    assert '<time datetime="2021-12-10">12月10日</time>' in html
    assert '<span class="chip__shape" aria-hidden="true">●</span> 剩 3 工作日' in html
    assert "style=" not in html
    assert Template("{% load clocks %}{% clock_chip nothing %}").render(Context()) == ""


def test_chips_of_a_list_ask_the_database_nothing(
    desk: Desk, django_assert_num_queries: object
) -> None:
    a_clock(desk)
    a_clock(desk, number="BG-2", promised=7)
    clocks = list(Clock.objects.for_list())
    remaining(clocks[0])
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert len({remaining(clock).text for clock in clocks}) == 2
