"""Another street's case and another department's case, at every door."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from intake import services
from intake.choices import CaseState
from intake.models import Applicant, Application, Case, CaseEvent
from intake.services import MaterialInput
from organisations.choices import Role
from organisations.models import Post
from organisations.services import appoint
from tests.factories.catalogue import published_item
from tests.factories.documents import make_attachment
from tests.factories.intake import (
    Office,
    a_case_at,
    again,
    all_materials,
    an_application,
    an_office,
    reread,
    the_case,
)

pytestmark = pytest.mark.django_db
STRANGERS = ("other_clerk", "other_reviewer")


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.fixture
def case(office: Office) -> Case:
    scan = make_attachment(actor=office.clerk, region_code=office.point.region_id)
    given = [
        MaterialInput(m.name, attachment_ids=(scan.pk,)) if m.name == "居民身份证" else m
        for m in all_materials(office.item)
    ]
    return the_case(an_application(office, materials=given))


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(again(person), backend="django.contrib.auth.backends.ModelBackend")
    return client


def addresses(case: Case) -> list[str]:
    file = case.materials.get(requirement__name="居民身份证").files.get()
    return [
        reverse("admin:intake_case_change", args=(case.pk,)),
        reverse("admin:intake_case_do", args=(case.pk, "begin_review")),
        reverse("admin:intake_case_file", args=(case.pk, file.attachment_id)),
        reverse("documents:paper", args=(case.application.receipt_id,)),
        reverse("documents:attachment", args=(file.attachment_id,)),
    ]


def test_it_works_for_those_it_concerns(office: Office, case: Case) -> None:
    assert browser(office.clerk).get(addresses(case)[0]).status_code == 200
    for address in addresses(case)[:3]:
        assert browser(office.reviewer).get(address).status_code == 200, address


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_reads_nothing(office: Office, case: Case, who: str) -> None:
    client = browser(getattr(office, who))
    for address in addresses(case):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert "张" not in answer.content.decode()
    for text in (case.number, "zxm", "张小明"):
        page = client.get(reverse("admin:search"), {"q": text})
        assert reverse("admin:intake_case_change", args=(case.pk,)) not in page.content.decode()


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_changes_nothing(office: Office, case: Case, who: str) -> None:
    client, before = browser(getattr(office, who)), CaseEvent.objects.count()
    for verb in ("begin_review", "withdraw_case", "no_such_verb"):
        address = reverse("admin:intake_case_do", args=(case.pk, verb))
        assert client.post(address, {"note": "x", "wished": "on"}).status_code == 404
    reveal = reverse("admin:intake_case_reveal", args=(case.pk,))
    assert client.post(reveal, {"reason": "x"}).status_code == 404
    api = APIClient()
    api.force_authenticate(again(getattr(office, who)))
    for method in (api.get, api.post):
        answer = method(f"/api/v1/intake/cases/{case.number}/begin_review/", {}, format="json")
        assert answer.status_code in {404, 405}
    assert CaseEvent.objects.count() == before
    assert reread(case).state == CaseState.ACCEPTED


def test_a_stranger_of_the_window_page_sees_no_receipt(office: Office, case: Case) -> None:
    address = reverse("admin:window_done", args=(case.application_id,))
    assert browser(office.clerk).get(address).status_code == 200
    answer = browser(office.other_clerk).get(address)
    assert answer.status_code == 404
    assert "没有这个办件" in answer.content.decode()


def test_a_file_of_another_case_is_not_served_through_ones_own(office: Office, case: Case) -> None:
    other = a_case_at(CaseState.ACCEPTED, office)
    file = case.materials.get(requirement__name="居民身份证").files.get()
    address = reverse("admin:intake_case_file", args=(other.pk, file.attachment_id))
    assert browser(office.clerk).get(address).status_code == 404


def test_every_queryset_starts_with_scope(office: Office, case: Case) -> None:
    for model in (Case, Application, Applicant):
        assert model.objects.visible_to(again(office.clerk)).count() == 1
        assert model.objects.visible_to(again(office.reviewer)).count() == 1
        assert model.objects.visible_to(again(office.administrator)).count() == 1
        for who in (*STRANGERS, "client"):
            assert not model.objects.visible_to(again(getattr(office, who))).exists(), (model, who)


def test_a_department_of_one_case_sees_not_the_other_departments_case(office: Office) -> None:
    second = published_item(office.other_department, code="MZ-1", name="低保")
    application = an_application(office, items=[office.item, second])
    seen = Case.objects.visible_to(again(office.other_reviewer))
    assert [case.item for case in seen] == [second]
    assert Application.objects.visible_to(again(office.other_reviewer)).get() == application
    page = browser(office.other_reviewer).get(
        reverse("admin:intake_case_change", args=(seen.get().pk,))
    )
    assert page.status_code == 200


def test_a_clerk_who_reviews_elsewhere_cannot_review_here(office: Office, case: Case) -> None:
    post = Post.objects.create(title="兼", role=Role.REVIEWER, unit=office.other_department)
    appoint(post=post, holder_a=office.clerk)
    both = again(office.clerk)
    assert both.has_perm("intake.review_case")
    answer = browser(both).post(reverse("admin:intake_case_do", args=(case.pk, "begin_review")), {})
    assert answer.status_code == 409
    assert reread(case).state == CaseState.ACCEPTED
    offered = services.records.offers(reread(case), both)
    assert "begin_review" not in {offer.transition.name for offer in offered}
