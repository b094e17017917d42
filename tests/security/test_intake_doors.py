"""Doors of intake given what no page sends: an answer in words, and nobody's case is lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from intake.choices import CaseState
from intake.models import Application, CaseEvent
from tests.factories.catalogue import published_item
from tests.factories.intake import Office, a_case_at, again, an_office, reread, valid_id

pytestmark = pytest.mark.django_db
HUGE, ENDLESS = "9" * 30, "9" * 5000
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def office() -> Office:
    return an_office()


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(again(person), backend=BACKEND)
    return client


def api(person: Any) -> APIClient:
    client = APIClient()
    client.force_authenticate(again(person))
    return client


def typed(clerk: Client, *items: Any) -> dict[str, Any]:
    """What a clerk sends from a fresh form."""
    page = clerk.get(reverse("admin:window_form"), {"item": [item.pk for item in items]})
    form = page.context["form"]
    ticks = {f"m-m{place}_here": "on" for place in range(3)}
    answers = {f"v{item.current_id}-disability_kind": "肢体" for item in items}
    return {
        "item": [item.pk for item in items],
        "s-token": form.slip["token"].value(),
        "s-post": form.posts[0].pk,
        "a-name": "张小明",
        "a-id_type": "31",
        "a-id_number": valid_id(7),
        "a-mobile": "13837212345",
        "action": "accept",
        **ticks,
        **answers,
    }


def online(office: Office, **changes: Any) -> dict[str, Any]:
    """A whole application of an API client."""
    person = {"name": "张小明", "id_number": valid_id(9), "mobile": "13837212345"}
    item = {"code": office.item.code, "form": {"disability_kind": "肢体"}}
    return {"point": office.point.code, "items": [item], "applicant": person, **changes}


def hand_in(office: Office, key: str, **changes: Any) -> Any:
    return api(office.client).post(
        "/api/v1/intake/applications/",
        online(office, **changes),
        format="json",
        headers={"Idempotency-Key": key},
    )


def test_the_next_person_on_a_used_form_is_not_lost(office: Office) -> None:
    clerk, address = browser(office.clerk), reverse("admin:window_form")
    data = typed(clerk, office.item)
    clerk.post(address, data)
    first = Application.objects.get()
    data |= {"a-name": "李四", "a-id_number": valid_id(8)}
    refused = clerk.post(address, data)
    assert refused.status_code == 409
    text = refused.content.decode()
    assert first.number in text
    assert "李四" in text
    fresh = refused.context["form"].slip["token"].value()
    assert fresh != data["s-token"]
    assert f'value="{fresh}"' in text
    assert clerk.post(address, {**data, "s-token": fresh}).status_code == 302
    names = {row.applicant.reveal("name") for row in Application.objects.all()}
    assert names == {"张小明", "李四"}


def test_other_items_on_a_used_form_are_not_lost(office: Office) -> None:
    clerk, address = browser(office.clerk), reverse("admin:window_form")
    second = published_item(office.department, code="T-2", name="第二项")
    data = typed(clerk, office.item)
    clerk.post(address, data)
    refused = clerk.post(address, {**typed(clerk, second), "s-token": data["s-token"]})
    assert refused.status_code == 409
    assert Application.objects.count() == 1


def test_unmasking_without_the_permission_is_a_403(office: Office) -> None:
    case = a_case_at(CaseState.ACCEPTED, office)
    person = again(office.supervisor)
    assert person.has_perm("intake.view_case")
    assert not person.has_perm("intake.reveal_applicant")
    before = CaseEvent.objects.count()
    address = reverse("admin:intake_case_reveal", args=(case.pk,))
    for reason in ("核对", ""):
        assert browser(person).post(address, {"reason": reason}).status_code == 403
    assert CaseEvent.objects.count() == before


@pytest.mark.parametrize("body", [[], ["x"], "x", 5, True])
def test_a_verb_takes_an_object_only(office: Office, body: Any) -> None:
    case = a_case_at(CaseState.RECEIVED, office)
    for verb in ("add_materials", "request_correction", "accept_case"):
        address = f"/api/v1/intake/cases/{case.number}/{verb}/"
        answer = api(office.clerk).post(address, body, format="json")
        assert (answer.status_code, answer.data["code"]) == (400, "invalid_input"), verb
    assert reread(case).state == CaseState.RECEIVED


@pytest.mark.parametrize("files", [5, "x", {"a": 1}, True])
def test_files_of_a_material_are_a_list(office: Office, files: Any) -> None:
    case = a_case_at(CaseState.RECEIVED, office)
    for name in ("x", "居民身份证"):
        answer = api(office.clerk).post(
            f"/api/v1/intake/cases/{case.number}/add_materials/",
            {"materials": [{"name": name, "files": files}]},
            format="json",
        )
        assert answer.status_code == 400, name
        assert "materials" in answer.data["errors"]


@pytest.mark.parametrize("day", [5, 0, [1], {"a": 1}, True])
def test_a_day_that_is_no_text(office: Office, day: Any) -> None:
    case = a_case_at(CaseState.RECEIVED, office)
    answer = api(office.clerk).post(
        f"/api/v1/intake/cases/{case.number}/request_correction/",
        {"due_on": day, "demands": [{"name": "x", "fault": "x", "demand": "x"}]},
        format="json",
    )
    assert answer.status_code == 400
    assert "due_on" in answer.data["errors"]


@pytest.mark.parametrize("wished", [0, False, "false", None, []])
def test_no_wish_is_no_wish(office: Office, wished: Any) -> None:
    case = a_case_at(CaseState.RECEIVED, office)
    address = f"/api/v1/intake/cases/{case.number}/withdraw_case/"
    given = {"wished": wished, "note": "不办了"}
    assert api(office.clerk).post(address, given, format="json").status_code == 400
    assert reread(case).state == CaseState.RECEIVED


@pytest.mark.parametrize("key", [HUGE, ENDLESS, "²", "-1"])
def test_keys_no_row_has(office: Office, key: str) -> None:
    clerk = browser(office.clerk)
    picked = clerk.get(reverse("admin:window"), {"item": key})
    assert (picked.status_code, picked.context["chosen"]) == (200, [])
    form = reverse("admin:window_form")
    for answer in (clerk.get(form, {"item": key}), clerk.post(form, {"item": key})):
        assert (answer.status_code, answer["Location"]) == (302, reverse("admin:window"))
    assert clerk.get(f"/admin/intake/case/{key}/change/").status_code == 404


def test_an_agents_number_is_checked_online(office: Office) -> None:
    wrong = {"name": "王五", "id_number": "410503199001011230"}
    answer = hand_in(office, "k-1", agent=wrong)
    assert answer.status_code == 400
    assert "agent.id_number" in answer.data["errors"]
    assert not Application.objects.exists()
    right = {"name": "王五", "id_number": valid_id(10)}
    assert hand_in(office, "k-2", agent=right).status_code == 201
    assert right.items() <= Application.objects.get().agent_facts().items()
