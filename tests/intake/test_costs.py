"""What handing in over the API costs the database, and that nothing is lost by it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from catalogue.choices import Kind
from common.anchors import all_chain_faults
from deadlines.services import verify_clocks
from documents.models import IssuedNumber
from intake.models import Application, Case, CaseEvent, MaterialFile
from notifications.models import InboxMessage
from tests.factories.catalogue import MATERIALS, published_item
from tests.factories.documents import PDF_BYTES
from tests.factories.intake import Office, an_office, token_of, valid_id

pytestmark = pytest.mark.django_db
APPLICATIONS = "/api/v1/intake/applications/"
FILES = "/api/v1/intake/files/"
MOST = 25
A_CASE_MORE = 4
NO_QUERY = ("SAVEPOINT", "RELEASE SAVEPOINT")


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.fixture
def client(office: Office) -> APIClient:
    made = APIClient()
    made.credentials(HTTP_AUTHORIZATION=f"Token {token_of(office.client)}")
    return made


def upload(client: APIClient, name: str) -> str:
    scan = SimpleUploadedFile(f"{name}.pdf", PDF_BYTES)
    return str(client.post(FILES, {"file": scan}, format="multipart").json()["id"])


def body(office: Office, client: APIClient, *codes: str) -> dict[str, Any]:
    """Three materials, each with its file."""
    names = [str(entry["name"]) for entry in MATERIALS]
    return {
        "point": office.point.code,
        "items": [
            {"code": code, "form": {"disability_kind": "肢体"}}
            for code in codes or [office.item.code]
        ],
        "applicant": {"name": "李四", "id_number": valid_id(), "mobile": "13837212345"},
        "materials": [{"name": name, "files": [upload(client, name)]} for name in names],
    }


def post(client: APIClient, data: dict[str, Any], key: str) -> Any:
    answer = client.post(APPLICATIONS, data, format="json", HTTP_IDEMPOTENCY_KEY=key)
    assert answer.status_code == 201, answer.json()
    return answer


def cost(client: APIClient, data: dict[str, Any], key: str) -> list[str]:
    """The queries of one request; savepoints are none."""
    with CaptureQueriesContext(connection) as counted:
        post(client, data, key)
    told = [str(query["sql"]) for query in counted.captured_queries]
    return [sql for sql in told if not sql.startswith(NO_QUERY)]


def test_it_works(office: Office, client: APIClient) -> None:
    post(client, body(office, client), "a fresh process reads the calendar once")
    queries = cost(client, body(office, client), "second")
    assert len(queries) <= MOST, queries


def test_a_known_applicant_costs_no_more(office: Office, client: APIClient) -> None:
    data = body(office, client)
    post(client, data, "first")
    assert len(cost(client, data, "second")) <= MOST


def test_a_second_item_costs_its_own_rows_only(office: Office, client: APIClient) -> None:
    other = published_item(office.department, code="BG-CL-002")
    post(client, body(office, client), "warm")
    data = body(office, client, office.item.code, other.code)
    assert len(cost(client, data, "two")) <= MOST + A_CASE_MORE


def test_the_answer_is_what_the_tables_say(office: Office, client: APIClient) -> None:
    other = published_item(office.department, code="BG-CL-002", kind=Kind.LICENCE)
    data = body(office, client, office.item.code, other.code)
    made = post(client, data, "one").json()
    assert client.get(f"{APPLICATIONS}{made['number']}/").json() == made
    assert [row["item_code"] for row in made["cases"]] == [office.item.code, other.code]


def test_everything_of_it_stands(office: Office, client: APIClient) -> None:
    other = published_item(office.department, code="BG-CL-002", kind=Kind.LICENCE)
    made = post(client, body(office, client, office.item.code, other.code), "one").json()
    application = Application.objects.get(number=made["number"])
    assert application.receipt is not None
    cases = list(Case.objects.filter(application=application).order_by("pk"))
    assert [case.clocks.count() for case in cases] == [1, 2]
    assert all(case.clock and case.row_version == 1 for case in cases)
    for case in cases:
        verbs = CaseEvent.objects.for_subject(case.pk).values_list("verb", flat=True)
        assert list(verbs) == ["open_case", "submit_case"]
        assert [row.status for row in case.asked_materials()] == ["received"] * 3
    assert MaterialFile.objects.count() == 6
    assert InboxMessage.objects.filter(recipient=office.clerk).count() == 2
    assert IssuedNumber.objects.count() == 1
    assert [*all_chain_faults(), *verify_clocks()] == []


def test_a_file_named_twice_lies_there_once(office: Office, client: APIClient) -> None:
    data = body(office, client)
    data["materials"][0]["files"] *= 2
    data["materials"].append(dict(data["materials"][0]))
    post(client, data, "one")
    assert MaterialFile.objects.count() == 3
