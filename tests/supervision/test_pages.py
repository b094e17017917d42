"""Dashboards: every number opens exactly its rows, for those who may look, at a constant price."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.time import at_local, freeze
from deadlines.choices import Debtor
from deadlines.models import SweepRun
from deadlines.services import finish_clock, pause_clock
from organisations.models import User
from supervision.models import Card
from tests.factories.supervision import (
    AFTER_STATUTE,
    AFTER_YELLOW,
    DISTRICT,
    OTHER_STREET,
    START,
    District,
    make_clock,
    sweep_at,
)

HOME = "/supervision/"
NOW = AFTER_YELLOW + timedelta(hours=2)


@pytest.fixture
def look(client: Client) -> Callable[..., str]:
    """What a user sees at an address, two hours after the promises of the first week passed."""

    def get(user: User, url: str = HOME, status: int = 200, at: datetime = NOW) -> str:
        client.force_login(user)
        with freeze(at):
            answer = client.get(url)
        assert answer.status_code == status, url
        return answer.content.decode()

    return get


@pytest.fixture
def busy(district: District) -> District:
    """Two overdue, two due this week, one paused, one finished late; a party and an applicant owe."""
    make_clock(district, number="BG-1", handler=district.reviewer)
    make_clock(
        district, number="BG-2", organ=district.other_organ, region=OTHER_STREET, topic="T-2"
    )
    make_clock(district, number="BG-3", started_at=START + timedelta(days=2))
    make_clock(
        district,
        number="BG-7",
        organ=district.other_organ,
        region=DISTRICT,
        started_at=START + timedelta(days=2),
    )
    make_clock(district, number="ZG-1", debtor=Debtor.PARTY, label="责令改正", topic="inspection")
    make_clock(
        district, number="BG-6", debtor=Debtor.APPLICANT, started_at=START + timedelta(days=2)
    )
    paused = make_clock(district, number="BG-4")
    done = make_clock(district, number="BG-5")
    with freeze(START + timedelta(days=2)):
        pause_clock(
            clock_id=paused.pk,
            actor=district.reviewer,
            ground="听证",
            legal_basis="行政许可法第45条",
            told_until=NOW.date() + timedelta(days=20),
            stops_statute=True,
            stops_promise=True,
        )
    sweep_at(AFTER_YELLOW)
    with freeze(NOW - timedelta(hours=1)):
        finish_clock(clock_id=done.pk, actor=district.reviewer)
    return district


def _numbers(html: str) -> list[tuple[str, int]]:
    """Every linked number of the page, with where it leads."""
    links = re.findall(r'<a[^>]*href="(/supervision/clocks/[^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL)
    found = [(unescape(url), re.sub(r"<[^>]+>", " ", text)) for url, text in links]
    return [(url, int(m[0])) for url, text in found if (m := re.search(r"\d+", text))]


def test_it_works(busy: District, look: Callable[..., str]) -> None:
    html = look(busy.supervisor)
    assert re.search(r'class="lead-number"[^>]*><b>2</b>', html)
    assert "灯塔路街道" in html
    assert "区民政局" in html


def _row(html: str, name: str) -> list[int]:
    """The numbers of the dashboard's row called ``name``."""
    found = re.search(rf'<th scope="row"><a[^>]*>{name}</a></th>(.*?)</tr>', html, re.DOTALL)
    assert found, name
    return [int(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<td.*?</td>", found[1])]


def test_a_unit_is_judged_by_what_it_owes_only(busy: District, look: Callable[..., str]) -> None:
    html = look(busy.supervisor)
    assert re.search(r'lamp=yellow"><span class="chip[^"]*">[^<]*</span> <b>2</b>', html)
    assert re.search(r'lamp=red"><span class="chip[^"]*">[^<]*</span> <b>0</b>', html)
    assert _row(html, "区残联") == [1, 0, 0, 3]
    assert _row(html, "区民政局") == [1, 0, 0, 2]
    assert ">责令改正<" not in html
    assert "在办共 5 件" in html


def test_what_others_owe_stands_in_its_own_rows(busy: District, look: Callable[..., str]) -> None:
    html = look(busy.supervisor)
    assert _row(html, "当事人整改") == [1, 0, 0, 1]
    assert _row(html, "申请人补正、补交材料") == [0, 0, 1, 1]
    rows = look(busy.supervisor, "/supervision/clocks/?owed=party&when=late")
    assert "ZG-1" in rows
    assert "由当事人履行" in rows
    assert "BG-1" not in rows


def test_the_statutory_number_opens_its_rows(busy: District, look: Callable[..., str]) -> None:
    assert "没有超法定期限的" in look(busy.supervisor)
    html = look(busy.supervisor, at=AFTER_STATUTE)
    found = re.search(r'href="([^"]*when=statute)">其中 (\d+) 件已超法定期限', html)
    assert found is not None
    rows = look(busy.supervisor, unescape(found[1]), at=AFTER_STATUTE)
    assert rows.count('<th scope="row">') == int(found[2]) == 2
    assert "ZG-1" not in rows


def test_every_number_opens_exactly_its_rows(busy: District, look: Callable[..., str]) -> None:
    numbers = _numbers(look(busy.supervisor))
    assert len(numbers) > 20
    for url, number in numbers:
        rows = look(busy.supervisor, url)
        assert rows.count('<th scope="row">') == number, url


def test_the_district_row_is_its_own_hall_only(busy: District, look: Callable[..., str]) -> None:
    assert _row(look(busy.supervisor), "北关区")[-1] == 1
    rows = look(busy.supervisor, f"/supervision/clocks/?owed=unit&street={DISTRICT}")
    assert "BG-7" in rows
    assert rows.count('<th scope="row">') == 1
    assert "北关区（区本级）" in rows


FAULTS = [
    "street=410503999000",
    "street=x&lamp=yellow",
    "lamp=pink",
    "when=later",
    "owed=nobody",
    "unit=x",
    "what=started&week=never",
    "what=started&week=9999-12-31",
    "kind=" + "x" * 31,
    "q=" + "x" * 61,
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_filter_shows_no_row_and_says_why(
    busy: District, look: Callable[..., str], fault: str
) -> None:
    html = look(busy.supervisor, f"/supervision/clocks/?{fault}")
    assert "筛选条件无法识别，未列出任何记录" in html
    assert '<th scope="row">' not in html
    assert 'class="empty"' not in html


@pytest.mark.parametrize("fault", ["colour=pink", "state=x&colour=yellow"])
def test_a_faulty_filter_shows_no_card(
    busy: District, look: Callable[..., str], fault: str
) -> None:
    html = look(busy.supervisor, f"/supervision/cards/?{fault}")
    assert "筛选条件无法识别，未列出任何记录" in html
    assert '<th scope="row">' not in html


def test_a_paused_matter_is_not_overdue(busy: District, look: Callable[..., str]) -> None:
    assert "BG-4" not in look(busy.supervisor, "/supervision/clocks/?when=late")
    assert "BG-4" in look(busy.supervisor, "/supervision/clocks/?lamp=paused")


def test_a_finished_matter_is_never_overdue(busy: District, look: Callable[..., str]) -> None:
    assert "BG-5" not in look(busy.supervisor, "/supervision/clocks/?when=late")


def test_the_price_does_not_grow_with_the_rows(
    busy: District, client: Client, look: Callable[..., str]
) -> None:
    client.force_login(busy.supervisor)

    def price(url: str) -> int:
        with freeze(NOW), CaptureQueriesContext(connection) as queries:
            client.get(url)
        return sum("SELECT" in query["sql"] for query in queries)

    urls = [HOME, "/supervision/clocks/", "/supervision/cards/"]
    before = [price(url) for url in urls]
    for place in range(30):
        region = OTHER_STREET if place % 2 else "410503004000"
        make_clock(busy, number=f"BG-9{place}", region=region, topic=f"T-{place}")
    sweep_at(AFTER_YELLOW)
    assert [price(url) for url in urls] == before
    assert max(before) <= 20


@pytest.mark.parametrize("who", ["clerk", "reviewer"])
@pytest.mark.parametrize("url", [HOME, "/supervision/clocks/", "/supervision/cards/"])
def test_others_are_refused(busy: District, look: Callable[..., str], who: str, url: str) -> None:
    look(getattr(busy, who), url, status=403)


def test_a_stranger_is_sent_to_the_entrance(client: Client, db: None) -> None:
    answer = client.get(HOME)
    assert answer.status_code == 302
    assert "/admin/login/" in answer["Location"]


def test_a_head_sees_his_own_department_only(busy: District, look: Callable[..., str]) -> None:
    rows = look(busy.other_head, "/supervision/clocks/")
    assert "BG-2" in rows
    assert "BG-1" not in rows
    assert "区残联</a>" not in look(busy.other_head)


def test_an_empty_district_is_told_in_sentences(
    district: District, look: Callable[..., str]
) -> None:
    html = look(district.supervisor)
    assert "件超期，全部在时限内" in html
    assert html.count('class="empty"') == 4


@pytest.mark.parametrize(
    ("day", "warned"), [("2026-10-31", False), ("2026-11-01", True), ("2026-11-24", True)]
)
def test_the_missing_notice_of_next_year_is_said_from_november(
    district: District, look: Callable[..., str], day: str, warned: bool
) -> None:
    html = look(district.supervisor, at=at_local(date.fromisoformat(day)))
    assert ("2027 年放假安排尚未导入" in html) is warned


def test_a_silent_engine_is_shown_red(busy: District, look: Callable[..., str]) -> None:
    SweepRun.objects.update(finished_at=NOW - timedelta(minutes=4))
    assert "限时引擎正常" in look(busy.supervisor)
    SweepRun.objects.update(finished_at=NOW - timedelta(minutes=12))
    assert "限时引擎已 12 分钟无动静" in look(busy.supervisor)
    SweepRun.objects.all().delete()
    assert "限时引擎从未运行" in look(busy.supervisor)


def test_nonsense_in_the_address_breaks_nothing(busy: District, look: Callable[..., str]) -> None:
    look(busy.supervisor, "/supervision/clocks/?lamp=pink&street=1&unit=x&week=never&page=-7")
    look(busy.supervisor, "/supervision/cards/?colour=pink&page=abc")


def test_cards_are_listed_and_narrowed(busy: District, look: Callable[..., str]) -> None:
    assert (
        look(busy.supervisor, "/supervision/cards/").count("chip--yellow") >= Card.objects.count()
    )
    assert "没有符合条件的牌" in look(busy.supervisor, "/supervision/cards/?colour=red")


def test_no_page_carries_inline_style_or_script(busy: District, look: Callable[..., str]) -> None:
    for url in (HOME, "/supervision/clocks/", "/supervision/cards/", "/admin/"):
        html = look(busy.supervisor, url)
        assert not re.search(r"<[^>]+\sstyle=", html), url
        assert not re.search(r"<style|\son\w+=|<script>", html), url


def test_every_lamp_is_burnt_by_exactly_one_count(busy: District, look: Any) -> None:
    sweep_at(AFTER_STATUTE)
    html = look(busy.supervisor)
    bar = re.findall(r'lamp=\w+"><span class="chip[^"]*">[^<]*</span> <b>(\d+)</b>', html)
    total = re.search(r"在办共 (\d+) 件", html)
    assert total is not None
    assert len(bar) == 5
    assert sum(map(int, bar)) == int(total[1])
