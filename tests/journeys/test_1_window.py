"""Journey 1: a clerk finds an item by initials, fills one form, prints, accepts."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from documents.models import Attachment, Paper
from documents.services import read_paper
from intake.choices import CaseState, MaterialStatus, NoticeKind
from intake.models import Application, Case, CaseEvent, Notice
from tests.factories.catalogue import MATERIALS, published_item
from tests.factories.documents import PDF_BYTES, png_bytes
from tests.factories.intake import Office, an_office, valid_id
from tests.factories.window import open_form, window_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.fixture
def clerk(office: Office) -> Client:
    client = Client()
    client.force_login(office.clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_it_works(clerk: Client, office: Office) -> None:
    found = clerk.get(reverse("admin:window"), {"q": "cjrz"})
    assert office.item in found.context["found"]
    page = open_form(clerk, office.item)
    data = window_data(page, office.item)
    data["m-m1_file"] = SimpleUploadedFile("身份证.png", png_bytes())
    answer = clerk.post(reverse("admin:window_form"), data, follow=True)
    assert answer.status_code == 200
    application = Application.objects.get()
    case = application.cases.get()
    assert case.state == CaseState.ACCEPTED
    assert case.department == office.department
    assert application.number in answer.content.decode()
    assert application.spoken_check_code in answer.content.decode()
    assert read_paper(application.receipt).startswith(b"%PDF")
    assert Notice.objects.get(case=case).kind == NoticeKind.ACCEPTANCE
    assert case.materials.get(requirement__name="居民身份证").files.count() == 1
    verbs = list(CaseEvent.objects.for_subject(case.pk).values_list("verb", flat=True))
    assert verbs == ["open_case", "receive_case", "accept_case"]


def test_several_items_on_one_form_share_receipt_and_materials(
    clerk: Client, office: Office
) -> None:
    second = published_item(
        office.department, code="BG-CL-002", name="残疾人补贴", materials=[dict(MATERIALS[1])]
    )
    page = open_form(clerk, office.item, second)
    assert len(page.context["form"].materials.rows()) == 3
    data = window_data(page, office.item, second)
    data["m-m1_file"] = SimpleUploadedFile("a.pdf", PDF_BYTES)
    clerk.post(reverse("admin:window_form"), data)
    application = Application.objects.get()
    assert [case.state for case in application.cases.all()] == ["accepted", "accepted"]
    numbers = {case.number for case in application.cases.all()}
    assert numbers == {f"{application.number}-1", f"{application.number}-2"}
    assert Attachment.objects.count() == 1
    for case in application.cases.all():
        assert case.materials.get(requirement__name="居民身份证").files.count() == 1


def test_a_missing_material_prints_the_one_time_notice(clerk: Client, office: Office) -> None:
    page = open_form(clerk, office.item)
    data = window_data(page, office.item, ticked=(0,))
    asked = clerk.post(reverse("admin:window_form"), data)
    assert asked.status_code == 422
    assert "居民身份证" in asked.context["missing"]
    assert not Application.objects.exists()
    clerk.post(reverse("admin:window_form"), {**data, "action": "notice"})
    case = Case.objects.get()
    assert case.state == CaseState.CORRECTING
    notice = case.notices.get()
    assert notice.kind == NoticeKind.CORRECTION
    assert notice.paper.reveal_json("data")["materials"][0]["name"] == "居民身份证"
    assert case.application.receipt is not None


def test_a_material_that_may_follow_is_accepted_with_its_day(clerk: Client, office: Office) -> None:
    page = open_form(clerk, office.item)
    data = {**window_data(page, office.item, ticked=(0, 1)), "m-m2_later": "on"}
    clerk.post(reverse("admin:window_form"), data)
    case = Case.objects.get()
    assert case.state == CaseState.ACCEPTED
    photo = case.materials.get(requirement__name="两寸照片")
    assert photo.status == MaterialStatus.DEFERRED
    assert case.clocks.filter(purpose="deferral").exists()


def test_a_wrong_check_digit_is_an_error_at_its_field_and_nothing_is_lost(
    clerk: Client, office: Office
) -> None:
    page = open_form(clerk, office.item)
    number = valid_id(7)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    data = {**window_data(page, office.item), "a-id_number": wrong}
    data["m-m0_file"] = SimpleUploadedFile("表.pdf", PDF_BYTES)
    answer = clerk.post(reverse("admin:window_form"), data)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_a-id_number"' in text
    assert answer.context["form"].applicant.errors["id_number"]
    assert "张小明" in text
    assert wrong in text
    kept = answer.context["form"].materials.rows()[0]
    assert [file.name for file in kept.files] == ["表.pdf"]
    assert not Application.objects.exists()
    again = {**data, "a-id_number": number, "m-m0_kept": kept.kept.value()}
    del again["m-m0_file"]
    clerk.post(reverse("admin:window_form"), again)
    case = Case.objects.get()
    assert case.materials.get(requirement__order=kept_order(case)).files.count() == 1


def kept_order(case: Case) -> int:
    return min(row.requirement.order for row in case.materials.all())


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00 no scan", b"%PDF-1.4 cut off"])
def test_an_unreadable_file_is_refused_at_its_field(
    clerk: Client, office: Office, content: bytes
) -> None:
    data = window_data(open_form(clerk, office.item), office.item)
    data["m-m1_file"] = SimpleUploadedFile("scan.pdf", content)
    answer = clerk.post(reverse("admin:window_form"), data)
    assert answer.status_code == 422
    assert answer.context["form"].materials.errors["m1_file"]
    assert not Application.objects.exists()


def test_an_oversized_file_is_refused_at_its_field(
    clerk: Client, office: Office, settings: Any
) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1000
    data = window_data(open_form(clerk, office.item), office.item)
    data["m-m1_file"] = SimpleUploadedFile("scan.pdf", PDF_BYTES + b" " * 2000)
    answer = clerk.post(reverse("admin:window_form"), data)
    assert "MB" in answer.context["form"].materials.errors["m1_file"][0]
    assert not Application.objects.exists()


def test_a_double_click_makes_one_application(clerk: Client, office: Office) -> None:
    data = window_data(open_form(clerk, office.item), office.item)
    first = clerk.post(reverse("admin:window_form"), data)
    second = clerk.post(reverse("admin:window_form"), data)
    assert first.url == second.url
    assert Application.objects.count() == 1
    assert Paper.objects.count() == 2


def test_an_item_that_died_meanwhile_is_said_and_nothing_is_lost(
    clerk: Client, office: Office
) -> None:
    other = published_item(office.department, code="BG-CL-003", name="残疾人托养")
    data = window_data(open_form(clerk, office.item, other), office.item, other)
    other.current = None
    other.save()
    answer = clerk.post(reverse("admin:window_form"), data)
    assert answer.status_code == 409
    assert "张小明" in answer.content.decode()
    assert not Application.objects.exists()


def test_a_name_that_differs_from_the_one_on_file_must_be_confirmed(
    clerk: Client, office: Office
) -> None:
    data = window_data(open_form(clerk, office.item), office.item)
    clerk.post(reverse("admin:window_form"), data)
    other = {**window_data(open_form(clerk, office.item), office.item), "a-name": "张晓明"}
    other["s-meant_again"] = "on"
    asked = clerk.post(reverse("admin:window_form"), other)
    assert asked.context["form"].applicant.errors["name"]
    assert Application.objects.count() == 1
    clerk.post(reverse("admin:window_form"), {**other, "a-confirm_name": "on"})
    assert Application.objects.count() == 2
    assert Application.objects.values("applicant").distinct().count() == 1


def test_an_unprintable_name_issues_nothing_and_says_which(clerk: Client, office: Office) -> None:
    data = {**window_data(open_form(clerk, office.item), office.item), "a-name": "张\U0003134f"}
    answer = clerk.post(reverse("admin:window_form"), data)
    assert "U+3134F" in answer.content.decode()
    assert not Application.objects.exists()


def test_a_reviewer_has_no_window(office: Office) -> None:
    client = Client()
    client.force_login(office.reviewer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("admin:window")).status_code == 403


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_by_keyboard_alone_in_less_than_a_minute(new_page: Any, tmp_path: Path) -> None:
    office = an_office()
    published_item(office.department, code="BG-CL-009", name="残疾人证换领")
    scan = tmp_path / "身份证.png"
    scan.write_bytes(png_bytes())
    page = new_page()
    page.goto("/admin/login/")
    page.keyboard.type(office.clerk.username)
    page.keyboard.press("Tab")
    page.keyboard.type("pw")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    page.goto("/admin/window/")
    started = time.monotonic()
    page.keyboard.press("/")
    page.keyboard.type("cjrz")
    page.keyboard.press("Enter")
    page.wait_for_selector(".window-hit a:focus")
    assert page.locator(".window-hit").count() == 2
    arrow_to(page, "残疾人证办理")
    page.keyboard.press("Enter")
    page.wait_for_url("**/window/form/**")
    keys = ("张小明", "", valid_id(7), "13837212345", "")
    for text in keys:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.wait_for_selector("select[name$=disability_kind]:focus")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-all-here]:focus")
    page.keyboard.press("Tab")
    for material in range(3):
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        if material == 1:
            choose(page, scan)
        page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/window/done/**")
    assert time.monotonic() - started < 60
    case = Case.objects.get()
    assert case.state == CaseState.ACCEPTED
    assert case.item == office.item
    assert case.materials.filter(files__isnull=False).count() == 1
    assert page.locator("button:focus").inner_text() == "打印收件凭证"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_routine_case_costs_few_keys_beside_the_data(new_page: Any) -> None:
    office = an_office()
    page, keys = new_page(), Counter[str]()

    def press(key: str) -> None:
        keys[key] += 1
        page.keyboard.press(key)

    page.goto("/admin/login/")
    page.keyboard.type(office.clerk.username)
    page.keyboard.press("Tab")
    page.keyboard.type("pw")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    page.goto("/admin/window/")
    press("/")
    page.keyboard.type("cjrz")
    press("Enter")
    page.wait_for_selector(".window-hit a:focus")
    press("Enter")
    page.wait_for_url("**/window/form/**")
    for text in ("张小明", "", valid_id(7), "13837212345", ""):
        page.keyboard.type(text)
        press("Enter")
    page.wait_for_selector("select[name$=disability_kind]:focus")
    # Which kind it is, is data.
    page.keyboard.press("ArrowDown")
    press("Enter")
    press("Enter")
    page.wait_for_selector("[data-all-here]:focus")
    press("Enter")
    page.wait_for_selector("button[value=accept]:focus")
    press("Enter")
    page.wait_for_url("**/window/done/**")
    page.wait_for_selector("text=打印收件凭证")
    press("Enter")
    case = Case.objects.get()
    assert case.state == CaseState.ACCEPTED
    assert keys.total() <= 25, keys


def arrow_to(page: Any, text: str) -> None:
    """Go down the hits until the one with this name has the focus."""
    for _step in range(10):
        if text in page.locator(":focus").inner_text():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrow never reaches {text}")


def choose(page: Any, file: Path) -> None:
    """The dialogue is the machine's, not ours; the field it fills has the focus by keys alone."""
    field = page.locator("input[type=file]:focus")
    field.set_input_files(file)
