"""A bundle at the window, from home and through the API: one form, one receipt, cases in steps."""

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from approvals import services as approvals
from catalogue.rules.bundles import BundleCard, PartLine
from catalogue.services import offer_bundle, rest_bundle, write_bundle
from common.errors import TransitionRefused
from intake import services as intake
from intake.choices import CaseResult, CaseState, MaterialStatus
from intake.errors import BundleDiffers
from intake.models import Application, Case, Draft
from organisations.services import system_user
from tests.factories.catalogue import FORM, MATERIALS, published_item
from tests.factories.intake import (
    Office,
    an_application,
    an_office,
    reread,
    token_of,
    valid_id,
)
from tests.factories.window import browser
from tests.intake.test_drafts import window_data

if TYPE_CHECKING:
    from catalogue.models import Bundle, Item

pytestmark = pytest.mark.django_db
APPLICATIONS = "/api/v1/intake/applications/"
EXTRA = {"key": "account", "label": "发放账户", "type": "text", "required": True, "help": "",
         "options": []}  # fmt: skip


class House:
    """An office that offers a bundle of two items, the second after the first."""

    def __init__(self) -> None:
        cache.clear()
        self.office: Office = an_office()
        self.first: Item = self.office.item
        self.second: Item = published_item(
            self.office.department,
            code="BG-MZ-013",
            name="困难残疾人生活补贴",
            materials=[dict(MATERIALS[1]), {**MATERIALS[0], "name": "残疾人证"}],
            form_definition=[FORM[0], EXTRA],
        )
        card = BundleCard(
            code="YJS-1",
            name="残疾人服务一件事",
            lead=self.office.department.code,
            parts=(PartLine(self.first.code), PartLine(self.second.code, 2)),
        )
        self.bundle: Bundle = write_bundle(actor=system_user("sample"), card=card)
        offer_bundle(actor=system_user("sample"), bundle_id=self.bundle.pk)

    def handed_in(self, **changes: Any) -> list[Case]:
        application = an_application(
            self.office, items=[self.first, self.second], bundle_code="YJS-1", **changes
        )
        return list(Case.objects.for_page().filter(application=application).order_by("step"))

    def decided(self, case: Case, result: str) -> Case:
        intake.begin_review(case_id=case.pk, actor=self.office.reviewer)
        return approvals.decide_case(
            case_id=case.pk, actor=self.office.reviewer, result=result, opinion="已审查。"
        )


@pytest.fixture
def house() -> House:
    return House()


def test_it_works_at_the_window(house: House) -> None:
    clerk = browser(house.office.clerk)
    found = clerk.get("/admin/window/", {"q": "cjrfw"}).content.decode()
    assert "window/form/?bundle=YJS-1" in found
    page = clerk.get("/admin/window/form/", {"bundle": "YJS-1"}).content.decode()
    assert page.count("残疾类别") == 1
    assert page.count('m-m1_here"') >= 1
    data = window_data(page)
    data |= {
        "a-name": "张小明",
        "a-id_type": "31",
        "a-id_number": valid_id(),
        "a-mobile": "13837212345",
        f"v{house.first.current_id}-disability_kind": "肢体",
        f"v{house.second.current_id}-account": "6217000000000000",
    }
    answer = clerk.post("/admin/window/form/", data, follow=True)
    assert answer.status_code == 200, re.findall(r"<li>.*?</li>", answer.content.decode())
    application = Application.objects.get()
    assert application.bundle == house.bundle
    one, two = application.cases.order_by("step")
    assert (one.step, two.step) == (1, 2)
    assert {one.state, two.state} == {CaseState.ACCEPTED}
    spared = two.materials.get(requirement__name="残疾人证")
    assert (spared.status, spared.note) == (MaterialStatus.WAIVED, "由前一步办理产生")
    assert "残疾人证</label>" not in page
    assert application.answers_to(two.version_id) == {
        "disability_kind": "肢体",
        "account": "6217000000000000",
    }
    shown = clerk.get(reverse("admin:intake_case_change", args=(two.pk,))).content.decode()
    assert "残疾人服务一件事" in shown
    assert "第2步" in shown


def test_a_missing_shared_answer_is_said_once(house: House) -> None:
    clerk = browser(house.office.clerk)
    page = clerk.get("/admin/window/form/", {"bundle": "YJS-1"}).content.decode()
    answer = clerk.post("/admin/window/form/", window_data(page))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert len(re.findall(rf'href="#id_v{house.first.current_id}-disability_kind"', text)) == 1
    assert f"#id_v{house.second.current_id}-disability_kind" not in text
    assert not Application.objects.exists()


def test_later_steps_are_granted_after_the_earlier_ones(house: House) -> None:
    one, two = house.handed_in()
    intake.begin_review(case_id=two.pk, actor=house.office.reviewer)
    with pytest.raises(TransitionRefused) as caught:
        approvals.decide_case(
            case_id=two.pk,
            actor=house.office.reviewer,
            result=CaseResult.GRANTED,
            opinion="同意。",
        )
    assert one.item.name in str(caught.value.reasons)
    house.decided(one, CaseResult.GRANTED)
    done = approvals.decide_case(
        case_id=two.pk, actor=house.office.reviewer, result=CaseResult.GRANTED, opinion="同意。"
    )
    assert reread(done).result == CaseResult.GRANTED


