"""Cards over the API, and the files that come with answers: who reads, who acts, what is refused."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from common.anchors import all_chain_faults
from common.time import freeze
from documents.models import Attachment
from organisations.models import User
from supervision.choices import CardState as State
from supervision.models import Card, CardEvent, CardFile
from supervision.services import answer_card
from tests.factories.supervision import AFTER_YELLOW, OTHER_STREET, District, make_yellow_card

CARDS = "/api/v1/supervision/cards/"
PAGE = "/admin/supervision/card/"
Ask = Callable[..., HttpResponse]


@pytest.fixture
def ask() -> Ask:
    """Reads or posts as a user, just after the yellow card was written."""

    def go(user: User, address: str, data: Any = None, **how: Any) -> HttpResponse:
        client = Client()
        client.force_login(user)
        with freeze(AFTER_YELLOW):
            return client.get(address) if data is None else client.post(address, data, **how)

    return go


def a_picture(name: str = "照片.png") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def found(response: HttpResponse) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["number"] for row in response.json()["results"]]


def rows() -> list[Any]:
    models = (Card, CardEvent, CardFile, Attachment)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


AS_JSON = {"content_type": "application/json"}


def test_it_works(district: District, ask: Ask) -> None:
    """The handler finds his card, appeals with a picture; the office finds it and revokes."""
    card = make_yellow_card(district)
    assert found(ask(district.reviewer, f"{CARDS}?mine=true&standing=true")) == [card.number]
    shown = ask(district.reviewer, f"{CARDS}{card.pk}/").json()
    assert [event["verb"] for event in shown["events"]] == ["write"]
    assert {one["verb"] for one in shown["actions"]} == {"answer", "acknowledge", "appeal"}
    said = {"note": "系统停机，非本人原因", "files": [a_picture(), a_picture("公告.png")]}
    answer = ask(district.reviewer, f"{CARDS}{card.pk}/appeal/", said)
    assert answer.status_code == 200, answer.content
    [_written, appealed] = answer.json()["events"]
    assert [file["name"] for file in appealed["files"]] == ["照片.png", "公告.png"]
    assert found(ask(district.supervisor, f"{CARDS}?waiting=true")) == [card.number]
    assert ask(district.supervisor, appealed["files"][0]["url"]).status_code == 200
    decided = ask(district.supervisor, f"{CARDS}{card.pk}/revoke/", {"note": "属实"}, **AS_JSON)
    assert decided.json()["state"] == State.REVOKED
    proof = CardEvent.objects.get(verb="appeal").proof
    assert [file["sha256"] for file in proof["files"]] == [
        file["sha256"] for file in appealed["files"]
    ]
    assert list(all_chain_faults()) == []


def test_the_page_takes_files_and_shows_them(district: District, ask: Ask) -> None:
    card = make_yellow_card(district)
    form = ask(district.reviewer, f"{PAGE}{card.pk}/do/answer/").content.decode()
    assert 'enctype="multipart/form-data"' in form
    assert "multiple" in form
    sent = {"note": "已办结", "files": [a_picture()]}
    assert ask(district.reviewer, f"{PAGE}{card.pk}/do/answer/", sent).status_code == 302
    page = ask(district.supervisor, f"{PAGE}{card.pk}/change/").content.decode()
    file = Attachment.objects.get()
    assert f"/files/{file.pk}/" in page
    assert "照片.png" in page


def test_who_does_not_see_the_card_does_not_see_its_files(district: District, ask: Ask) -> None:
    card = make_yellow_card(district)
    with freeze(AFTER_YELLOW):
        answer_card(card_id=card.pk, actor=district.reviewer, note="已办结", files=[a_picture()])
    address = f"/files/{Attachment.objects.get().pk}/"
    assert ask(district.head, address).status_code == 200
    assert ask(district.other_head, address).status_code == 404


@pytest.mark.parametrize(
    ("verb", "data", "how", "status", "code"),
    [
        ("answer", {"note": ""}, AS_JSON, 400, "reason_missing"),
        ("answer", {"note": "x" * 2001}, AS_JSON, 400, "invalid_input"),
        ("answer", "[1]", AS_JSON, 400, "invalid_input"),
        ("uphold", {"note": "x"}, AS_JSON, 409, "transition_refused"),
        ("explode", {"note": "x"}, AS_JSON, 404, "not_found"),
        ("answer", {"note": "x", "files": [SimpleUploadedFile("a.exe", b"MZ")]}, {}, 400, "file"),
        ("answer", {"note": "x", "files": [SimpleUploadedFile("a.pdf", b"")]}, {}, 400, "file"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    district: District, ask: Ask, verb: str, data: Any, how: Any, status: int, code: str
) -> None:
    card = make_yellow_card(district)
    kept = rows()
    answer = ask(district.reviewer, f"{CARDS}{card.pk}/{verb}/", data, **how)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"].startswith(code)
    assert rows() == kept


def test_ten_files_are_too_many(district: District, ask: Ask) -> None:
    card = make_yellow_card(district)
    kept = rows()
    sent = {"note": "x", "files": [a_picture() for _ in range(10)]}
    answer = ask(district.reviewer, f"{PAGE}{card.pk}/do/answer/", sent)
    assert answer.status_code == 200
    assert "最多 9 个文件" in answer.content.decode()
    assert rows() == kept


def test_nobody_sees_or_answers_a_card_of_others(district: District, ask: Ask) -> None:
    card = make_yellow_card(district)
    nobody = User.objects.create_user("nobody", password="x")
    assert Client().get(CARDS).status_code == 401
    assert ask(nobody, CARDS).status_code == 403
    assert found(ask(district.other_head, CARDS)) == []
    for address in (f"{CARDS}{card.pk}/", f"{CARDS}999/", f"{CARDS}{'9' * 30}/"):
        assert ask(district.other_head, address).status_code == 404
    given = {"note": "x"}
    answer = ask(district.other_head, f"{CARDS}{card.pk}/answer/", given, **AS_JSON)
    assert answer.status_code == 404
    assert (
        ask(district.supervisor, f"{CARDS}{card.pk}/answer/", given, **AS_JSON).status_code == 409
    )


def test_filters_never_widen(district: District, ask: Ask) -> None:
    card = make_yellow_card(district)
    for query in ("colour=red", "standing=false", "waiting=true", "mine=false", "number=x"):
        assert found(ask(district.reviewer, f"{CARDS}?{query}")) == []
    for query in ("colour=yellow", "standing=true", "waiting=false", f"clock={card.clock_id}"):
        assert found(ask(district.reviewer, f"{CARDS}?{query}")) == [card.number]
    assert ask(district.reviewer, f"{CARDS}?colour=green").status_code == 400


def test_a_list_costs_the_same_however_long(district: District, ask: Ask) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert ask(district.supervisor, CARDS).status_code == 200
        return len(counted)

    make_yellow_card(district)
    cost()
    few = cost()
    for number in range(2, 6):
        make_yellow_card(district, number=f"BG-{number}", region=OTHER_STREET)
    assert cost() == few
