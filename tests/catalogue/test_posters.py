"""Guides on the wall and for machines; lists by place."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from catalogue.models import Item
from tests.factories.catalogue import (
    COMMUNITY,
    draft_item,
    make_department,
    make_point,
    published_item,
)

pytestmark = pytest.mark.django_db


def sheet(client: Client, item: Item, size: str) -> PdfReader:
    answer = client.get(reverse("catalogue:poster", args=(item.code, size)))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return PdfReader(BytesIO(answer.content))


@pytest.mark.parametrize(("size", "width"), [("a3", 842), ("a4", 595)])
def test_it_works(client: Client, size: str, width: int) -> None:
    item = published_item(contact_phone="0372-1001001")
    reader = sheet(client, item, size)
    assert len(reader.pages) == 1
    assert round(float(reader.pages[0].mediabox.width)) == width
    text = reader.pages[0].extract_text().replace("\n", "")
    for words in ("残疾人证办理", "15个工作日", "残疾人证申请表", "0372-1001001"):
        assert words in text.replace(" ", "")


def test_a_long_guide_runs_on_and_its_pages_are_numbered(client: Client) -> None:
    material = {"necessity": "1", "kind": "1", "copies": 1, "source": "10", "basis": ""}
    names = [f"第{number}份很长很长的申请材料名称，写明出具单位和用途" for number in range(70)]
    item = published_item(materials=[{"name": name, **material} for name in names])
    reader = sheet(client, item, "a4")
    pages = [page.extract_text().replace(" ", "").replace("\n", "") for page in reader.pages]
    assert len(pages) > 1
    assert f"第2页，共{len(pages)}页" in pages[1]
    for number in (0, 69):
        assert any(f"第{number}份" in page for page in pages)


@pytest.mark.parametrize("size", ["a5", "A4", "x"])
def test_there_are_two_sizes(client: Client, size: str) -> None:
    item = published_item()
    assert client.get(reverse("catalogue:poster", args=(item.code, size))).status_code == 404


def test_a_draft_has_no_poster_and_no_public_guide(client: Client) -> None:
    item = draft_item()
    assert client.get(reverse("catalogue:poster", args=(item.code, "a4"))).status_code == 404
    assert client.get(reverse("public-guide", args=(item.code,))).status_code == 404


def test_an_unprintable_name_says_which_sign(client: Client) -> None:
    item = published_item(name="残疾人证\U0001f600")
    answer = client.get(reverse("catalogue:poster", args=(item.code, "a4")))
    assert answer.status_code >= 400
    assert "\U0001f600" in answer.content.decode()


def test_anyone_reads_the_guide_as_data(client: Client) -> None:
    item = published_item()
    said = client.get(reverse("public-guide", args=(item.code,))).json()
    assert said["guide"]["materials"][0]["name"] == "残疾人证申请表"
    assert (
        reverse("public-guide", args=(item.code,))
        in client.get(item.get_absolute_url()).content.decode()
    )


def test_the_list_of_one_place_holds_what_may_be_had_there(client: Client) -> None:
    here = published_item(code="L1", accept_levels=["community"])
    published_item(code="L2", accept_levels=["street"])
    point = make_point(COMMUNITY, "自由路社区便民服务站")
    page = client.get("/lists/community/", {"place": point.code})
    listed = [item for group in page.context["groups"] for item in group["items"]]
    assert listed == [here]
    assert (page.context["total"], page.context["point"]) == (1, point)
    assert "自由路社区便民服务站" in page.content.decode()
    assert client.get("/lists/community/", {"place": "x"}).context["point"] is None


def test_lists_of_places_ask_a_fixed_number_of_questions(
    client: Client, django_assert_max_num_queries: object
) -> None:
    unit = make_department()
    for number in range(12):
        published_item(unit, code=f"Q{number}")
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        client.get("/lists/street/")
