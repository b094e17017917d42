"""A paper whose number is void says so to whoever checks it."""

import importlib
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.test import Client

from common import time
from common.errors import InvalidInput, NotFound
from documents.errors import NumberAlreadyVoid
from documents.models import IssuedNumber, Paper
from documents.services import draw_number, void_number, void_paper
from organisations.models import User
from organisations.services import system_user
from tests.factories.documents import make_paper

pytestmark = pytest.mark.django_db

SERIES = {"series_key": "test-receipt", "organ_code": "灯塔路", "year": 2026}
REASON = "受理错误，已撤销。"
PAGE, API = "/check/", "/api/v1/papers/check/"


@pytest.fixture
def actor() -> User:
    return system_user("sample")


@pytest.fixture
def paper(actor: User) -> Paper:
    drawn = draw_number(**SERIES, actor=actor)
    return make_paper(actor=actor, number=f"灯塔路受字〔2026〕{drawn.number}号", drawn=drawn)


def asked(paper: Paper) -> dict[str, str]:
    return {"number": paper.number, "code": paper.check_code}


def test_it_works(client: Client, actor: User, paper: Paper) -> None:
    assert "该文书真实有效" in client.get(PAGE, asked(paper)).content.decode()
    with time.freeze(datetime(2026, 11, 25, 6, 5, tzinfo=UTC)):
        void_paper(paper=paper, reason=REASON, actor=actor)
    page = client.get(PAGE, asked(paper)).content.decode()
    assert "该文书真实有效" not in page
    assert "文号已作废" in page
    assert REASON in page
    assert "2026年11月25日 14:05" in page
    assert paper.sha256 in page


def test_the_qr_code_says_it_too(client: Client, actor: User, paper: Paper) -> None:
    void_number(**SERIES, number=1, reason=REASON, actor=actor)
    page = client.get(f"/check/{paper.pk}/{paper.check_code}/").content.decode()
    assert "文号已作废" in page


def test_the_api_gives_the_same_verdict(client: Client, actor: User, paper: Paper) -> None:
    answer = client.get(API, asked(paper)).json()
    assert answer["verdict"] == "genuine"
    assert answer["paper"]["void"] is None
    assert set(answer["paper"]) == {"title", "number", "organ", "issued_at", "sha256", "void"}
    void_paper(paper=paper, reason=REASON, actor=actor)
    answer = client.get(API, asked(paper)).json()
    assert answer["verdict"] == "void"
    assert answer["paper"]["void"]["void_reason"] == REASON


@pytest.mark.parametrize("code", ["AAAAAAAA", "', --"])
def test_the_api_knows_no_paper_under_another_code(client: Client, paper: Paper, code: str) -> None:
    answer = client.get(API, {"number": paper.number, "code": code})
    assert answer.status_code == 200
    assert answer.json() == {"verdict": "unknown", "paper": None}


def test_the_api_names_what_is_missing(client: Client) -> None:
    answer = client.get(API, {"number": "灯〔2026〕1号"})
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"code"}


def test_page_and_api_count_guesses_together(client: Client, paper: Paper) -> None:
    for place in range(20):
        client.get((PAGE, API)[place % 2], {"number": paper.number, "code": "22222222"})
    assert client.get(PAGE, asked(paper)).status_code == 429
    refused = client.get(API, asked(paper))
    assert refused.status_code == 429
    assert refused.json()["code"] == "too_many_checks"


def test_a_number_is_voided_once_and_with_a_reason(actor: User, paper: Paper) -> None:
    with pytest.raises(InvalidInput):
        void_paper(paper=paper, reason=" ", actor=actor)
    void_paper(paper=paper, reason=REASON, actor=actor)
    with pytest.raises(NumberAlreadyVoid):
        void_paper(paper=paper, reason=REASON, actor=actor)


def test_a_paper_without_a_series_has_no_number_to_void(actor: User) -> None:
    with pytest.raises(NotFound):
        void_paper(paper=make_paper(actor=actor), reason=REASON, actor=actor)


def test_the_list_of_papers_shows_the_reason(
    admin_client: Client, actor: User, paper: Paper
) -> None:
    void_paper(paper=paper, reason=REASON, actor=actor)
    assert REASON in admin_client.get("/admin/documents/paper/").content.decode()


def test_papers_of_old_are_linked_by_what_they_print(actor: User, paper: Paper) -> None:
    """Of two organs whose names begin alike the longer one is meant."""
    draw_number(**{**SERIES, "organ_code": "灯"}, actor=actor)
    IssuedNumber.objects.update(paper=None)
    migration = importlib.import_module("documents.migrations.0003_link_numbers")
    migration.link_numbers(apps, None)
    linked = IssuedNumber.objects.get(paper=paper)
    assert (linked.series.organ_code, linked.number) == ("灯塔路", 1)
    assert IssuedNumber.objects.filter(paper=None).count() == 1
