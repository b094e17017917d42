"""Doors to papers and files: scope, headers, the public check."""

import uuid
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings as live_settings
from django.test import Client
from django.urls import reverse

from common.sealing import new_data_key
from documents.models import Attachment, Paper
from documents.services import read_paper
from organisations.choices import Role
from organisations.models import Post, Region, User
from organisations.services import appoint, system_user
from tests.factories.documents import PDF_BYTES, make_attachment, make_paper, make_street

pytestmark = pytest.mark.django_db


def clerk_of(code: str, username: str) -> Client:
    unit = make_street()
    region, _new = Region.objects.get_or_create(
        code=code, defaults={"name": code, "level": "street"}
    )
    user = User.objects.create_user(username)
    post = Post.objects.create(title="综窗", role=Role.CLERK, unit=unit, region=region)
    appoint(post=post, holder_a=user)
    client = Client()
    client.force_login(
        User.objects.get(pk=user.pk), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


@pytest.fixture
def own() -> Client:
    return clerk_of("410503004000", "own")


@pytest.fixture
def stranger() -> Client:
    return clerk_of("410503003000", "stranger")


@pytest.fixture
def paper() -> Paper:
    return make_paper(actor=system_user("sample"), number="灯〔2026〕1号")


@pytest.fixture
def scan() -> Attachment:
    return make_attachment(actor=system_user("sample"), name="身份证.png")


def test_it_works(own: Client, paper: Paper) -> None:
    answer = own.get(f"/papers/{paper.pk}/")
    assert answer.status_code == 200
    assert answer.content == read_paper(paper)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert quote("收件凭证") in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"


def test_a_file_is_saved_or_shown(own: Client, scan: Attachment) -> None:
    saved = own.get(f"/files/{scan.pk}/")
    assert saved["Content-Disposition"].startswith("attachment")
    assert saved["X-Content-Type-Options"] == "nosniff"
    assert saved["Content-Type"] == "image/png"
    shown = own.get(f"/files/{scan.pk}/?view=1")
    assert shown["Content-Disposition"].startswith("inline")
    assert shown.content == saved.content


def test_another_streets_clerk_finds_nothing(
    stranger: Client, paper: Paper, scan: Attachment
) -> None:
    assert stranger.get(f"/papers/{paper.pk}/").status_code == 404
    assert stranger.get(f"/files/{scan.pk}/").status_code == 404


def test_a_guest_is_sent_to_the_login(client: Client, paper: Paper, scan: Attachment) -> None:
    for address in (f"/papers/{paper.pk}/", f"/files/{scan.pk}/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "login" in answer["Location"]


def test_unknown_is_not_found_and_post_not_allowed(own: Client, paper: Paper) -> None:
    assert own.get(f"/papers/{uuid.uuid4()}/").status_code == 404
    assert own.post(f"/papers/{paper.pk}/").status_code == 405


def test_erased_and_damaged_are_said_in_words(own: Client, scan: Attachment) -> None:
    key = new_data_key()
    erased = make_attachment(
        actor=system_user("sample"), content=PDF_BYTES, name="a.pdf", data_key=key
    )
    key.erase()
    answer = own.get(f"/files/{erased.pk}/")
    assert answer.status_code == 410
    assert "个人信息已" in answer.content.decode()
    (Path(live_settings.MEDIA_ROOT) / scan.path).unlink()
    damaged = own.get(f"/files/{scan.pk}/")
    assert damaged.status_code == 500
    assert "损坏" in damaged.content.decode()


def test_the_public_check_names_a_genuine_paper_and_no_person(client: Client, paper: Paper) -> None:
    answer = client.get(
        reverse("documents:check"), {"number": paper.number, "code": paper.check_code}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "该文书真实有效" in page
    assert paper.sha256 in page
    assert "张镕" not in page


def test_the_qr_code_leads_to_the_check(client: Client, paper: Paper) -> None:
    address = paper.reveal_json("data")["check_url"]
    path = "/" + address.split("/", 3)[3]
    assert "该文书真实有效" in client.get(path).content.decode()
    assert "没有出具过" in client.get(path.replace(paper.check_code, "AAAAAAAA")).content.decode()


@pytest.mark.parametrize(
    "query",
    [{"number": "灯〔2026〕1号", "code": "AAAAAAAA"}, {"number": "<script>", "code": "AAAAAAAA"}],
)
def test_a_wrong_code_says_no(client: Client, paper: Paper, query: dict[str, str]) -> None:
    page = client.get(reverse("documents:check"), query).content.decode()
    assert "没有出具过" in page
    assert "<script>alert" not in page
    assert paper.sha256 not in page


def test_whoever_guesses_too_often_waits_and_others_go_on(client: Client, paper: Paper) -> None:
    address = reverse("documents:check")
    right = {"number": paper.number, "code": paper.check_code}
    for place in range(20):
        client.get(address, {"number": paper.number, "code": f"2222222{place % 7 + 2}"})
    refused = client.get(address, right)
    assert refused.status_code == 429
    assert "稍后" in refused.content.decode() or "一刻钟" in refused.content.decode()
    assert "属实" not in refused.content.decode()
    other = client.get(address, right, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 200
    assert paper.number in other.content.decode()


def test_an_incomplete_check_is_explained(client: Client) -> None:
    empty = client.get(reverse("documents:check")).content.decode()
    assert "没有出具过" not in empty
    half = client.get(reverse("documents:check"), {"number": "", "code": "A"})
    assert half.status_code == 200
    assert "field-error" in half.content.decode()


@pytest.mark.parametrize("name", ["paper", "attachment", "numberseries", "issuednumber"])
def test_admin_lists_open_with_constant_queries(name: str, admin_client: Client) -> None:
    actor = system_user("sample")
    make_paper(actor=actor)
    make_attachment(actor=actor)
    assert admin_client.get(f"/admin/documents/{name}/").status_code == 200


def test_admin_paper_page_offers_the_pdf_and_no_change(own: Client, paper: Paper) -> None:
    listed = own.get("/admin/documents/paper/").content.decode()
    assert f"/papers/{paper.pk}/" in listed
    one = own.get(f"/admin/documents/paper/{paper.pk}/change/").content.decode()
    assert f"/papers/{paper.pk}/" in one
    assert 'name="_save"' not in one
    assert own.post(f"/admin/documents/paper/{paper.pk}/delete/").status_code == 403
