"""Files a citizen sends after with his receipt: by page and API, and what is refused."""

import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from rest_framework.test import APIClient

from common.events import chain_faults
from common.time import today
from documents.models import Attachment
from intake import services
from intake.choices import CaseState, ClockPurpose, MaterialStatus
from intake.models import Case, CaseEvent, CaseMaterial
from intake.services.supplements import MOST_FILES
from notifications.models import InboxMessage
from tests.factories.documents import PDF_BYTES
from tests.factories.intake import Office, a_case_at, an_office, reread

pytestmark = pytest.mark.django_db
PAGE, API = "/progress/supplement/", "/api/v1/intake/progress/supplements/"


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.fixture
def case(office: Office) -> Case:
    return a_case_at(CaseState.CORRECTING, office)


def picture(kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, kind)
    return out.getvalue()


def zipped(size: int = 10) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"0" * size)
    return out.getvalue()


def proof(of: Case, **changes: str) -> dict[str, Any]:
    application = of.application
    held = {"receipt": application.number, "check": application.check_code, "case": of.number}
    return {**held, **changes}


def send(of: Case, content: bytes = PDF_BYTES, name: str = "身份证.pdf", **changes: str) -> Any:
    files = {"f1": SimpleUploadedFile(name, content)}
    return Client().post(PAGE, {**proof(of, **changes), **files})


def test_it_works(office: Office, case: Case) -> None:
    shown = Client().post(reverse("intake:progress"), proof(case)).content.decode()
    assert "补交材料" in shown or "提交" in shown
    answer = send(case)
    assert answer.status_code == 200, answer.content.decode()
    assert "已收到" in answer.content.decode()
    case = reread(case)
    assert case.state == CaseState.RECEIVED
    row = CaseMaterial.objects.get(case=case, status=MaterialStatus.RECEIVED)
    assert row.files.get().attachment.data_key == case.application.data_key
    event = CaseEvent.objects.get(case=case, verb="hand_in_correction")
    assert event.actor.username == "system:public"
    assert event.proof == {"receipt": case.application.number}
    assert chain_faults(CaseEvent.objects.for_subject(case.pk)) == []
    duty = case.clocks.filter(purpose=ClockPurpose.ACCEPTANCE).latest("pk").clock
    assert duty.rule.code == "APP-03"
    assert InboxMessage.objects.filter(recipient=office.clerk, subject_id=case.number).exists()


def test_what_was_promised_to_follow_is_sent_by_api(office: Office) -> None:
    case = a_case_at(CaseState.ACCEPTED, office)
    row = case.materials.get(requirement__name="两寸照片")
    CaseMaterial.objects.filter(pk=row.pk).update(
        status=MaterialStatus.DEFERRED, due_on=today() + timedelta(days=3), received_at=None
    )
    upload = SimpleUploadedFile("照片.png", picture())
    sent = proof(case, material="两寸照片")
    answer = APIClient().post(API, {**sent, "file": upload}, format="multipart")
    assert answer.status_code == 201, answer.json()
    row.refresh_from_db()
    assert row.status == MaterialStatus.RECEIVED
    assert answer.json()["cases"][0]["open_materials"] == []
    again = APIClient().post(
        API, {**sent, "file": SimpleUploadedFile("照片.png", picture())}, format="multipart"
    )
    assert (again.status_code, again.json()["code"]) == (409, "nothing_open")


