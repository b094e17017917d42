"""Items over the API."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from catalogue.services import suspend_version
from organisations.choices import UserKind
from organisations.models import User
from organisations.services import issue_client_token, system_user
from tests.factories.catalogue import draft_item, make_department, published_item

pytestmark = pytest.mark.django_db
URL = "/api/v1/catalogue/items/"


@pytest.fixture
def api() -> APIClient:
    user = User.objects.create(username="anxinban", kind=UserKind.CLIENT)
    _token, plain = issue_client_token(user=user, name="t")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {plain}")
    return client


def codes(answer: Any) -> list[str]:
    return [row["code"] for row in answer.json()["results"]]


def test_it_works(api: APIClient) -> None:
    published_item()
    row = api.get(URL).json()["results"][0]
    assert row["name"] == "残疾人证办理"
    assert row["department"] == {"code": "U-区残联", "name": "区残联"}
    assert row["promised_limit"] == {
        "amount": 15,
        "unit": "workday",
        "text": "15 个工作日",
        "basis": "",
    }
    assert row["accept_levels"] == ["street", "community"]
    guide = api.get(f"{URL}BG-CL-001/").json()["guide"]
    assert guide["materials"][0]["name"] == "残疾人证申请表"
    assert guide["form_definition"][0]["key"] == "disability_kind"
    assert guide["bases"] == ["残疾人证管理办法（残联发〔2017〕34号）"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"search": "cjrz"}, ["A"]),
        ({"accepts": "community"}, ["B", "A"]),
        ({"accepts": "district"}, ["C"]),
        ({"mobile": "true"}, ["C", "A"]),
        ({"department": "U-区民政局"}, ["B"]),
        ({"nature": "query"}, ["C"]),
        ({"kind": "07", "theme": "残疾人服务"}, ["C", "B", "A"]),
    ],
)
def test_filters(api: APIClient, query: dict[str, str], found: list[str]) -> None:
    published_item(code="A")
    published_item(make_department("区民政局"), code="B", name="临时救助", mobile=False)
    published_item(
        code="C", name="社保查询", nature="query", form_definition=[], accept_levels=["district"]
    )
    assert codes(api.get(URL, query)) == found


def test_a_filter_that_means_nothing_is_a_problem(api: APIClient) -> None:
    answer = api.get(URL, {"accepts": "moon"})
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_input"


def test_what_is_not_in_force_is_not_there(api: APIClient) -> None:
    draft_item(code="D")
    dead = published_item(code="E")
    suspend_version(actor=system_user("sample"), version_id=dead.current_id, note="x")
    assert codes(api.get(URL)) == []
    for code in ("D", "E", "nothing"):
        answer = api.get(f"{URL}{code}/")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_strangers_are_turned_away() -> None:
    assert APIClient().get(URL).status_code == 401


def test_nothing_is_written(api: APIClient) -> None:
    published_item()
    for method in (api.post, api.put, api.delete):
        assert method(f"{URL}BG-CL-001/", {}).status_code == 405


@pytest.mark.parametrize("size", [1, 20])
def test_the_list_asks_a_fixed_number_of_questions(
    api: APIClient, size: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(size):
        published_item(code=f"N{number}")
    with django_assert_max_num_queries(4):
        assert len(codes(api.get(URL))) == size
    with django_assert_max_num_queries(10):
        api.get(f"{URL}N0/")


def test_pages_by_cursor(api: APIClient) -> None:
    for number in range(5):
        published_item(code=f"N{number}")
    first = api.get(URL, {"page_size": "2"})
    assert codes(first) == ["N4", "N3"]
    assert codes(api.get(first.json()["next"])) == ["N2", "N1"]
