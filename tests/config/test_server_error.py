"""A fault of ours reaches nobody as a stack trace."""

import json

from django.test import RequestFactory

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
