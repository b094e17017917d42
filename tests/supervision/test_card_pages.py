"""My cards, the office's queue, the paper: who finds what, and that each step leads to the next."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.time import freeze
from documents.models import Paper
from intake.choices import CaseState
from intake.parts import case_url
from organisations.choices import Role
from organisations.models import Absence, Post, User
from organisations.services import appoint
from supervision.choices import CardState as State
from supervision.models import Card
from supervision.services import answer_card, appeal_card, notice_of, revoke_card, uphold_card
from tests.factories.intake import a_case_at, an_office
from tests.factories.supervision import (
    AFTER_YELLOW,
    OTHER_STREET,
    District,
    make_yellow_card,
    sweep_at,
)
from tests.factories.window import browser

MINE, WAITING, LIST = (
    "/supervision/mine/",
    "/supervision/cards/waiting/",
    "/admin/supervision/card/",
)
Visit = Callable[..., HttpResponse]


@pytest.fixture
def visit(client: Client) -> Visit:
    """Opens or posts to an address as a user, just after the yellow card was written."""

    def go(user: User, url: str, data: dict[str, str] | None = None) -> HttpResponse:
        client.force_login(user)
        with freeze(AFTER_YELLOW):
            return client.post(url, data, follow=True) if data is not None else client.get(url)

    return go


def words(response: HttpResponse) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_it_works(district: District, visit: Visit) -> None:
    """The handler answers, the office looks at it and lets the card stand."""
    card = make_yellow_card(district)
    assert card.number == "北关区督办〔2026〕1号"
    mine = words(visit(district.reviewer, MINE))
    assert card.number in mine
    assert f"{LIST}{card.pk}/change/" in mine
    page = words(visit(district.reviewer, f"{LIST}{card.pk}/change/"))
    assert f"/deadlines/clocks/{card.clock_id}/" in page
    visit(district.reviewer, f"{LIST}{card.pk}/do/answer/", {"note": "申请人补件中，本周办结"})
    assert card.number not in words(visit(district.reviewer, MINE))
    assert card.number in words(visit(district.reviewer, f"{MINE}?all=1"))
    queue = words(visit(district.supervisor, WAITING))
    assert "申请人补件中，本周办结" in queue
    assert f"{LIST}{card.pk}/do/uphold/" in queue
    visit(district.supervisor, f"{LIST}{card.pk}/do/uphold/", {"note": "情况属实，牌有效"})
    assert card.number not in words(visit(district.supervisor, WAITING))
    card.refresh_from_db()
    assert card.state == State.UPHELD


def test_numbers_run_through_the_year_of_the_district(district: District) -> None:
    first = make_yellow_card(district)
    second = make_yellow_card(district, number="BG-2", region=OTHER_STREET)
    assert [first.number, second.number] == ["北关区督办〔2026〕1号", "北关区督办〔2026〕2号"]


@pytest.mark.parametrize(
    ("who", "url", "status"),
    [
        ("head", MINE, 200),
        ("clerk", MINE, 200),
        ("supervisor", MINE, 403),
        ("supervisor", WAITING, 200),
        ("administrator", WAITING, 200),
        ("head", WAITING, 403),
        ("reviewer", WAITING, 403),
    ],
)
def test_who_opens_which_page(
    district: District, visit: Visit, who: str, url: str, status: int
) -> None:
    assert visit(getattr(district, who), url).status_code == status


def test_a_stranger_is_sent_to_the_entrance(client: Client, district: District) -> None:
    for url in (MINE, WAITING):
        assert client.get(url).status_code == 302


def test_each_sees_his_own(district: District, visit: Visit) -> None:
    card = make_yellow_card(district)
    assert card.number in words(visit(district.head, MINE))
    for other in (district.other_head, district.clerk):
        assert card.number not in words(visit(other, MINE))


def test_the_b_post_answers_while_the_handler_is_away(district: District, visit: Visit) -> None:
    stand_in = User.objects.create_user("t-b", password="pw", display_name="孙替")
    post = Post.objects.of_role(Role.REVIEWER).get(unit=district.organ)
    appoint(post=post, holder_a=district.reviewer, holder_b=stand_in)
    day = date(2026, 11, 10)
    Absence.objects.create(user=district.reviewer, starts_on=day, ends_on=day)
    card = make_yellow_card(district)
    fresh = User.objects.get(pk=stand_in.pk)
    assert card.number in words(visit(fresh, MINE))
    assert fresh.inbox_messages.exists()
    with freeze(AFTER_YELLOW):
        assert answer_card(card_id=card.pk, actor=fresh, note="代为回复").state == "answered"
        before = fresh.inbox_messages.count()
        uphold_card(card_id=card.pk, actor=district.supervisor, note="牌有效")
    assert fresh.inbox_messages.count() == before + 1
    assert not district.reviewer.inbox_messages.exists()


def test_the_longest_waiting_comes_first(district: District) -> None:
    cards = [make_yellow_card(district, number=f"BG-{place}") for place in range(3)]
    for hours, card in zip((3, 1, 2), cards, strict=True):
        verb = appeal_card if hours == 2 else answer_card
        with freeze(AFTER_YELLOW + timedelta(hours=hours)):
            verb(card_id=card.pk, actor=district.reviewer, note=f"第{hours}")
    found = list(Card.objects.waiting().with_last_word())
    assert [card.last_word for card in found] == ["第1", "第2", "第3"]


def test_an_answer_after_an_appeal_leaves_the_appeal_to_decide(district: District) -> None:
    card = make_yellow_card(district)
    with freeze(AFTER_YELLOW):
        appeal_card(card_id=card.pk, actor=district.reviewer, note="材料在途")
        answer_card(card_id=card.pk, actor=district.reviewer, note="本周办结")
        assert list(Card.objects.waiting()) == [card]
        uphold_card(card_id=card.pk, actor=district.supervisor, note="在途不停计时")
    assert not Card.objects.waiting().exists()


def test_a_looked_at_answer_may_still_be_appealed_once(district: District) -> None:
    card = make_yellow_card(district)
    with freeze(AFTER_YELLOW):
        answer_card(card_id=card.pk, actor=district.reviewer, note="本周办结")
        uphold_card(card_id=card.pk, actor=district.supervisor, note="牌有效")
        appeal_card(card_id=card.pk, actor=district.reviewer, note="系统停电")
        revoke_card(card_id=card.pk, actor=district.supervisor, note="属实")
    assert Card.objects.get().state == State.REVOKED


def test_the_paper_is_printed_once(district: District, visit: Visit) -> None:
    card = make_yellow_card(district)
    first = visit(district.reviewer, f"{LIST}{card.pk}/notice/", {})
    again = visit(district.supervisor, f"{LIST}{card.pk}/notice/", {})
    assert first["Content-Type"] == "application/pdf"
    assert first.content == again.content
    paper = Paper.objects.get()
    assert (paper.number, paper.organ, paper.title) == (card.number, "北关区效能办", "督办通知单")
    assert visit(district.other_head, f"{LIST}{card.pk}/notice/", {}).status_code == 404
    assert visit(district.reviewer, f"{LIST}{card.pk}/notice/").status_code == 405


def test_a_card_settled_before_its_paper_is_printed_all_the_same(district: District) -> None:
    card = make_yellow_card(district)
    with freeze(AFTER_YELLOW):
        revoke_card(card_id=card.pk, actor=district.supervisor, note="停电")
        assert notice_of(card_id=card.pk, actor=district.supervisor).number == card.number


@pytest.mark.parametrize(("who", "url"), [("reviewer", MINE), ("supervisor", WAITING)])
def test_a_page_costs_the_same_with_more_cards(
    district: District, client: Client, who: str, url: str
) -> None:
    client.force_login(getattr(district, who))

    def cost(cards: range) -> int:
        made = [make_yellow_card(district, number=f"BG-{place}") for place in cards]
        with freeze(AFTER_YELLOW), CaptureQueriesContext(connection) as queries:
            for card in made if who == "supervisor" else []:
                answer_card(card_id=card.pk, actor=district.reviewer, note="本周")
            written = len(queries)
            assert made[-1].number in words(client.get(url))
        return len(queries) - written

    cost(range(1))
    assert cost(range(1, 3)) == cost(range(3, 7))


def test_the_paper_says_until_when_to_answer(district: District) -> None:
    card = make_yellow_card(district)
    with freeze(AFTER_YELLOW):
        data = notice_of(card_id=card.pk, actor=district.reviewer).reveal_json("data")
    assert data["answer_by"] == "2026年11月12日 24时"
    assert (data["holder"], data["person"], data["colour"]) == (
        "北关区残疾人联合会",
        "赵敏",
        "黄牌",
    )


def test_a_case_leads_to_its_cards(db: None) -> None:
    office = an_office()
    case = a_case_at(CaseState.REVIEWING, office)
    sweep_at(case.clock.promised_due_at + timedelta(hours=1))
    page = words(browser(office.reviewer).get(case_url(case)))
    card = Card.objects.get()
    assert f"{LIST}{card.pk}/change/" in page
    assert card.number in page
