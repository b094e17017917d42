"""Staff screens: list, item page, verbs, import."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from catalogue.admin.imports import AT_ONCE
from catalogue.models import Item
from catalogue.services.imports import KIND
from catalogue.tasks import apply_staged_import
from common.models import Job
from common.search import search_everything
from organisations.choices import Role
from organisations.models import Post, Unit, User
from organisations.services import appoint, ensure_groups
from tests.factories.catalogue import draft_item, make_department, make_region, published_item

pytestmark = pytest.mark.django_db
LIST = "admin:catalogue_item_changelist"
IMPORT = "admin:catalogue_item_import"


def holder(role: str, unit: Unit | None = None) -> User:
    ensure_groups()
    user = User.objects.create_user(f"{role}-x", password="x")
    post = Post.objects.create(title=role, role=role, unit=unit or make_department("区行政审批局"))
    appoint(post=post, holder_a=user)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def boss() -> Client:
    client = Client()
    client.force_login(holder(Role.ADMINISTRATOR))
    return client


@pytest.fixture
def clerk() -> Client:
    client = Client()
    client.force_login(holder(Role.CLERK))
    return client


def upload(lines: list[str], name: str = "事项.csv") -> SimpleUploadedFile:
    text = "\r\n".join(["事项编码,事项名称,事项类型,实施部门,受理层级", *lines])
    return SimpleUploadedFile(name, text.encode("gb18030"))


def page_of(item: Item) -> str:
    return reverse("admin:catalogue_item_change", args=(item.pk,))


def verb_of(item: Item, verb: str) -> str:
    version = item.versions.order_by("-number")[0]
    return reverse("admin:catalogue_item_verb", args=(item.pk, version.pk, verb))


def test_it_works(boss: Client) -> None:
    item = published_item()
    shown = boss.get(reverse(LIST), {"q": "cjrz"}).content.decode()
    assert item.name in shown
    assert "20 个工作日" in shown
    assert "15 个工作日" in shown
    page = boss.get(page_of(item)).content.decode()
    for words in ("残疾人证申请表", "残疾人证管理办法", "残疾类别", "示例", "起草", "暂停"):
        assert words in page


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"life": "live"},
        {"life": "draft"},
        {"life": "dead"},
        {"accepts": "street"},
        {"nature": "case"},
        {"current__mobile__exact": "1"},
        {"o": "2.-7"},
    ],
)
def test_filters_answer(boss: Client, query: dict[str, str]) -> None:
    published_item()
    assert boss.get(reverse(LIST), query).status_code == 200


@pytest.mark.parametrize("size", [1, 30])
def test_the_list_asks_a_fixed_number_of_questions(
    boss: Client, size: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(size):
        published_item(code=f"N{number}")
    boss.get(reverse(LIST))
    with django_assert_max_num_queries(12):
        boss.get(reverse(LIST))


def test_verbs_through_the_admin(boss: Client) -> None:
    item = draft_item()
    assert "发布" in boss.get(verb_of(item, "publish")).content.decode()
    boss.post(verb_of(item, "publish"))
    item.refresh_from_db()
    assert item.is_live
    refused = boss.post(verb_of(item, "suspend"), {"note": ""})
    assert refused.status_code == 200
    item.refresh_from_db()
    assert item.is_live
    answer = boss.post(verb_of(item, "suspend"), {"note": "修订"}, follow=True)
    assert "修订" in answer.content.decode()
    item.refresh_from_db()
    assert not item.is_live


def test_a_double_click_is_answered_in_words(boss: Client) -> None:
    item = draft_item()
    boss.post(verb_of(item, "publish"))
    again = boss.post(verb_of(item, "publish"), follow=True)
    assert "不" in "".join(str(message) for message in again.context["messages"])


def test_refusals_are_shown_with_their_reason(boss: Client) -> None:
    page = boss.get(page_of(draft_item(promised_amount=None))).content.decode()
    assert "缺少承诺办结时限" in page


def test_a_clerk_reads_and_changes_nothing(clerk: Client) -> None:
    item = published_item()
    page = clerk.get(page_of(item)).content.decode()
    assert "残疾人证申请表" in page
    assert "暂停 v1" not in page
    clerk.post(verb_of(item, "suspend"), {"note": "x"})
    item.refresh_from_db()
    assert item.is_live
    assert clerk.get(reverse(IMPORT)).status_code == 403
    assert clerk.get(reverse("admin:catalogue_item_add")).status_code == 403


@pytest.mark.parametrize("key", ["999999", "abc", "9" * 30])
def test_no_such_item(boss: Client, key: str) -> None:
    assert boss.get(reverse("admin:catalogue_item_change", args=(key,))).status_code == 404


def test_no_such_verb(boss: Client) -> None:
    item = published_item()
    assert boss.get(verb_of(item, "supersede")).status_code == 404
    assert boss.get(verb_of(item, "explode")).status_code == 404


def test_import_preview_confirm_report(boss: Client) -> None:
    make_department()
    file = upload(["A,残疾人证新办,行政确认,区残联,街道", "B,坏行,99,区残联,街道"])
    answer = boss.post(
        reverse(IMPORT), {"file": file, "publish": "on", "default_promise": "20"}, follow=True
    )
    preview = answer.content.decode()
    assert "残疾人证新办" in preview
    assert "不在可填范围" in preview
    assert not Item.objects.exists()
    job = Job.objects.get(kind=KIND)
    done = boss.post(reverse("admin:catalogue_item_import_job", args=(job.pk,)), follow=True)
    assert "新增 1 项" in done.content.decode()
    assert Item.objects.get().current.promised_amount == 20
    report = boss.get(reverse("admin:catalogue_item_import_report", args=(job.pk,)))
    text = report.content.decode("utf-8-sig")
    assert "3,B,坏行,未入库,事项类型" in text
    again = boss.post(reverse("admin:catalogue_item_import_job", args=(job.pk,)), follow=True)
    assert "已经执行过" in again.content.decode()
    assert Item.objects.count() == 1


@pytest.mark.parametrize("fate", ["", "new", "reported", "unchanged", "notices", "nonsense"])
def test_rows_by_fate(boss: Client, fate: str) -> None:
    make_department()
    boss.post(reverse(IMPORT), {"file": upload(["A,甲,01,区残联,街道"]), "default_promise": "20"})
    url = reverse("admin:catalogue_item_import_job", args=(Job.objects.get().pk,))
    assert boss.get(url, {"fate": fate, "page": "9"}).status_code == 200


def test_import_adds_departments_when_ticked(boss: Client) -> None:
    make_region()
    lines = ["A,甲,01,区新局,街道"]
    boss.post(reverse(IMPORT), {"file": upload(lines), "default_promise": "20"})
    assert Job.objects.latest("pk").report["summary"]["reported"] == 1
    boss.post(
        reverse(IMPORT), {"file": upload(lines), "default_promise": "20", "create_units": "on"}
    )
    job = Job.objects.latest("pk")
    boss.post(reverse("admin:catalogue_item_import_job", args=(job.pk,)))
    assert Unit.objects.filter(name="区新局").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\x00\x01\x02", "既不是 CSV"), (b"a,b\n1,2\n", "找不到表头"), (b"", "空")],
)
def test_a_file_that_is_no_table_is_refused_at_the_field(
    boss: Client, content: bytes, words: str
) -> None:
    file = SimpleUploadedFile("事项.csv", content)
    answer = boss.post(reverse(IMPORT), {"file": file, "default_promise": "20"})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Job.objects.exists()


def test_a_large_file_is_left_to_the_worker(
    boss: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    make_department()
    lines = [f"N{number},甲{number},01,区残联,街道" for number in range(AT_ONCE + 1)]
    boss.post(reverse(IMPORT), {"file": upload(lines), "default_promise": "20"})
    job = Job.objects.get()
    url = reverse("admin:catalogue_item_import_job", args=(job.pk,))
    with django_capture_on_commit_callbacks() as queued:
        boss.post(url)
    assert len(queued) == 1
    job.refresh_from_db()
    assert (job.state, Item.objects.count()) == (Job.State.QUEUED, 0)
    assert "立即入库" in boss.get(url).content.decode()
    apply_staged_import(job.pk)
    apply_staged_import(job.pk)
    job.refresh_from_db()
    assert (job.state, job.progress_done) == (Job.State.DONE, AT_ONCE + 1)
    assert Item.objects.count() == AT_ONCE + 1


def test_the_empty_table_opens_in_excel(boss: Client) -> None:
    answer = boss.get(reverse("admin:catalogue_item_import_template"))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "事项编码" in answer.content.decode("utf-8-sig")


def test_cells_of_a_report_are_never_formulas(boss: Client) -> None:
    make_department()
    boss.post(reverse(IMPORT), {"file": upload(["A,=1+1,99,区残联,街道"]), "default_promise": "20"})
    url = reverse("admin:catalogue_item_import_report", args=(Job.objects.get().pk,))
    assert ",'=1+1," in boss.get(url).content.decode("utf-8-sig")


def test_another_persons_import_is_not_found(boss: Client) -> None:
    make_department()
    other = User.objects.create_user("other")
    job = Job.objects.create(kind=KIND, created_by=other, report={"rows": [], "summary": {}})
    url = reverse("admin:catalogue_item_import_job", args=(job.pk,))
    assert boss.get(url).status_code == 404


def test_the_search_box_finds_items(boss: Client) -> None:
    item = published_item()
    user = User.objects.get(username="administrator-x")
    kinds = {kind.kind: hits for kind, hits in search_everything(user, "cjrz")}
    assert [hit.url for hit in kinds["items"]] == [page_of(item)]
