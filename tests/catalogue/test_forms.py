"""Forms made from a version's definition: what they ask, when, and what they refuse."""

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from catalogue.forms import ItemForm, form_for, stored_answers
from catalogue.models import ItemVersion
from catalogue.rules.definitions import definition_faults, shown_entries
from catalogue.rules.form_lines import fields_in, fields_out
from tests.factories.catalogue import FORM, published_version
from tests.factories.intake import valid_credit_code, valid_id

LINES = """
household|户籍类别|选择|必填|城镇、农村
hukou|户口簿编号|文本|必填||出现=household:农村|最长=20
helps|需要的帮助|多选|选填|轮椅、助听器、盲杖|提示=可多选
ear|助听器型号|文本|选填||必填=helps:助听器
insured|是否参保|是否|必填
insured_on|参保日期|日期|必填||出现=insured:是|最早=2000-01-01|最晚=今天
income|月收入|数字|选填|元|最小=0|最大=100000
owner|申请人|文本|必填||带入=姓名
owner_id|申请人证件号|身份证号|选填||带入=证件号
company|所在单位|信用代码|选填
phone|联系电话|电话|必填||带入=手机
"""


def the_form(lines: str = LINES, known: Any = None, **answers: Any) -> ItemForm:
    """The form of these lines with these answers; no database is needed."""
    version = ItemVersion(pk=1, form_definition=fields_in(lines))
    return form_for(version)(answers, known=known)


SOUND = {
    "household": "城镇",
    "insured": "否",
    "owner": "张三",
    "phone": "13800000000",
}


def test_it_works() -> None:
    form = the_form(**SOUND, helps=["助听器", "轮椅"], ear="A1", income="12.50")
    assert form.is_valid(), form.errors
    assert stored_answers(form) == {
        **SOUND,
        "helps": "轮椅、助听器",
        "ear": "A1",
        "income": "12.50",
    }


@pytest.mark.django_db
def test_a_version_spells_the_answers_in_its_order() -> None:
    version = published_version(form_definition=[dict(entry) for entry in FORM])
    form = form_for(version)({"disability_kind": "听力", "since": "2020-02-29"})
    assert form.is_valid(), form.errors
    assert version.labelled(stored_answers(form)) == [
        ("残疾类别", "听力"),
        ("致残日期", "2020-02-29"),
    ]


def test_lines_and_definition_say_the_same() -> None:
    definition = fields_in(LINES)
    assert fields_in(fields_out(definition)) == definition
    assert definition[1]["shown_if"] == {"field": "household", "among": ["农村"]}
    assert definition[5]["most"] == "today"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "an option nobody offers": ({"household": "海上"}, "household"),
    "a day that does not exist": ({"insured": "是", "insured_on": "2020-02-30"}, "insured_on"),
    "a day too early": ({"insured": "是", "insured_on": "1999-12-31"}, "insured_on"),
    "a day that has not come": ({"insured": "是", "insured_on": "2999-01-01"}, "insured_on"),
    "a shown must left empty": ({"insured": "是"}, "insured_on"),
    "another shown must left empty": ({"household": "农村"}, "hukou"),
    "more signs than fit": ({"household": "农村", "hukou": "9" * 21}, "hukou"),
    "a must by another answer": ({"helps": ["助听器"]}, "ear"),
    "one of several nobody offers": ({"helps": ["轮椅", "汽车"]}, "helps"),
    "no number": ({"income": "很多"}, "income"),
    "a number too small": ({"income": "-1"}, "income"),
    "a number too big": ({"income": "100000.01"}, "income"),
    "no identity number": ({"owner_id": "410503199001011234"}, "owner_id"),
    "no credit code": ({"company": "91410503MA0000001O"}, "company"),
    "no telephone": ({"phone": "12"}, "phone"),
    "neither typed nor known": ({"owner": ""}, "owner"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_form_refuses(case: str) -> None:
    answers, field = REFUSED[case]
    form = the_form(**{**SOUND, **answers})
    assert set(form.errors) == {field}


def test_what_is_not_shown_is_not_kept() -> None:
    form = the_form(**SOUND, hukou="9" * 99, insured_on="nonsense")
    assert form.is_valid(), form.errors
    assert not {"hukou", "insured_on"} & set(stored_answers(form))


def test_what_hangs_on_something_hidden_is_hidden() -> None:
    lines = "a|甲|是否|必填\nb|乙|是否|选填||出现=a:是\nc|丙|文本|必填||出现=b:是"
    assert the_form(lines, a="否", b="是").is_valid()
    assert set(the_form(lines, a="是", b="是").errors) == {"c"}
    assert [e["key"] for e in shown_entries(fields_in(lines), {"a": "否", "b": "是"})] == ["a"]


def test_what_is_known_of_the_applicant_is_not_asked_again() -> None:
    number = valid_id()
    known = {"name": "李四", "id_number": number, "mobile": "13900000000"}
    form = the_form(household="城镇", insured="否", owner="", phone="", known=known)
    assert form.is_valid(), form.errors
    answers = stored_answers(form)
    assert (answers["owner"], answers["owner_id"], answers["phone"]) == tuple(known.values())
    typed = the_form(**SOUND, known=known)
    assert typed.is_valid()
    assert stored_answers(typed)["owner"] == "张三"


def test_what_is_known_is_checked_like_what_is_typed() -> None:
    known = {"name": "李四", "mobile": "不详"}
    form = the_form(household="城镇", insured="否", known=known)
    assert set(form.errors) == {"phone"}


def test_numbers_are_spelled_one_way() -> None:
    code = valid_credit_code()
    form = the_form(**SOUND, company=f" {code.lower()} ")
    assert form.is_valid(), form.errors
    assert stored_answers(form)["company"] == code


def test_an_empty_form_shows_what_is_known() -> None:
    version = ItemVersion(pk=1, form_definition=fields_in("day|填表日期|日期|选填||带入=今天"))
    form = form_for(version)()
    assert date.fromisoformat(str(form["day"].value()))


def test_no_definition_no_fields() -> None:
    assert not form_for(ItemVersion(pk=1, form_definition=[]))().fields


IMPOSSIBLE = {
    "a|甲|选择": "选项",
    "a|甲|选择|必填|一、一": "相同",
    "a|甲\na|乙": "a",
    "a|甲|文本|||出现=b:是\nb|乙|是否": "在它之前",
    "a|甲|是否\nb|乙|文本|||出现=a:也许": "也许",
    "a|甲|文本|||最小=1": "上下限",
    "a|甲|数字|||最小=很多": "数字",
    "a|甲|数字|||最小=nan": "数字",
    "a|甲|数字|||最小=9|最大=1": "大于",
    "a|甲|日期|||最早=2026-02-30": "日期",
    "a|甲|日期|||最长=9": "长度",
    "a|甲|文本|||最长=0": "长度",
    "a|甲|文本|||带入=心情": "心情",
    "a|甲|文本|||颜色=红": "颜色",
    "a|甲|文本|||出现=": "出现",
    "A b|甲|文本": "小写字母",
}


@pytest.mark.parametrize("lines", IMPOSSIBLE)
def test_a_definition_that_means_nothing(lines: str) -> None:
    with override("zh-hans"), pytest.raises(ValueError, match=IMPOSSIBLE[lines]):
        fields_in(lines)


def test_a_definition_that_came_another_way_is_checked_too() -> None:
    entry = {"key": "a", "label": "甲", "type": "hologram", "required": True}
    assert len(definition_faults([entry])) == 1
