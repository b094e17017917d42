"""Journey 6: a client applies with a token, a citizen reads the progress with his receipt."""

import copy
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from common import time
from intake import services
from intake.choices import CaseState
from intake.models import Application, Case
from intake.services import Demand
from organisations.models import ClientToken
from tests.factories.documents import PDF_BYTES
from tests.factories.intake import Office, an_application, an_office, the_case, token_of, valid_id

pytestmark = pytest.mark.django_db
APPLICATIONS = "/api/v1/intake/applications/"
CASES = "/api/v1/intake/cases/"
FILES = "/api/v1/intake/files/"
PROGRESS = "/api/v1/intake/progress/"


@pytest.fixture
def office() -> Office:
    return an_office()


def api(office: Office, client: Any = None) -> APIClient:
    made = APIClient()
    made.credentials(HTTP_AUTHORIZATION=f"Token {token_of(client or office.client)}")
    return made


def body(office: Office, **changes: Any) -> dict[str, Any]:
    return {
        "point": office.point.code,
        "items": [{"code": office.item.code, "form": {"disability_kind": "肢体"}}],
        "applicant": {"name": "李四", "id_number": valid_id(11), "mobile": "13837212345"},
        "materials": [{"name": "居民身份证"}, {"name": "残疾人证申请表"}],
        **changes,
    }


def post(client: APIClient, data: dict[str, Any], key: str = "k-1") -> Any:
    return client.post(APPLICATIONS, data, format="json", HTTP_IDEMPOTENCY_KEY=key)


def test_it_works(office: Office) -> None:
    client = api(office)
    listed = client.get("/api/v1/catalogue/items/", {"search": "cjrz"}).json()
    assert listed["results"][0]["code"] == office.item.code
    scan = SimpleUploadedFile("身份证.pdf", PDF_BYTES)
    stored = client.post(FILES, {"file": scan}, format="multipart")
    assert stored.status_code == 201
    data = body(office)
    data["materials"][0]["files"] = [stored.json()["id"]]
    answer = post(client, data)
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    assert len(made["check_code"]) == 8
    assert made["cases"][0]["state"] == CaseState.SUBMITTED
    assert "李*" in made["applicant"]
    detail = client.get(f"{CASES}{made['cases'][0]['number']}/").json()
    assert detail["form"] == {"残疾类别": "肢体"}
    assert detail["available_actions"] == ["withdraw_case"]
    assert [event["verb"] for event in detail["events"]] == ["open_case", "submit_case"]
    told = APIClient().get(PROGRESS, {"receipt": made["number"], "check": made["check_code"]})
    assert told.json()["cases"][0]["next_step"]
    assert "李四" not in str(told.json())


def test_the_same_request_twice_is_one_application(office: Office) -> None:
    client, data = api(office), body(office)
    first, second = post(client, data), post(client, copy.deepcopy(data))
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replay"] == "true"
    assert Application.objects.count() == 1
    other = post(client, body(office, materials=[]))
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert client.post(APPLICATIONS, data, format="json").status_code == 400


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"items": []}, "invalid_input", "items"),
        ({"items": [{"code": "NO-SUCH"}]}, "item_not_accepted_here", "items"),
        ({"items": [{"code": "BG-CL-001"}]}, "invalid_form", "BG-CL-001.disability_kind"),
        ({"point": "NOWHERE"}, "invalid_input", "point"),
        ({"materials": [{"name": "其他材料"}]}, "material_unknown", "materials"),
        (
            {
                "materials": [
                    {"name": "居民身份证", "files": ["00000000-0000-0000-0000-000000000000"]}
                ]
            },
            "file_unknown",
            "materials",
        ),
        (
            {"applicant": {"name": "李四", "id_number": "410503199001010011", "mobile": "1"}},
            "invalid_applicant",
            "id_number",
        ),
    ],
)
def test_bad_input_is_a_problem_with_a_stable_code(
    office: Office, changes: dict[str, Any], code: str, field: str
) -> None:
    answer = post(api(office), body(office, **changes))
    problem = answer.json()
    assert (problem["status"], problem["code"]) == (400, code)
    assert field in problem["errors"]
    assert not Application.objects.exists()
    assert answer["Content-Type"].startswith("application/problem+json")


def test_an_expired_token_and_a_missing_one(office: Office) -> None:
    client = api(office)
    ClientToken.objects.update(expiry=time.now() - timedelta(seconds=1))
    assert client.get(CASES).status_code == 401
    assert APIClient().get(CASES).status_code == 401


