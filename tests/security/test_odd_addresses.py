"""Addresses nobody types by chance: an answer in words each time, never a trace."""

from base64 import b64encode
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from rest_framework.test import APIClient

from documents.models import Paper
from inspections.models import Interview, Problem, Visit
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


@pytest.fixture
def inspector(scene: Scene) -> Client:
    client = Client()
    client.force_login(scene.officer)
    return client


@pytest.mark.parametrize("officers", [HUGE, "x", "\0", "-1"])
def test_officers_nobody_is(inspector: Client, scene: Scene, officers: str) -> None:
    given = {"client_uuid": str(uuid4()), "officers": [officers]}
    answer = inspector.post(f"/inspections/targets/{scene.targets[0].pk}/", given)
    assert answer.status_code in {200, 404}
    assert not Visit.objects.exists()


@pytest.mark.parametrize("asked", [HUGE, "x", "\0", "-1", "²"])
def test_a_re_inspection_nobody_owes(inspector: Client, scene: Scene, asked: str) -> None:
    order = scene.ordered()
    given = {f"result-{item.pk}": "corrected" for item in order.items.all()}
    officers = [scene.officer.pk, scene.second.pk]
    facts = {"follow_up": asked, "client_uuid": str(uuid4()), "officers": officers}
    answer = inspector.post(f"/inspections/orders/{order.pk}/recheck/", {**given, **facts})
    assert answer.status_code in {200, 404}
    order.refresh_from_db()
    assert order.state == "issued"


@pytest.mark.parametrize("held_at", ["0001-01-01T00:00", "0026-11-24T10:00"])
def test_an_interview_of_long_ago(inspector: Client, scene: Scene, held_at: str) -> None:
    facts = {
        "client_uuid": str(uuid4()),
        "subject": scene.targets[0].subject_id,
        "held_at": held_at,
        "place": "区局",
        "interviewee": "负责人",
        "reason": "留样不全",
        "demands": "三日内改正",
    }
    answer = inspector.post(f"/inspections/campaigns/{scene.campaign.pk}/interview/", facts)
    assert answer.status_code == 200
    assert "早于十年前" in answer.content.decode()
    assert not Interview.objects.exists()


def test_a_word_with_a_null_sign_is_kept_without_it(inspector: Client, scene: Scene) -> None:
    visit = scene.draft()
    line = visit.answers.order_by("pk").last()
    assert line is not None
    given = {f"result-{line.item_id}": "fail", f"text-{line.item_id}": "无\0留样"}
    answer = inspector.post(f"/inspections/visits/{visit.pk}/lines/{line.item_id}/", given)
    assert answer.status_code == 200
    assert Problem.objects.get(visit=visit).text == "无留样"


@pytest.mark.parametrize("address", ["/?q=%00", "/?theme=a%00", "/guides/%00/", "/guides/a%0Ab/"])
def test_a_null_sign_in_a_public_address(client: Client, address: str) -> None:
    # PostgreSQL refuses the sign outright; SQLite takes it.
    assert client.get(address).status_code in {200, 404}


def test_a_null_sign_in_the_search_box(supervisor: Client, scene: Scene) -> None:
    assert supervisor.get("/admin/search/?q=%00").status_code == 404
    campaign = f"/inspections/campaigns/{scene.campaign.pk}/"
    assert supervisor.get(f"{campaign}?q=%00").status_code == 404
