"""Cards, list cells, credit codes: no database."""

import pytest

from catalogue.choices import CaseType
from catalogue.rules.cards import ItemCard, elements_digest, facts_digest
from catalogue.rules.faults import card_doubts, card_faults
from catalogue.rules.form_lines import fields_in, fields_out
from catalogue.rules.limits import limit_words
from catalogue.rules.lint import publish_faults
from catalogue.rules.lists import (
    faqs_in,
    faqs_out,
    materials_in,
    materials_out,
    steps_in,
    steps_out,
)
from catalogue.rules.text import credit_code_doubt, parts_of, plain, tidy
from tests.factories.catalogue import make_card


def test_it_works() -> None:
    card = make_card()
    assert card_faults(card) == {}
    assert publish_faults(card) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "有空格 的"}, "code"),
        ({"code": "x" * 65}, "code"),
        ({"name": ""}, "name"),
        ({"kind": ""}, "kind"),
        ({"department": ""}, "department"),
        ({"parent_code": "BG-CL-001"}, "parent_code"),
        ({"accept_levels": ["moon"]}, "accept_levels"),
        ({"statutory_basis": ""}, "statutory_basis"),
        ({"promised_amount": 21}, "promised_amount"),
        ({"case_type": CaseType.INSTANT.value, "promised_amount": 2}, "promised_amount"),
        ({"fee": True, "fee_basis": "某条"}, "fee_standard"),
        ({"fee": True, "fee_standard": "10元"}, "fee_basis"),
        ({"contact_phone": "0372-1", "complaint_phone": "0372-1"}, "complaint_phone"),
        ({"nature": "query"}, "form_definition"),
    ],
)
def test_a_card_that_contradicts_itself(changes: dict[str, object], field: str) -> None:
    assert list(card_faults(make_card(**changes))) == [field]


def test_a_promise_in_another_unit_is_not_compared() -> None:
    card = make_card(promised_amount=30, promised_unit="calendar_day")
    assert card_faults(card) == {}


def test_a_promise_equal_to_the_statute_stands() -> None:
    assert card_faults(make_card(promised_amount=20)) == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"accept_levels": []},
        {"promised_amount": None},
        {"case_type": "1", "promised_amount": 1, "decide_level": "district"},
    ],
)
def test_what_keeps_a_card_from_being_published(changes: dict[str, object]) -> None:
    card = make_card(**changes)
    assert card_faults(card) == {}
    assert len(publish_faults(card)) == 1


def test_on_the_spot_with_an_authorisation_may_be_published() -> None:
    card = make_card(case_type="1", promised_amount=1, delegation_basis="示例授权书")
    assert publish_faults(card) == []


def test_guides_need_no_promise() -> None:
    card = make_card(nature="query", form_definition=[], promised_amount=None, accept_levels=[])
    assert publish_faults(card) == []


def test_odd_codes_are_doubts_only() -> None:
    card = make_card(base_code="123", implementation_code="1" * 31)
    assert [field for field, _text in card_doubts(card)] == ["base_code"]


def test_digests_tell_content_from_facts() -> None:
    card, other = make_card(), make_card(theme="社会救助")
    assert elements_digest(card) == elements_digest(other)
    assert facts_digest(card) != facts_digest(other)
    assert elements_digest(card) != elements_digest(make_card(conditions="年满十六周岁"))
    assert elements_digest(card) != elements_digest(make_card(name="残疾人证换领"))


def test_digest_spells_missing_numbers() -> None:
    assert elements_digest(ItemCard(steps=[{"name": "受理", "role": "", "workdays": None}]))


def test_text_is_mended() -> None:
    assert tidy(" 残疾人证\u200b  办理 ") == "残疾人证 办理"
    assert plain("５１１Ａ０１　 ") == "511A01"
    assert plain('="0123"') == "0123"
    assert parts_of("甲；乙;\n丙；") == ["甲", "乙", "丙"]


@pytest.mark.parametrize(
    ("code", "sound"),
    [
        ("114507210081153718", True),
        ("11511301008778183N", True),
        ("11511301008778183M", False),
        ("11511301MB1D68527", False),
        ("1151130100877801IO", False),
        ("", False),
    ],
)
def test_credit_codes(code: str, sound: bool) -> None:
    assert (credit_code_doubt(code) == "") is sound


def test_village_cooperatives_have_sound_codes() -> None:
    # python-stdnum's own validate refuses the legal first letter N (FACTS 3).
    stem = "N2410503MF0000001"
    sound = [
        sign for sign in "0123456789ABCDEFGHJKLMNPQRTUWXY" if not credit_code_doubt(stem + sign)
    ]
    assert len(sound) == 1


def test_materials_cell_there_and_back() -> None:
    cell = "居民身份证|必要|原件或复印件|2|政府部门核发|某办法第3条；申请表"
    entries = materials_in(cell)
    assert entries[0] == {
        "name": "居民身份证",
        "necessity": "1",
        "kind": "3",
        "copies": 2,
        "source": "20",
        "basis": "某办法第3条",
    }
    assert entries[1]["copies"] == 1
    assert materials_in(materials_out(entries)) == entries


def test_form_cell_there_and_back() -> None:
    cell = "kind|残疾类别|选择|必填|视力,听力、肢体；note|说明|多行|选填|不超过100字"
    entries = fields_in(cell)
    assert entries[0]["options"] == ["视力", "听力", "肢体"]
    assert (entries[1]["type"], entries[1]["help"]) == ("textarea", "不超过100字")
    assert fields_in(fields_out(entries)) == entries


def test_steps_and_questions_there_and_back() -> None:
    steps = steps_in("受理|综合窗口|1；审核|区残联；送达||0")
    assert [step["workdays"] for step in steps] == [1, None, 0]
    assert steps_in(steps_out(steps)) == steps
    faqs = faqs_in("要本人来吗|可以委托；收费吗|不收费")
    assert faqs_in(faqs_out(faqs)) == faqs


@pytest.mark.parametrize(
    "cell",
    [
        "|必要",
        "身份证|大概",
        "身份证|必要|原件|很多",
        "身份证|必要|原件|1|申请人自备|依据|多余",
        "其他材料",
        "其他相关材料|必要",
    ],
)
def test_materials_that_mean_nothing(cell: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        materials_in(cell)


@pytest.mark.parametrize(
    "cell",
    ["Kind|类别", "kind|类别|选择|必填", "kind|类别|图片", "kind|甲；kind|乙"],
)
def test_form_fields_that_mean_nothing(cell: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        fields_in(cell)


def test_limits_in_words() -> None:
    assert limit_words(None, "workday") == ""
    assert limit_words(15, "workday") == "15 个工作日"
    assert limit_words(30, "calendar_day") == "30 日"
    assert limit_words(0, "same_day") == "当日"
    assert limit_words(24, "hour") == "24 小时"
    assert limit_words(1, "month") == "1 个月"
