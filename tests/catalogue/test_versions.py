"""The life of a version through the staff pages: written, checked, reviewed, published, succeeded."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.choices import VersionState
from catalogue.models import Fee, Item, ItemEvent, ItemVersion, LintFinding, VersionBasis
from catalogue.rules.lint import CHECKS, findings
from catalogue.services import (
    altered_versions,
    check_again,
    draft_again,
    publish_due,
    publish_version,
    schedule_version,
)
from catalogue.tasks import publish_on_their_day
from common import time
from common.errors import TransitionRefused
from intake.services import ItemOrder, hand_in_application
from organisations.choices import Role
from organisations.models import Post, User
from organisations.services import appoint, ensure_groups, system_user
from tests.factories.catalogue import (
    draft_item,
    make_card,
    make_department,
    make_point,
    published_item,
)
from tests.factories.intake import an_applicant

pytestmark = pytest.mark.django_db
MATERIAL = {
    "name": "申请表",
    "necessity": "1",
    "kind": "1",
    "copies": 1,
    "source": "10",
    "basis": "",
}


def keeper(name: str) -> User:
    """Somebody who keeps the catalogue."""
    ensure_groups()
    user = User.objects.create_user(name, password="x", display_name=name)
    post = Post.objects.create(
        title=name, role=Role.ADMINISTRATOR, unit=make_department("区行政审批局")
    )
    appoint(post=post, holder_a=user)
    return User.objects.get(pk=user.pk)


def desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def drafter() -> Client:
    return desk(keeper("起草人"))


@pytest.fixture
def reviewer() -> Client:
    return desk(keeper("复核人"))


def typed(client: Client, address: str, **changes: str) -> dict[str, Any]:
    """The page's own fields as a browser would send them, with changes."""
    editor = client.get(address).context["editor"]
    data: dict[str, Any] = {}
    forms = [editor.form, *(row for rows in editor.parts.values() for row in rows)]
    forms += [rows.management_form for rows in editor.parts.values()]
    for form in forms:
        for field in form:
            value = field.value()
            if value is not False and value not in (None, "", []):
                data[field.html_name] = getattr(value, "pk", value)
    return {**data, **changes}


def verb(version: ItemVersion, name: str) -> str:
    return reverse("admin:catalogue_item_verb", args=(version.item_id, version.pk, name))


def newest(code: str) -> ItemVersion:
    return Item.objects.get(code=code).versions.order_by("-number")[0]


def test_it_works(drafter: Client, reviewer: Client) -> None:
    """Draft, error, mended, reviewed, published, a case, a successor; the case keeps its version."""
    unit = make_department()
    new = reverse("admin:catalogue_item_write")
    sent = {
        "code": "BG-NEW-1",
        "name": "老年人优待证办理",
        "department": str(unit.pk),
        "kind": "07",
        "promised_amount": "5",
        "materials-0-name": "申请表",
    }
    answer = drafter.post(new, typed(drafter, new, **sent))
    assert answer.status_code == 302, answer.context["editor"].form.errors
    version = newest("BG-NEW-1")
    assert (version.state, version.promised_amount) == (VersionState.DRAFT, 5)
    page = drafter.get(answer["Location"]).content.decode()
    assert "没有写受理层级" in page
    drafter.post(verb(version, "submit"), {"note": ""})
    assert newest("BG-NEW-1").state == VersionState.DRAFT
    edit = reverse("admin:catalogue_item_redraft", args=(version.item_id,))
    mended = typed(drafter, edit, accept_levels=["street", "community"])
    assert drafter.post(edit, mended).status_code == 302
    version = newest("BG-NEW-1")
    drafter.post(verb(version, "submit"), {"note": "请复核"})
    assert newest("BG-NEW-1").state == VersionState.REVIEW
    drafter.post(verb(version, "publish"), {"note": ""})
    assert newest("BG-NEW-1").state == VersionState.REVIEW
    reviewer.post(verb(version, "publish"), {"note": ""})
    assert newest("BG-NEW-1").state == VersionState.PUBLISHED
    point = make_point()
    clerk = system_user("sample")
    case = hand_in_application(
        actor=clerk,
        applicant=an_applicant(),
        orders=[ItemOrder(version_id=version.pk)],
        point=point,
        settle=False,
    ).cases.get()
    successor = typed(drafter, edit, promised_amount="3")
    assert drafter.post(edit, successor).status_code == 302
    second = newest("BG-NEW-1")
    assert (second.number, second.state) == (2, VersionState.DRAFT)
    assert Item.objects.get(code="BG-NEW-1").current == version
    drafter.post(verb(second, "submit"), {"note": ""})
    reviewer.post(verb(second, "publish"), {"note": ""})
    case.refresh_from_db()
    assert case.version.promised_amount == 5
    assert Item.objects.get(code="BG-NEW-1").current.promised_amount == 3
    verbs = list(ItemEvent.objects.filter(item=version.item).values_list("verb", flat=True))
    assert verbs.count("publish") == 2
    assert verbs.count("supersede") == 1
    assert list(altered_versions()) == []


