"""Who has been here before: the same matter twice, materials used again, minors and guardians."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from stdnum.cn import ric

from common import time
from documents.services import store_attachment
from intake.choices import MaterialStatus
from intake.errors import EarlierUnusable
from intake.models import Application, Case, CaseMaterial
from intake.rules.identity import is_minor
from intake.rules.reuse import reusable_until
from intake.services import MaterialInput
from intake.services.earlier import earlier_materials, person_of, twins
from tests.factories.catalogue import FORM, MATERIALS, published_item
from tests.factories.documents import PDF_BYTES
from tests.factories.intake import (
    Office,
    all_materials,
    an_applicant,
    an_application,
    an_office,
    the_case,
    token_of,
    valid_id,
)
from tests.factories.window import browser, open_form, window_data

pytestmark = pytest.mark.django_db
NUMBER = valid_id(907)


def child_id(years: int) -> str:
    born = date(time.today().year - years, 1, 1)
    body = f"410503{born:%Y%m%d}123"
    return body + ric.calc_check_digit(body + "0")


@pytest.fixture
def office() -> Office:
    cache.clear()
    return an_office()


def scan(office: Office, name: str = "户口簿.pdf") -> Any:
    upload = SimpleUploadedFile(name, PDF_BYTES, "application/pdf")
    return store_attachment(
        upload=upload, name=name, actor=office.clerk, region_code=office.point.region_id
    )


def with_scan(office: Office, **changes: Any) -> Case:
    """A case whose identity card came with a scan."""
    given = [
        MaterialInput(name=one.name, attachment_ids=(scan(office).pk,))
        if one.name == "居民身份证"
        else one
        for one in all_materials(office.item)
    ]
    facts = {"applicant": an_applicant(id_number=NUMBER), "materials": given, **changes}
    return the_case(an_application(office, **facts))


def another_item(office: Office) -> Any:
    return published_item(
        office.department, code="BG-X-1", name="另一事项", materials=[dict(MATERIALS[1])]
    )


@pytest.mark.parametrize(
    ("received", "months", "until"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 13, date(2027, 2, 28)),
        (date(2026, 11, 25), None, date(2027, 11, 25)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_how_long_a_material_is_used_again(received: date, months: int | None, until: date) -> None:
    assert reusable_until(received, months) == until


def test_whoever_is_under_eighteen_today() -> None:
    today = date(2026, 11, 25)
    body = "41050320081125123"
    eighteen = body + ric.calc_check_digit(body + "0")
    assert not is_minor("31", eighteen, today)
    assert is_minor("31", eighteen, today - timedelta(days=1))
    assert not is_minor("12", eighteen, today - timedelta(days=1))


def test_what_lies_here_is_offered_while_it_is_valid(office: Office) -> None:
    case = with_scan(office)
    person = person_of("31", f" {NUMBER} ")
    assert person is not None
    names = ["居民身份证", "残疾人证申请表"]
    found = earlier_materials(actor=office.clerk, person=person, names=names)
    assert list(found) == ["居民身份证"]
    assert found["居民身份证"].row.case == case
    assert not earlier_materials(actor=office.other_clerk, person=person, names=names)
    with time.freeze(time.now() + timedelta(days=366)):
        assert not earlier_materials(actor=office.clerk, person=person, names=names)


def test_a_material_is_used_again_with_its_scan_and_its_own_age(office: Office) -> None:
    first = with_scan(office)
    row = first.materials.get(requirement__name="居民身份证")
    item = another_item(office)
    with time.freeze(time.now() + timedelta(days=200)):
        second = the_case(
            an_application(
                office,
                items=[item],
                applicant=an_applicant(id_number=NUMBER),
                materials=[MaterialInput(name="居民身份证", earlier_id=row.pk)],
            )
        )
    again = second.materials.get()
    assert (again.status, again.original) == (MaterialStatus.RECEIVED, row)
    assert again.files.get().attachment == row.files.get().attachment
    assert first.number in again.note
    person = person_of("31", NUMBER)
    assert person is not None
    with time.freeze(time.now() + timedelta(days=400)):
        assert not earlier_materials(actor=office.clerk, person=person, names=["居民身份证"])


def test_another_persons_or_an_old_material_is_refused(office: Office) -> None:
    row = with_scan(office).materials.get(requirement__name="居民身份证")
    item = another_item(office)
    given = [MaterialInput(name="居民身份证", earlier_id=row.pk)]
    with pytest.raises(EarlierUnusable):
        an_application(office, items=[item], materials=given)
    with (
        time.freeze(time.now() + timedelta(days=366)),
        pytest.raises(EarlierUnusable),
    ):
        an_application(
            office, items=[item], materials=given, applicant=an_applicant(id_number=NUMBER)
        )
    assert Application.objects.count() == 1


def test_the_window_shows_what_is_on_file(office: Office) -> None:
    case = with_scan(office)
    clerk = browser(office.clerk)
    data = window_data(open_form(clerk, office.item), office.item) | {"a-id_number": NUMBER}
    part = clerk.post("/admin/window/known/", data).content.decode()
    assert case.number in part
    assert "沿用“居民身份证”" in part
    assert "<html" not in part
    nobody = clerk.post("/admin/window/known/", data | {"a-id_number": valid_id(908)})
    assert nobody.content.decode().strip() == ""
    odd = clerk.post("/admin/window/known/", {"a-id_number": "x"})
    assert odd.content.decode().strip() == ""


def test_the_same_matter_twice_is_said_and_then_done(office: Office) -> None:
    with_scan(office)
    clerk = browser(office.clerk)
    data = window_data(open_form(clerk, office.item), office.item) | {"a-id_number": NUMBER}
    answer = clerk.post("/admin/window/form/", data)
    assert answer.status_code == 409
    assert "申请人近期已申请过同一事项" in answer.content.decode()
    assert Application.objects.count() == 1
    clerk.post("/admin/window/form/", data | {"s-meant_again": "on"})
    assert Application.objects.count() == 2


def test_an_old_and_closed_case_is_no_twin(office: Office) -> None:
    case = with_scan(office)
    person = person_of("31", NUMBER)
    assert person is not None
    wanted = {"actor": office.clerk, "person": person, "item_ids": [office.item.pk]}
    assert twins(**wanted) == [case]
    Case.objects.filter(pk=case.pk).update(state="withdrawn", result="withdrawn")
    assert twins(**wanted) == [case]
    with time.freeze(time.now() + timedelta(days=31)):
        assert twins(**wanted) == []


def test_used_again_at_the_window(office: Office) -> None:
    row = with_scan(office).materials.get(requirement__name="居民身份证")
    item = another_item(office)
    clerk = browser(office.clerk)
    page = open_form(clerk, item)
    data = window_data(page, item, ticked=()) | {"a-id_number": NUMBER, "m-m0_earlier": row.pk}
    data[f"v{item.current_id}-{FORM[0]['key']}"] = "肢体"
    answer = clerk.post("/admin/window/form/", data, follow=True)
    assert answer.status_code == 200, re.findall(r"<li>.*?</li>", answer.content.decode())
    assert CaseMaterial.objects.get(case__item=item).original == row


def test_a_minor_comes_with_his_guardian(office: Office) -> None:
    clerk = browser(office.clerk)
    data = window_data(open_form(clerk, office.item), office.item) | {"a-id_number": child_id(9)}
    refused = clerk.post("/admin/window/form/", data)
    assert refused.status_code == 422
    assert "监护人" in refused.content.decode()
    data |= {"a-agent_name": "张父", "a-agent_id": valid_id(909), "a-agent_role": "guardian"}
    answer = clerk.post("/admin/window/form/", data, follow=True)
    assert answer.status_code == 200
    facts = Application.objects.get().agent_facts()
    assert (facts["name"], facts["role"]) == ("张父", "guardian")


def test_a_minor_through_the_api(office: Office) -> None:
    body = {
        "point": office.point.code,
        "items": [{"code": office.item.code, "form": {"disability_kind": "肢体"}}],
        "applicant": {"name": "张小童", "id_number": child_id(9), "mobile": "13837212345"},
        "materials": [],
    }
    told = {}
    for key, changes in (
        ("minor-1", {}),
        ("minor-2", {"agent": {"name": "张父"}}),
        ("minor-3", {"agent": {"name": "张父", "role": "guardian"}}),
    ):
        told[key] = Client().post(
            "/api/v1/intake/applications/",
            json.dumps(body | changes),
            content_type="application/json",
            headers={"Authorization": f"Token {token_of(office.client)}", "Idempotency-Key": key},
        )
    assert told["minor-1"].json()["code"] == told["minor-2"].json()["code"] == "guardian_missing"
    assert told["minor-3"].status_code == 201, told["minor-3"].content.decode()
