"""Public pages: start page, guide, lists."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.services import abolish_version, suspend_version
from organisations.services import system_user
from tests.factories.catalogue import draft_item, published_item

pytestmark = pytest.mark.django_db
HOME = "/"


def text(client: Client, url: str, **query: str) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


def guide(code: str) -> str:
    return reverse("catalogue:guide", args=(code,))


def test_it_works(client: Client) -> None:
    published_item()
    home = text(client, HOME)
    assert "残疾人服务" in home
    assert "街道可办事项" in home
    page = text(client, guide("BG-CL-001"))
    for words in (
        "残疾人证办理",
        "区残联",
        "15 个工作日",
        "20 个工作日",
        "示例依据第1条",
        "残疾人证申请表",
        "容缺后补",
        "街道、社区",
        "不收费",
        "残疾人证管理办法",
        "示例",
        "掌上办",
    ):
        assert words in page


@pytest.mark.parametrize("typed", ["残疾人证", "cjrz", "canjirenzheng", "bg-cl"])
def test_finding(client: Client, typed: str) -> None:
    published_item()
    assert guide("BG-CL-001") in text(client, HOME, q=typed)


def test_finding_nothing_says_so(client: Client) -> None:
    published_item()
    assert "没有找到" in text(client, HOME, q="没有的事项")


def test_what_is_typed_is_never_markup(client: Client) -> None:
    page = text(client, HOME, q="<script>alert(1)</script>")
    assert "<script>alert" not in page


def test_themes_and_pages(client: Client) -> None:
    for number in range(35):
        published_item(code=f"N{number:02}")
    page = text(client, HOME, theme="残疾人服务", page="2")
    assert "N34" in page
    assert "N00" not in page
    assert "2 / 2" in page


@pytest.mark.parametrize("kind", ["street", "community", "mobile"])
def test_empty_pages_say_what_would_stand_there(client: Client, kind: str) -> None:
    assert "还没有" in text(client, HOME)
    assert "还没有" in text(client, reverse("catalogue:list", args=(kind,)))


def test_lists_have_totals(client: Client) -> None:
    published_item(code="A", accept_levels=["street"], mobile=False)
    published_item(code="B", theme="社会救助")
    street = text(client, reverse("catalogue:list", args=("street",)))
    assert "2 项" in street
    assert street.index("社会救助") != street.index("残疾人服务")
    assert "1 项" in text(client, reverse("catalogue:list", args=("community",)))
    assert "1 项" in text(client, reverse("catalogue:list", args=("mobile",)))
    assert client.get("/lists/moon/").status_code == 404


def test_situations_are_offered(client: Client) -> None:
    whole = published_item()
    published_item(code="BG-CL-001-01", name="残疾人证换领", situation="换领", parent=whole)
    assert guide("BG-CL-001-01") in text(client, guide("BG-CL-001"))
    assert guide("BG-CL-001") in text(client, guide("BG-CL-001-01"))


@pytest.mark.parametrize("code", ["nothing", "..", "<b>"])
def test_an_unknown_code_is_answered_kindly(client: Client, code: str) -> None:
    answer = client.get(guide(code))
    assert answer.status_code == 404
    assert "没有这个编码的办事指南" in answer.content.decode()


def test_a_draft_is_not_betrayed(client: Client) -> None:
    draft_item(name="机密草稿")
    answer = client.get(guide("BG-CL-001"))
    assert answer.status_code == 404
    assert "机密草稿" not in answer.content.decode()


def test_a_dead_item_says_what_became_of_it(client: Client) -> None:
    actor = system_user("sample")
    published_item(code="OTHER", name="残疾人证办理（掌上）")
    item = published_item()
    suspend_version(actor=actor, version_id=item.current_id, note="修订")
    answer = client.get(guide(item.code))
    assert answer.status_code == 404
    assert "暂停办理" in answer.content.decode()
    assert "残疾人证办理（掌上）" in answer.content.decode()
    abolish_version(actor=actor, version_id=item.versions.get().pk, note="取消")
    assert "已取消" in client.get(guide(item.code)).content.decode()


@pytest.mark.parametrize("size", [1, 25])
def test_pages_ask_a_fixed_number_of_questions(
    client: Client, size: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(size):
        published_item(code=f"N{number}")
    for url, most in ((HOME, 4), ("/?q=cjr", 4), (guide("N0"), 9), ("/lists/street/", 3)):
        with django_assert_max_num_queries(most):
            client.get(url)
