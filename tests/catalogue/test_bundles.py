"""Bundles: written, offered, read by everyone, refused with a reason."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.errors import BundleNotFound, InvalidBundle
from catalogue.models import Bundle, BundleEvent, Item
from catalogue.rules.bundles import BundleCard, PartLine, is_result, parts_in, parts_out
from catalogue.rules.definitions import shared_keys
from catalogue.services import offer_bundle, rest_bundle, suspend_version, write_bundle
from common.errors import Forbidden, StaleObject
from organisations.choices import Role
from organisations.services import system_user
from tests.catalogue.test_admin import holder
from tests.factories.catalogue import (
    COMMUNITY,
    FORM,
    MATERIALS,
    STREET,
    make_department,
    make_point,
    published_item,
)

pytestmark = pytest.mark.django_db


def two_items(**second: Any) -> tuple[Item, Item]:
    first = published_item()
    given: dict[str, Any] = {
        "code": "BG-MZ-013",
        "name": "困难残疾人生活补贴",
        "materials": [{**MATERIALS[1], "copies": 2}, {**MATERIALS[2], "necessity": "1"}],
        **second,
    }
    return first, published_item(make_department("区民政局"), **given)


def a_card(**changes: Any) -> BundleCard:
    facts: dict[str, Any] = {
        "code": "YJS-1",
        "name": "残疾人服务一件事",
        "lead": "U-区残联",
        "parts": (PartLine("BG-CL-001"), PartLine("BG-MZ-013", 2)),
        **changes,
    }
    return BundleCard(**facts)


def offered(**changes: Any) -> Bundle:
    bundle = write_bundle(actor=system_user("sample"), card=a_card(**changes))
    return offer_bundle(actor=system_user("sample"), bundle_id=bundle.pk)


def test_lines_are_read_and_written() -> None:
    found = parts_in("A-1\n B-2｜2 ；C-3|2\n")
    assert found == (PartLine("A-1", 1), PartLine("B-2", 2), PartLine("C-3", 2))
    assert parts_in(parts_out(found)) == found


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("A-1", "2"),
        ("A-1\nA-1", "A-1"),
        ("A-1\nB-2|3", "1"),
        ("A-1\nB-2|x", "B-2|x"),
        ("A-1\nB-2|0", "B-2|0"),
        ("\n".join(f"A-{n}" for n in range(11)), "10"),
        ("", "2"),
    ],
)
def test_lines_that_make_no_bundle(text: str, word: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parts_in(text)
    assert word in str(caught.value)


def test_written_offered_and_at_rest_with_its_history() -> None:
    two_items()
    bundle = offered()
    assert bundle.in_steps
    assert Bundle.objects.open().get() == bundle
    assert write_bundle(actor=system_user("sample"), card=a_card()).pk == bundle.pk
    rest_bundle(actor=system_user("sample"), bundle_id=bundle.pk)
    rest_bundle(actor=system_user("sample"), bundle_id=bundle.pk)
    assert not Bundle.objects.open().exists()
    verbs = BundleEvent.objects.for_subject(bundle.pk).values_list("verb", flat=True)
    assert list(verbs) == ["write", "offer", "rest"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lead": "nobody"}, "lead"),
        ({"name": " "}, "name"),
        ({"code": ""}, "code"),
        ({"parts": (PartLine("BG-CL-001"), PartLine("nothing"))}, "parts"),
        ({"parts": (PartLine("BG-CL-001"),)}, "parts"),
    ],
)
def test_what_is_incomplete_is_refused(changes: dict[str, Any], field: str) -> None:
    two_items()
    with pytest.raises(InvalidBundle) as caught:
        write_bundle(actor=system_user("sample"), card=a_card(**changes))
    assert list(caught.value.fields) == [field]
    assert not Bundle.objects.exists()


def test_an_item_at_rest_closes_the_bundle_and_hinders_the_offer() -> None:
    _first, second = two_items()
    bundle = offered()
    assert second.current is not None
    suspend_version(actor=system_user("sample"), version_id=second.current.pk, note="系统维护")
    assert not Bundle.objects.open().exists()
    page = Client().get(bundle.get_absolute_url()).content.decode()
    assert "不能作为一件事整体办理" in page
    with pytest.raises(InvalidBundle):
        write_bundle(actor=system_user("sample"), card=a_card(name="另一个名称"))
    rest_bundle(actor=system_user("sample"), bundle_id=bundle.pk)
    with pytest.raises(InvalidBundle):
        offer_bundle(actor=system_user("sample"), bundle_id=bundle.pk)


def test_who_may_not_may_not() -> None:
    two_items()
    clerk, bundle = holder(Role.CLERK), offered()
    with pytest.raises(Forbidden):
        write_bundle(actor=clerk, card=a_card(name="x"))
    with pytest.raises(Forbidden):
        rest_bundle(actor=clerk, bundle_id=bundle.pk)
    with pytest.raises(BundleNotFound):
        rest_bundle(actor=system_user("sample"), bundle_id=bundle.pk + 1)


def test_a_colleague_was_faster() -> None:
    two_items()
    seen = offered().card()
    write_bundle(actor=system_user("sample"), card=a_card(name="新名称"), seen=seen)
    with pytest.raises(StaleObject):
        write_bundle(actor=system_user("sample"), card=a_card(about="…"), seen=seen)


def test_acceptable_only_where_every_item_is() -> None:
    two_items(accept_levels=["street"])
    offered()
    assert Bundle.objects.acceptable_at(make_point(STREET)).exists()
    assert not Bundle.objects.acceptable_at(make_point(COMMUNITY, "社区便民服务站")).exists()


@pytest.mark.parametrize(
    ("material", "result", "same"),
    [
        ("残疾人证", "残疾人证", True),
        ("残疾人证（一级、二级）", "残疾人证", True),
        ("营业执照副本", "营业执照", True),
        ("残疾人证申请表", "残疾人证", False),
        ("居民身份证", "", False),
    ],
)
def test_what_an_earlier_item_results_in(material: str, result: str, *, same: bool) -> None:
    assert is_result(material, result) is same


def test_what_the_first_step_results_in_is_not_brought_for_the_second() -> None:
    two_items(materials=[{**MATERIALS[0], "name": "残疾人证（一级、二级）"}, MATERIALS[1]])
    bundle = offered()
    assert len(bundle.spared) == 1
    page = Client().get(bundle.get_absolute_url()).content.decode()
    assert "残疾人证（一级、二级）" not in page
    side_by_side = a_card(code="YJS-2", parts=(PartLine("BG-CL-001"), PartLine("BG-MZ-013")))
    other = write_bundle(actor=system_user("sample"), card=side_by_side)
    assert not other.spared


def test_shared_keys_need_the_same_words_and_a_shared_condition() -> None:
    kind = {"key": "kind", "label": "类别", "type": "choice", "options": ["甲", "乙"]}
    since = {"key": "since", "label": "日期", "type": "date"}
    hung = {**since, "shown_if": {"field": "kind", "among": ["甲"]}}
    assert shared_keys(FORM, FORM) == {"disability_kind", "since"}
    assert shared_keys([kind, hung], [kind, hung]) == {"kind", "since"}
    assert shared_keys([hung], [hung]) == set()
    assert shared_keys([{**since, "label": "别的"}], [since]) == set()


def test_everyone_reads_the_page_with_one_list_of_materials() -> None:
    two_items()
    bundle = offered(about="首次申领")
    page = Client().get(bundle.get_absolute_url()).content.decode()
    assert page.count("居民身份证") == 1
    assert "× 2" in page
    assert "第2步" in page
    assert f"/prefill/?bundle={bundle.code}" in page
    assert bundle.name in Client().get("/").content.decode()
    assert bundle.name in Client().get("/", {"q": "生活补贴"}).content.decode()
    assert bundle.name in Client().get("/", {"q": "cjrfw"}).content.decode()


def test_what_is_not_offered_has_no_page() -> None:
    two_items()
    bundle = write_bundle(actor=system_user("sample"), card=a_card())
    assert Client().get(bundle.get_absolute_url()).status_code == 404
    assert Client().get("/bundles/nothing/").status_code == 404
    assert Client().get("/bundles/%01/").status_code == 404


def boss() -> Client:
    client = Client()
    client.force_login(holder(Role.ADMINISTRATOR))
    return client


def posted(**changes: str) -> dict[str, str]:
    return {
        "code": "YJS-9",
        "name": "新的一件事",
        "lead": "U-区残联",
        "about": "",
        "parts": "BG-CL-001\r\nBG-MZ-013|2",
        "seen": "None",
        **changes,
    }


def test_written_changed_and_offered_in_the_admin() -> None:
    two_items()
    client = boss()
    write = reverse("admin:catalogue_bundle_write")
    assert "一件事编码" in client.get(write).content.decode()
    answer = client.post(write, posted(), follow=True)
    assert "未提供" in answer.content.decode()
    bundle = Bundle.objects.get(code="YJS-9")
    rewrite = reverse("admin:catalogue_bundle_rewrite", args=(bundle.pk,))
    seen = repr(bundle.card())
    client.post(rewrite, posted(name="改过的名称", seen=seen, code="other"))
    bundle.refresh_from_db()
    assert (bundle.code, bundle.name) == ("YJS-9", "改过的名称")
    stale = client.post(rewrite, posted(name="又改", seen=seen))
    assert stale.status_code == 422
    assert "已被同事修改" in stale.content.decode()
    verb = reverse("admin:catalogue_bundle_verb", args=(bundle.pk, "offer"))
    client.get(verb)
    assert not Bundle.objects.open().exists()
    client.post(verb)
    assert Bundle.objects.open().exists()
    shown = client.get(reverse("admin:catalogue_bundle_changelist"), {"q": "gggdmc"})
    assert "改过的名称" in shown.content.decode() or shown.status_code == 200


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"parts": "BG-CL-001"}, "2"),
        ({"parts": "BG-CL-001\r\nnothing"}, "nothing"),
        ({"lead": "nobody"}, "无效"),
        ({"code": "YJS-1"}, "已有"),
        ({"name": ""}, "必填"),
    ],
)
def test_a_faulty_bundle_comes_back_with_the_reason(changes: dict[str, str], word: str) -> None:
    two_items()
    offered()
    answer = boss().post(reverse("admin:catalogue_bundle_write"), posted(**changes))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert Bundle.objects.count() == 1
    if changes.keys() & {"parts", "code"}:
        assert word in answer.content.decode()


def test_a_clerk_reads_and_writes_nothing() -> None:
    two_items()
    bundle = offered()
    client = Client()
    client.force_login(holder(Role.CLERK))
    page = reverse("admin:catalogue_bundle_change", args=(bundle.pk,))
    assert client.get(page).status_code == 200
    assert client.get(reverse("admin:catalogue_bundle_write")).status_code == 403
    client.post(reverse("admin:catalogue_bundle_verb", args=(bundle.pk, "rest")))
    assert Bundle.objects.open().exists()
    assert client.get(reverse("admin:catalogue_bundle_change", args=(9999,))).status_code == 404