def test_a_client_sees_and_touches_only_what_it_handed_in(office: Office) -> None:
    number = post(api(office), body(office)).json()["cases"][0]["number"]
    receipt = number.rsplit("-", 1)[0]
    stranger = api(office, office.other_client)
    assert stranger.get(CASES).json()["results"] == []
    assert stranger.get(f"{APPLICATIONS}{receipt}/").status_code == 404
    for verb in ("withdraw_case", "accept_case"):
        answer = stranger.post(f"{CASES}{number}/{verb}/", {"note": "x"}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (404, "case_not_found")
    own = api(office).post(f"{CASES}{number}/accept_case/", {}, format="json")
    assert (own.status_code, own.json()["code"]) == (409, "transition_refused")
    assert Case.objects.get().state == CaseState.SUBMITTED


def test_a_client_hands_in_corrections(office: Office) -> None:
    client = api(office)
    number = post(client, body(office, materials=[])).json()["cases"][0]["number"]
    case = Case.objects.get(number=number)
    services.request_correction(
        case_id=case.pk,
        actor=office.clerk,
        demands=[Demand("居民身份证", "未提交", "请提交")],
        due_on=time.today() + timedelta(days=5),
    )
    shown = client.get(f"{CASES}{number}/").json()
    assert shown["notices"][0]["kind"] == "correction"
    assert shown["events"][-1]["data"]["demands"][0]["name"] == "居民身份证"
    stored = client.post(
        FILES, {"file": SimpleUploadedFile("a.pdf", PDF_BYTES)}, format="multipart"
    ).json()
    answer = client.post(
        f"{CASES}{number}/hand_in_correction/",
        {"materials": [{"name": "居民身份证", "files": [stored["id"]]}], "note": "补上"},
        format="json",
    )
    assert answer.status_code == 200, answer.json()
    assert answer.json()["state"] == CaseState.RECEIVED
    by_name = {row["name"]: row["status"] for row in answer.json()["materials"]}
    assert by_name["居民身份证"] == "received"


def test_staff_use_the_same_verbs_by_session(office: Office) -> None:
    case = the_case(an_application(office))
    client = APIClient()
    client.force_authenticate(office.reviewer)
    shown = client.get(f"{CASES}{case.number}/").json()
    assert shown["available_actions"][0] == "begin_review"
    answer = client.post(
        f"{CASES}{case.number}/begin_review/", {"row_version": case.row_version}, format="json"
    )
    assert answer.json()["state"] == CaseState.REVIEWING
    stale = client.post(
        f"{CASES}{case.number}/grant_case/",
        {"row_version": case.row_version, "opinion": "同意"},
        format="json",
    )
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    assert client.post(f"{CASES}{case.number}/no_such/", {}, format="json").status_code == 404


def test_lists_cost_the_same_for_one_row_and_for_many(
    office: Office, django_assert_max_num_queries: Any
) -> None:
    client = api(office)
    for place in range(4):
        post(client, body(office), key=f"k-{place}")
    with django_assert_max_num_queries(10):
        assert len(client.get(CASES).json()["results"]) == 4
    with django_assert_max_num_queries(12):
        assert len(client.get(APPLICATIONS).json()["results"]) == 4


def test_a_citizen_reads_what_happens_next(office: Office) -> None:
    application = an_application(office)
    page = Client().post(
        reverse("intake:progress"),
        {"receipt": application.number.lower(), "check": application.spoken_check_code},
    )
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("残疾人证办理", "已受理", "区残联", "张*明"):
        assert words in text
    assert "张小明" not in text
    assert application.applicant.reveal("id_number") not in text


def test_guessing_check_characters_is_stopped(office: Office) -> None:
    application = an_application(office)
    address = reverse("intake:progress")
    wrong = {"receipt": application.number, "check": "AAAA2222"}
    browser = Client()
    assert [browser.post(address, wrong).status_code for _try in range(10)] == [404] * 10
    right = {"receipt": application.number, "check": application.check_code}
    assert browser.post(address, right).status_code == 429
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert elsewhere.post(address, right).status_code == 200
    for machine in range(3):
        for _try in range(5):
            Client(REMOTE_ADDR=f"10.1.0.{machine}").post(address, wrong)
    assert elsewhere.post(address, right).status_code == 429
    api_answer = APIClient().get(
        PROGRESS, {"receipt": application.number, "check": application.check_code}
    )
    assert api_answer.json()["code"] == "too_many_tries"