def test_what_is_typed_wrong_stands_at_its_field_and_is_not_lost(drafter: Client) -> None:
    item = draft_item()
    edit = reverse("admin:catalogue_item_redraft", args=(item.pk,))
    before = newest(item.code).content_sha
    sent = typed(drafter, edit, promised_amount="30", conditions="仍在页面上", visits="x")
    answer = drafter.post(edit, sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "仍在页面上" in page
    assert "visits" in answer.context["editor"].form.errors
    answer = drafter.post(edit, {**sent, "visits": "1"})
    assert "promised_amount" in answer.context["editor"].form.errors
    assert newest(item.code).content_sha == before


def test_two_keepers_on_one_draft(drafter: Client, reviewer: Client) -> None:
    item = draft_item()
    edit = reverse("admin:catalogue_item_redraft", args=(item.pk,))
    first, second = typed(drafter, edit, hours="甲"), typed(reviewer, edit, hours="乙")
    assert drafter.post(edit, first).status_code == 302
    answer = reviewer.post(edit, second)
    assert answer.status_code == 422
    assert newest(item.code).hours == "甲"
    assert "乙" in answer.content.decode()


def test_every_part_can_be_written_and_read(drafter: Client) -> None:
    item = draft_item()
    edit = reverse("admin:catalogue_item_redraft", args=(item.pk,))
    sent = typed(
        drafter,
        edit,
        **{
            "materials-0-standard": "填写完整并签名",
            "steps-0-result": "受理通知书",
            "fees-0-name": "工本费",
            "fees-0-standard": "每证10元",
            "fees-0-basis": "示例收费依据第2条",
            "delegations-0-level": "street",
            "delegations-0-document": "示例下放文件",
            "faqs-0-question": "要照片吗",
            "faqs-0-answer": "要",
        },
    )
    assert drafter.post(edit, sent).status_code == 302
    card = newest(item.code).card()
    assert card.materials[0]["standard"] == "填写完整并签名"
    assert len(card.materials) == 3
    assert card.fees == [{"name": "工本费", "standard": "每证10元", "basis": "示例收费依据第2条"}]
    assert card.form_definition == make_card().form_definition
    page = drafter.get(reverse("admin:catalogue_item_change", args=(item.pk,))).content.decode()
    for words in ("填写完整并签名", "每证10元", "示例下放文件", "受理通知书"):
        assert words in page


def test_a_clerk_writes_no_drafts(client: Client) -> None:
    item = published_item()
    ensure_groups()
    user = User.objects.create_user("窗口甲", password="x")
    post = Post.objects.create(title="窗口", role=Role.CLERK, unit=make_department())
    appoint(post=post, holder_a=user)
    client.force_login(user)
    for name, args in (("write", ()), ("redraft", (item.pk,))):
        assert client.get(reverse(f"admin:catalogue_item_{name}", args=args)).status_code == 403


# Publication on a day


def test_a_version_publishes_itself_when_its_day_begins_and_once(drafter: Client) -> None:
    item = published_item()
    boss = system_user("sample")
    second = draft_again(actor=boss, version_id=item.current.pk)
    assert second == item.current
    edit = reverse("admin:catalogue_item_redraft", args=(item.pk,))
    drafter.post(edit, typed(drafter, edit, promised_amount="7"))
    second = newest(item.code)
    day = time.today() + timedelta(days=3)
    drafter.post(verb(second, "schedule"), {"note": "", "publish_on": day.isoformat()})
    assert newest(item.code).state == VersionState.SCHEDULED
    midnight = time.at_local(day)
    with time.freeze(midnight - timedelta(seconds=1)):
        assert publish_due() == []
    with time.freeze(midnight):
        publish_on_their_day()
        publish_on_their_day()
    assert Item.objects.get(pk=item.pk).current == second
    events = ItemEvent.objects.filter(item=item, verb="publish", data__contains=second.content_sha)
    assert events.count() == 1
    assert events.get().actor.username == "system:publication"


def test_a_late_worker_publishes_late_but_surely() -> None:
    item = draft_item()
    version = newest(item.code)
    day = time.today() + timedelta(days=1)
    schedule_version(actor=system_user("sample"), version_id=version.pk, publish_on=day)
    with time.freeze(time.at_local(day) + timedelta(days=10)):
        assert [one.pk for one in publish_due()] == [version.pk]


@pytest.mark.parametrize("ahead", [0, -1])
def test_a_day_that_does_not_lie_ahead_is_refused(drafter: Client, ahead: int) -> None:
    version = newest(draft_item().code)
    day = (time.today() + timedelta(days=ahead)).isoformat()
    page = drafter.post(verb(version, "schedule"), {"note": "", "publish_on": day}, follow=True)
    assert "今天以后" in page.content.decode()
    assert newest(version.item.code).state == VersionState.DRAFT


def test_what_waits_for_its_day_is_not_written_on(drafter: Client) -> None:
    item = draft_item()
    version, day = newest(item.code), time.today() + timedelta(days=1)
    edit = reverse("admin:catalogue_item_redraft", args=(item.pk,))
    sent = typed(drafter, edit, hours="改")
    schedule_version(actor=system_user("sample"), version_id=version.pk, publish_on=day)
    answer = drafter.post(edit, sent)
    assert answer.status_code == 422
    assert "请先撤回" in answer.content.decode()
    drafter.post(verb(version, "unschedule"), {"note": "再改"})
    assert newest(item.code).state == VersionState.DRAFT
    assert newest(item.code).publish_on is None


# The way back, and what changed


def test_rollback_is_a_new_version(drafter: Client) -> None:
    item = published_item()
    first = item.current
    edit = reverse("admin:catalogue_item_redraft", args=(item.pk,))
    drafter.post(edit, typed(drafter, edit, promised_amount="7"))
    publish_version(actor=system_user("sample"), version_id=newest(item.code).pk)
    again = reverse("admin:catalogue_item_again", args=(item.pk, first.pk))
    assert drafter.get(again).status_code == 302
    assert newest(item.code).number == 2
    drafter.post(again)
    third = newest(item.code)
    assert (third.number, third.state) == (3, VersionState.DRAFT)
    assert third.content_sha == first.content_sha


def test_the_difference_is_shown_field_by_field(drafter: Client) -> None:
    item = published_item()
    edit = reverse("admin:catalogue_item_redraft", args=(item.pk,))
    drafter.post(edit, typed(drafter, edit, **{"promised_amount": "7", "materials-0-spec": "A4"}))
    address = reverse("admin:catalogue_item_compare", args=(item.pk,))
    page = drafter.get(address, {"from": "1", "to": "2"})
    shown = {row["name"]: (row["before"], row["after"]) for row in page.context["rows"]}
    assert shown["承诺办结时限"] == (["15"], ["7"])
    assert "A4" in shown["申请材料"][1][0]
    assert len(shown) == 2
    assert drafter.get(address, {"from": "1", "to": "9"}).status_code == 404
    assert drafter.get(address, {"from": "x", "to": "1"}).status_code == 404


# The check


BAD: dict[str, dict[str, Any]] = {
    "accepted-nowhere": {"accept_levels": []},
    "no-promise": {"promised_amount": None},
    "instant-unauthorised": {"case_type": "1", "promised_amount": 0, "promised_unit": "same_day"},
    "catch-all-material": {"materials": [{**MATERIAL, "name": "其他材料"}]},
    "online-but-visits": {"online_depth": "4", "visits": 1},
    "promise-never-checked": {"on_promise": True},
    "fee-without-rate": {"fees": [{"name": "工本费", "basis": "x"}]},
    "no-conditions": {"conditions": ""},
    "no-basis": {"bases": []},
    "no-steps": {"steps": []},
    "no-standard": {"materials": [{**MATERIAL, "standard": ""}]},
    "no-contact": {"complaint_phone": ""},
    "no-area-code": {"contact_phone": "1001001"},
    "visits-without-reason": {"visits": 1, "visits_reason": ""},
    "no-way-without-visit": {"visits": 0, "handling_forms": ["1"]},
    "fee-not-online": {"fee": True, "fee_standard": "1元", "fee_basis": "x"},
    "licence-without-faq": {"kind": "01", "faqs": []},
    "licence-few-steps": {"kind": "01"},
    "result-without-sample": {"result_name": "证", "result_sample": ""},
    "steps-exceed-promise": {"steps": [{"name": "审核", "role": "", "workdays": 99}]},
    "promised-but-instant": {"promised_amount": 0, "promised_unit": "same_day"},
    "decided-below-undelegated": {"decide_level": "street"},
    "twin-materials": {"materials": [{**MATERIAL, "standard": "x"}] * 2},
    "asks-what-others-issued": {"materials": [{**MATERIAL, "source": "20", "standard": "x"}]},
    "odd-codes": {"base_code": "123"},
    "odd-organ-code": {"organ_code": "123"},
    "serves-nobody": {"service_objects": []},
}
SOUND: dict[str, Any] = {
    "conditions": "持证",
    "contact_phone": "0372-1001001",
    "complaint_phone": "0372-1001009",
    "materials": [{**MATERIAL, "standard": "填写完整"}],
    "result_sample": "样本.pdf",
    "visits": 0,
    "handling_forms": ["1", "2"],
    "faqs": [{"question": "几天", "answer": "五天"}],
}


def test_a_sound_card_has_no_findings_and_every_check_is_tried() -> None:
    assert [found.check.code for found in findings(make_card(**SOUND))] == []
    assert set(BAD) == {check.code for check in CHECKS}


@pytest.mark.parametrize("code", BAD)
def test_each_check_finds_what_it_is_for(code: str) -> None:
    found = {one.check.code for one in findings(make_card(**{**SOUND, **BAD[code]}))}
    assert code in found


def test_health_counts_what_stands_and_each_number_opens_its_rows(
    drafter: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        published_item(code=f"H{number}")
    published_item(code="H9", **SOUND)
    address = reverse("admin:catalogue_item_health")
    with django_assert_max_num_queries(12):
        page = drafter.get(address)
    rows = {row["check"].code: row["number"] for row in page.context["checks"]}
    again: dict[str, int] = {}
    for version in ItemVersion.objects.with_parts():
        for found in findings(version.card()):
            again[found.check.code] = again.get(found.check.code, 0) + 1
    assert rows == again
    listed = drafter.get(reverse("admin:catalogue_item_changelist"), {"finding": "no-conditions"})
    assert listed.context["cl"].result_count == rows["no-conditions"] == 3


def test_new_rules_find_old_versions() -> None:
    version = published_item().current
    LintFinding.objects.all().delete()
    assert check_again() == 1
    kept = set(LintFinding.objects.filter(version=version).values_list("code", flat=True))
    assert kept == {found.check.code for found in findings(version.card())}


# Articles


@pytest.mark.parametrize(
    ("law", "article", "number"),
    [
        ("残疾人保障法", "", 2),
        ("残疾人保障法", "十一", 1),
        ("", "第11条", 1),
        ("残疾人保障法", "1", 0),
        ("", "九九", 0),
    ],
)
def test_which_items_rest_on_an_article(
    drafter: Client, law: str, article: str, number: int
) -> None:
    published_item(code="A1", bases=[{"text": "《残疾人保障法》第九条、第十一条"}])
    published_item(code="A2", bases=[{"text": "残疾人保障法第52条"}])
    published_item(code="A3", bases=[{"text": "老年人权益保障法第5条"}])
    page = drafter.get(reverse("admin:catalogue_item_articles"), {"law": law, "article": article})
    assert len(page.context["rows"]) == number
    assert VersionBasis.objects.filter(law="残疾人保障法").count() == 2


def test_an_unreadable_article_is_said(drafter: Client) -> None:
    page = drafter.get(reverse("admin:catalogue_item_articles"), {"article": "abc"})
    assert page.context["unreadable"]
    assert page.status_code == 200


# The database


def test_parts_of_a_published_version_never_change() -> None:
    version = published_item(fees=[{"name": "工本费", "standard": "1元", "basis": "x"}]).current
    with pytest.raises(Exception, match="frozen"):
        Fee.objects.filter(version=version).update(standard="2元")


def test_review_is_let_through_by_somebody_else() -> None:
    from_one = keeper("一人")
    version = newest(draft_item().code)
    desk(from_one).post(verb(version, "submit"), {"note": ""})
    with pytest.raises(TransitionRefused, match="他人复核"):
        publish_version(actor=from_one, version_id=version.pk)
    day = date.fromisoformat("2099-01-01")
    with pytest.raises(TransitionRefused, match="他人复核"):
        schedule_version(actor=from_one, version_id=version.pk, publish_on=day)
