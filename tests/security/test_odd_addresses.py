"""Addresses nobody types by chance: an answer in words each time, never a trace."""

from base64 import b64encode
from urllib.parse import quote

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from rest_framework.test import APIClient

from documents.models import Paper
from organisations.choices import Role
from tests.factories.inspections import Scene, make_officer, make_scene
from tests.factories.intake import Office, an_office, token_of

pytestmark = pytest.mark.django_db
HUGE = "9" * 30


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def supervisor(scene: Scene) -> Client:
    client = Client()
    client.force_login(make_officer("sup", scene.unit, Role.SUPERVISOR))
    return client


@pytest.fixture
def office() -> Office:
    return an_office()


def test_it_works(supervisor: Client) -> None:
    assert supervisor.get("/supervision/clocks/?what=started&week=2026-11-23").status_code == 200


@pytest.mark.parametrize("what", ["started", "finished", "overdue"])
@pytest.mark.parametrize("week", ["0001-01-01", "9999-12-31"])
def test_a_week_at_the_end_of_time(supervisor: Client, what: str, week: str) -> None:
    answer = supervisor.get(f"/supervision/clocks/?what={what}&week={week}")
    assert answer.status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_figures_as_of_the_end_of_time(supervisor: Client, scene: Scene, day: str) -> None:
    page = f"/inspections/campaigns/{scene.campaign.pk}/"
    for address in (page, f"{page}rows/visited/", f"{page}rows/interviews/"):
        assert supervisor.get(f"{address}?as_of={day}").status_code == 200


def test_a_year_no_calendar_has(supervisor: Client) -> None:
    answer = supervisor.get(f"/admin/documents/paper/?issued_at__year={HUGE}")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/documents/paper/?e=1")


@pytest.mark.parametrize("key", ["1", HUGE])
def test_the_way_to_a_public_page_of_something_that_has_none(supervisor: Client, key: str) -> None:
    kind = ContentType.objects.get_for_model(Paper).pk
    assert supervisor.get(f"/admin/r/{kind}/{key}/").status_code == 404


@pytest.mark.parametrize("cursor", ["p=abc", "p=\0", "p=-", "p=" + "9" * 5000])
@pytest.mark.parametrize("path", ["catalogue/items", "intake/cases", "deadlines/clocks"])
def test_a_cursor_that_is_none(office: Office, cursor: str, path: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token_of(office.client)}")
    made = quote(b64encode(cursor.encode()).decode())
    assert client.get(f"/api/v1/{path}/?cursor={made}").status_code == 404


def test_a_cursor_of_ours_leads_on(office: Office) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token_of(office.client)}")
    made = quote(b64encode(b"p=99999").decode())
    answer = client.get(f"/api/v1/catalogue/items/?cursor={made}")
    assert answer.json()["results"]


@pytest.mark.parametrize("token", ["é", "\xe5\xaf\x86", "\xff" * 64])
def test_a_token_that_is_no_text(token: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    answer = client.get("/api/v1/intake/cases/")
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")


@pytest.mark.parametrize("address", ["/supervision/", "/supervision/clocks/", "/inspections/"])
def test_staff_pages_stay_in_no_cache(supervisor: Client, address: str) -> None:
    assert "no-store" in supervisor.get(address)["Cache-Control"]
