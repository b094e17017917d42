"""A fault of ours reaches nobody as a stack trace."""

import json

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.middleware import TrustedProxyMiddleware
from config.views import server_error


def test_an_api_client_gets_a_problem_document() -> None:
    answer = server_error(RequestFactory().get("/api/v1/intake/cases/"))
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["code"] == "server_error"


def test_a_person_gets_a_page_in_his_words() -> None:
    answer = server_error(RequestFactory().get("/admin/"))
    assert answer.status_code == 500
    assert "Traceback" not in answer.content.decode()
    assert answer["Content-Type"].startswith("text/html")


@pytest.mark.django_db
def test_an_unknown_address_of_the_api_is_a_problem_document(client: Client) -> None:
    answer = client.get("/api/v1/nope/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["{", "[" * 20_000])
def test_an_unreadable_body_is_refused_in_words(client: Client, body: str) -> None:
    answer = client.post("/api/v1/deadlines/preview/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "parse_error"


@pytest.mark.django_db
@pytest.mark.parametrize("body", [{"start": "0001-01-01", "workdays": 5}, {"rule": "\0"}])
def test_the_calculator_refuses_what_no_calendar_holds(
    client: Client, body: dict[str, str]
) -> None:
    answer = client.post("/api/v1/deadlines/preview/", body, content_type="application/json")
    assert answer.status_code == 400


def test_behind_our_proxy_the_asker_is_the_last_forwarded_address() -> None:
    request = RequestFactory().get("/", headers={"x-forwarded-for": "6.6.6.6, 10.1.2.3"})
    TrustedProxyMiddleware(lambda _request: HttpResponse()).process_request(request)
    assert request.META["REMOTE_ADDR"] == "10.1.2.3"