def test_after_a_refused_part_the_next_can_only_be_refused(house: House) -> None:
    one, two = house.handed_in()
    intake.begin_review(case_id=one.pk, actor=house.office.reviewer)
    approvals.decide_case(
        case_id=one.pk,
        actor=house.office.reviewer,
        result=CaseResult.REFUSED,
        opinion="不符合残疾评定标准。",
    )
    intake.begin_review(case_id=two.pk, actor=house.office.reviewer)
    with pytest.raises(TransitionRefused) as caught:
        approvals.decide_case(
            case_id=two.pk,
            actor=house.office.reviewer,
            result=CaseResult.GRANTED,
            opinion="同意。",
        )
    assert "未获准" in str(caught.value.reasons)
    approvals.decide_case(
        case_id=two.pk,
        actor=house.office.reviewer,
        result=CaseResult.REFUSED,
        opinion="前一事项未获准。",
    )
    assert reread(two).result == CaseResult.REFUSED


def test_a_bundle_that_changed_meanwhile_is_refused_whole(house: House) -> None:
    rest_bundle(actor=system_user("sample"), bundle_id=house.bundle.pk)
    with pytest.raises(BundleDiffers):
        house.handed_in()
    with pytest.raises(BundleDiffers):
        an_application(house.office, items=[house.first], bundle_code="YJS-1")
    assert not Application.objects.exists()


def test_the_window_says_what_cannot_be_taken_whole(house: House) -> None:
    rest_bundle(actor=system_user("sample"), bundle_id=house.bundle.pk)
    clerk = browser(house.office.clerk)
    for code in ("YJS-1", "nothing", "\x01"):
        answer = clerk.get("/admin/window/form/", {"bundle": code}, follow=True)
        assert answer.status_code == 200
        assert "一件事" in answer.content.decode()


def test_from_home_to_the_window(house: House) -> None:
    page = Client().get("/prefill/", {"bundle": "YJS-1"}).content.decode()
    assert "残疾人服务一件事" in page
    answer = Client().post(
        "/prefill/",
        {
            "bundle": "YJS-1",
            "token": "b" * 32,
            "a-name": "张小明",
            "a-id_type": "31",
            "a-id_number": valid_id(),
            "a-mobile": "13837212345",
            f"v{house.first.current_id}-disability_kind": "肢体",
            f"v{house.second.current_id}-account": "6217000000000000",
        },
    )
    assert answer.status_code == 200, answer.content.decode()
    draft = Draft.objects.get()
    assert draft.bundle_code == "YJS-1"
    clerk = browser(house.office.clerk)
    data = window_data(clerk.get("/admin/window/form/", {"draft": draft.pk}).content.decode())
    assert data["bundle"] == "YJS-1"
    clerk.post("/admin/window/form/", data)
    application = Application.objects.get()
    assert application.bundle == house.bundle
    assert application.cases.count() == 2


def body(house: House, **changes: Any) -> dict[str, Any]:
    return {
        "point": house.office.point.code,
        "bundle": "YJS-1",
        "items": [
            {"code": house.first.code, "form": {"disability_kind": "肢体"}},
            {"code": house.second.code, "form": {"account": "6217000000000000"}},
        ],
        "applicant": {"name": "张小明", "id_number": valid_id(), "mobile": "13837212345"},
        "materials": [{"name": row["name"]} for row in MATERIALS],
        **changes,
    }


def sent(house: House, data: dict[str, Any], key: str) -> Any:
    return Client().post(
        APPLICATIONS,
        json.dumps(data),
        content_type="application/json",
        headers={
            "Authorization": f"Token {token_of(house.office.client)}",
            "Idempotency-Key": key,
        },
    )


def test_through_the_api_with_shared_answers(house: House) -> None:
    answer = sent(house, body(house), "bundle-1")
    assert answer.status_code == 201, answer.content.decode()
    told = answer.json()
    assert told["bundle"] == "YJS-1"
    assert [case["step"] for case in told["cases"]] == [1, 2]
    second = Case.objects.get(step=2)
    assert second.application.answers_to(second.version_id)["disability_kind"] == "肢体"


def test_the_api_refuses_another_set_of_items(house: House) -> None:
    whole = body(house)
    for place, changes in enumerate(({"items": whole["items"][:1]}, {"bundle": "nothing"})):
        answer = sent(house, {**whole, **changes}, f"bundle-{place + 2}")
        assert answer.json()["code"] == "bundle_differs", answer.content.decode()
    assert not Application.objects.exists()


def test_the_api_lists_bundles(house: House) -> None:
    headers = {"Authorization": f"Token {token_of(house.office.client)}"}
    rows = Client().get("/api/v1/catalogue/bundles/", headers=headers).json()["results"]
    assert [row["code"] for row in rows] == ["YJS-1"]
    one = Client().get("/api/v1/catalogue/bundles/YJS-1/", headers=headers).json()
    assert [part["step"] for part in one["items"]] == [1, 2]
    shared = next(row for row in one["materials"] if row["name"] == "居民身份证")
    assert len(shared["serves"]) == 2
