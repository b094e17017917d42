"""Every page of every case renders, in constant queries, with the verbs of the table."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from intake.choices import CaseState
from intake.services.records import offers
from tests.factories.intake import Office, a_case_at, again, an_application, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return an_office()


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(again(person), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("state", CaseState.values)
def test_it_works_in_every_state_for_window_and_department(office: Office, state: str) -> None:
    case = a_case_at(state, office)
    for person in (office.clerk, office.head):
        page = browser(person).get(reverse("admin:intake_case_change", args=(case.pk,)))
        assert page.status_code == 200
        text = page.content.decode()
        assert case.state_label in text
        assert "style=" not in text
        for offer in offers(case, again(person)):
            address = reverse("admin:intake_case_do", args=(case.pk, offer.transition.name))
            assert (address in text) is offer.allowed
            if offer.allowed:
                form = browser(person).get(address)
                assert form.status_code == 200, offer.transition.name
                assert str(offer.transition.label) in form.content.decode()
            else:
                assert all(reason in text for reason in offer.reasons)


def test_the_case_page_costs_the_same_for_every_length(
    office: Office, django_assert_max_num_queries: Any
) -> None:
    case = a_case_at(CaseState.ARCHIVED, office)
    client = browser(office.head)
    client.get("/admin/")
    with django_assert_max_num_queries(30):
        client.get(reverse("admin:intake_case_change", args=(case.pk,)))


def test_the_start_page_shows_what_waits(office: Office) -> None:
    case = a_case_at(CaseState.ACCEPTED, office)
    text = browser(office.reviewer).get(reverse("admin:index")).content.decode()
    assert case.number in text
    assert "待我审批" in text
    assert case.number not in browser(office.other_reviewer).get("/admin/").content.decode()


def test_registers_render(office: Office) -> None:
    a_case_at(CaseState.CLOSED, office)
    client = browser(office.head)
    for name in ("intake_application_changelist", "approvals_decision_changelist"):
        page = client.get(reverse(f"admin:{name}"))
        assert page.status_code == 200
        assert "张*明" in page.content.decode()


def test_a_refused_verb_says_why_and_typed_text_stays(office: Office) -> None:
    case = a_case_at(CaseState.RECEIVED, office)
    address = reverse("admin:intake_case_do", args=(case.pk, "refuse_acceptance"))
    answer = browser(office.clerk).post(
        address, {"ground": "not_competent", "reason": "写好的理由", "proper_organ": ""}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "写好的理由" in text
    assert 'href="#id_proper_organ"' in text


def test_notice_form_lists_every_material_with_the_missing_ones_ticked(office: Office) -> None:
    application = an_application(office, materials=[], settle=False)
    case = application.cases.get()
    address = reverse("admin:intake_case_do", args=(case.pk, "request_correction"))
    page = browser(office.clerk).get(address)
    ticked = [tick.label for tick, _fault, _demand in page.context["form"].lines() if tick.value()]
    assert ticked == ["残疾人证申请表", "居民身份证", "两寸照片"]
    form = page.context["form"]
    data = {bound.html_name: bound.value() or "" for bound in form}
    data |= {name: "on" for name in data if name.startswith("ask_") and data[name] is True}
    answer = browser(office.clerk).post(address, {k: v for k, v in data.items() if v}, follow=True)
    assert answer.status_code == 200
    assert case.notices.get().paper.reveal_json("data")["materials"]
