"""Cards in the admin: their holders answer, supervisors judge, strangers see nothing."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from common.time import freeze
from organisations.models import User
from supervision.choices import CardState
from supervision.models import Card
from tests.factories.supervision import AFTER_YELLOW, District, make_yellow_card

LIST = "/admin/supervision/card/"


@pytest.fixture
def visit(client: Client) -> Callable[..., HttpResponse]:
    """Opens or posts to an address as a user, just after the yellow card was written."""

    def go(user: User, url: str, data: dict[str, str] | None = None) -> HttpResponse:
        client.force_login(user)
        with freeze(AFTER_YELLOW):
            return client.post(url, data, follow=True) if data is not None else client.get(url)

    return go


def test_it_works(district: District, visit: Callable[..., HttpResponse]) -> None:
    card = make_yellow_card(district)
    page = visit(district.reviewer, f"{LIST}{card.pk}/change/").content.decode()
    assert "已发牌" in page
    assert f"{LIST}{card.pk}/do/answer/" in page
    answer = visit(district.reviewer, f"{LIST}{card.pk}/do/answer/", {"note": "本周办结"})
    assert "已办理：回复" in answer.content.decode()
    card.refresh_from_db()
    assert card.state == CardState.ANSWERED


def test_the_list_shows_only_what_is_within_sight(
    district: District, visit: Callable[..., HttpResponse]
) -> None:
    make_yellow_card(district)
    assert "残疾人证办理" in visit(district.reviewer, LIST).content.decode()
    assert "残疾人证办理" not in visit(district.other_head, LIST).content.decode()


def test_a_stranger_finds_no_page(district: District, visit: Callable[..., HttpResponse]) -> None:
    card = make_yellow_card(district)
    assert visit(district.other_head, f"{LIST}{card.pk}/do/answer/").status_code == 404


def test_a_missing_reason_keeps_the_page_and_the_card(
    district: District, visit: Callable[..., HttpResponse]
) -> None:
    card = make_yellow_card(district)
    answer = visit(district.supervisor, f"{LIST}{card.pk}/do/revoke/", {"note": ""})
    assert 'class="errors"' in answer.content.decode()
    card.refresh_from_db()
    assert card.state == CardState.WRITTEN


def test_a_refused_verb_says_why(district: District, visit: Callable[..., HttpResponse]) -> None:
    card = make_yellow_card(district)
    url = f"{LIST}{card.pk}/do/answer/"
    visit(district.reviewer, url, {"note": "本周办结"})
    answer = visit(district.reviewer, url, {"note": "再答一次"}).content.decode()
    assert "这张牌已经回复过" in answer
    assert "再答一次" in answer


def test_a_supervisor_is_not_offered_the_holders_verbs(
    district: District, visit: Callable[..., HttpResponse]
) -> None:
    card = make_yellow_card(district)
    page = visit(district.administrator, f"{LIST}{card.pk}/change/").content.decode()
    assert "/do/answer/" in page
    page = visit(district.supervisor, f"{LIST}{card.pk}/change/").content.decode()
    assert "/do/answer/" not in page
    assert "/do/revoke/" in page


def test_a_waiting_card_stands_on_the_holders_desk(
    district: District, visit: Callable[..., HttpResponse]
) -> None:
    make_yellow_card(district)
    assert "等您回复的黄牌红牌" in visit(district.reviewer, "/admin/").content.decode()
    assert "等您回复的黄牌红牌" not in visit(district.supervisor, "/admin/").content.decode()


def test_cards_are_never_added_or_deleted_by_hand(
    district: District, visit: Callable[..., HttpResponse]
) -> None:
    card = make_yellow_card(district)
    assert visit(district.administrator, f"{LIST}add/").status_code == 403
    assert visit(district.administrator, f"{LIST}{card.pk}/delete/").status_code == 403
    assert Card.objects.count() == 1