FAULTS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "nothing in it": (lambda: b"", "a.pdf", "空"),
    "a zip bomb": (lambda: zipped(20_000_000), "a.pdf", "只收"),
    "an SVG with script": (lambda: b"<svg><script>alert(1)</script></svg>", "a.svg", "只收"),
    "a page": (lambda: b"<html><script>1</script></html>", "a.pdf", "只收"),
    "a program": (lambda: b"MZ\x90\x00" + b"0" * 99, "a.pdf", "只收"),
    "a PDF that is a zip, too": (lambda: PDF_BYTES + zipped(), "a.pdf", "夹带"),
    "a zip before a PDF": (lambda: b"PK\x03\x04" + PDF_BYTES, "a.pdf", "夹带"),
    "a picture with more behind it": (lambda: picture() + b"<?php 1 ?>", "a.png", "夹带"),
    "a photo with more behind it": (lambda: picture("JPEG") + b"<html>", "a.jpg", "夹带"),
    "another kind than its name": (picture, "a.pdf", "不符"),
    "no ending": (lambda: PDF_BYTES, "扫描件", "不符"),
    "a PDF that runs something": (
        lambda: PDF_BYTES.replace(b"<<>>endobj", b"<</OpenAction 2 0 R/JavaScript 3 0 R>>endobj"),
        "a.pdf",
        "程序",
    ),
    "a PDF with files in it": (
        lambda: PDF_BYTES.replace(b"<<>>endobj", b"<</Type/EmbeddedFile>>endobj"),
        "a.pdf",
        "程序",
    ),
    "a locked PDF": (
        lambda: PDF_BYTES.replace(b"trailer<<>>", b"trailer<</Encrypt 5 0 R>>"),
        "a.pdf",
        "密码",
    ),
    "a PDF cut off": (lambda: PDF_BYTES[:40], "a.pdf", "打不开"),
    "a picture cut off": (lambda: picture()[:40], "a.png", "打不开"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_hostile_files_are_refused_clearly_and_nothing_changes(case: Case, fault: str) -> None:
    make, name, words = FAULTS[fault]
    content = make()
    events, files = CaseEvent.objects.count(), Attachment.objects.count()
    answer = send(case, content, name)
    page = answer.content.decode()
    assert 400 <= answer.status_code < 500
    assert words in page, page[page.find('role="alert"') :][:400]
    upload = SimpleUploadedFile(name, content)
    sent = {**proof(case, material="居民身份证"), "file": upload}
    by_api = APIClient().post(API, sent, format="multipart")
    assert 400 <= by_api.status_code < 500
    assert (CaseEvent.objects.count(), Attachment.objects.count()) == (events, files)
    assert reread(case).state == CaseState.CORRECTING


def test_a_file_over_the_limit_is_refused(case: Case, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1000
    answer = send(case, PDF_BYTES + b" " * 2000)
    assert answer.status_code in {400, 422}
    assert "MB" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_one_bad_file_among_two_takes_neither(case: Case) -> None:
    files = {
        "f0": SimpleUploadedFile("好.pdf", PDF_BYTES),
        "f1": SimpleUploadedFile("坏.pdf", b"x"),
    }
    answer = Client().post(PAGE, {**proof(case), **files})
    assert "居民身份证" in answer.content.decode()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"check": "22222222"}, {"receipt": "BG000000000-20260101-0001"}, {"case": "BG-X"}]
)
def test_a_stranger_sends_nothing(case: Case, changes: dict[str, str]) -> None:
    assert send(case, **changes).status_code in {404, 409}
    assert not Attachment.objects.exists()


def test_another_applications_case_is_out_of_reach(office: Office, case: Case) -> None:
    other = a_case_at(CaseState.RECEIVED, office)
    answer = send(other, case=case.number)
    assert answer.status_code == 409
    assert not Attachment.objects.exists()


def test_no_more_files_in_a_day_than_an_application_needs(case: Case) -> None:
    cache.set(f"supplements:{case.application_id}", MOST_FILES)
    answer = send(case)
    assert answer.status_code == 429
    assert not Attachment.objects.exists()


def test_when_the_case_went_on_meanwhile_nothing_is_lost_silently(
    office: Office, case: Case
) -> None:
    services.return_case(case_id=case.pk, actor=office.clerk, note="本人要求")
    answer = send(case)
    assert answer.status_code == 409
    assert "目前没有需要补交的材料" in answer.content.decode()


def test_progress_asks_a_fixed_number_of_questions(
    office: Office, case: Case, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(14):
        Client().post(reverse("intake:progress"), proof(case))
