"""The data files of the sample district: counted, linted, traceable."""

import csv
import re
from collections import Counter
from datetime import date
from random import Random

import pytest
from django.conf import settings
from stdnum.cn import uscc

from catalogue.forms import form_for
from catalogue.models import ItemVersion
from catalogue.rules.form_lines import fields_in
from catalogue.rules.lists import bases_in, faqs_in, materials_in, steps_in
from common.identity import resident_id_fault
from common.pinyin import initials
from inspections.rules import checklist_rows
from sample.services.desk import order_of
from sample.services.files import DATA, Row, rows
from sample.services.people import People
from sample.services.verbs import VERBS

SHARED = settings.BASE_DIR.parent / "shared" / "domain"
LEVELS = {"区": "district", "街道": "street", "社区": "community"}
ITEMS = rows("items")
CASES = [row for row in ITEMS if row["办理性质"] == "办件"]


def levels(row: Row) -> list[str]:
    return [part for part in row["受理层级"].split("；") if part]


def named(items: list[Row]) -> list[str]:
    return [row["事项名称"] for row in items]


def test_it_works() -> None:
    accepted = Counter(level for row in ITEMS for level in levels(row))
    assert (accepted["街道"], accepted["社区"]) == (278, 216)
    mobile = [row for row in ITEMS if row["掌上办"] == "是"]
    assert len(mobile) == 85
    assert all("区" in levels(row) and row["决定层级"] == "区" for row in mobile)


def test_lists_overlap_and_levels_are_known() -> None:
    both = [row for row in ITEMS if {"街道", "社区"} <= set(levels(row))]
    assert len(both) == 202
    assert {level for row in ITEMS for level in levels(row)} == set(LEVELS)


def test_codes_and_names_are_unique() -> None:
    for column in ("事项编码", "事项名称"):
        doubled = [value for value, times in Counter(r[column] for r in ITEMS).items() if times > 1]
        assert doubled == []


def test_every_row_says_it_is_a_sample() -> None:
    assert [row for row in ITEMS if not row["来源说明"].startswith("示例")] == []


def test_all_drafted_items_are_there() -> None:
    traced = {int(n) for row in ITEMS for n in re.findall(r"起草清单第(\d+)项", row["来源说明"])}
    assert traced == set(range(1, 61))


def test_cells_are_read_by_the_catalogue() -> None:
    for row in CASES:
        asked = len([part for part in row["表单字段"].split("；") if part])
        assert materials_in(row["申请材料"]), row["事项名称"]
        assert len(fields_in(row["表单字段"])) == asked, row["事项名称"]
        assert steps_in(row["办理流程"]), row["事项名称"]
        assert bases_in(row["设定依据"]), row["事项名称"]
        assert faqs_in(row["常见问题"]) is not None


def test_forms_take_what_the_sample_fills_in() -> None:
    lot = Random(3)
    for row in CASES:
        version = ItemVersion(form_definition=fields_in(row["表单字段"]))
        form = form_for(version)(order_of(version, lot).answers)
        assert form.is_valid(), (row["事项编码"], form.errors)


def test_materials_are_specific() -> None:
    vague = re.compile(r"(其他|其它|相关|有关)(的)?(申请|证明)?(材料|资料)$")
    faults = [
        (row["事项编码"], material["name"])
        for row in CASES
        for material in materials_in(row["申请材料"])
        if vague.match(material["name"])
    ]
    assert faults == []


def test_statutory_limits_rest_on_an_article() -> None:
    limited = [row for row in ITEMS if row["法定办结时限"]]
    article = re.compile(r"(法|条例|办法|规定|登记办法)第\d+条")
    assert [n for n in named(limited) if not article.search(_basis_of(n))] == []
    bare = [row for row in ITEMS if row["时限规则"] and not row["法定办结时限"]]
    assert named(bare) == []


def _basis_of(name: str) -> str:
    return next(row["法定时限依据"] for row in ITEMS if row["事项名称"] == name)


def test_promises_stay_within_statutes() -> None:
    for row in CASES:
        assert row["承诺办结时限"].isdigit(), row["事项名称"]
        if row["法定办结时限"]:
            assert row["承诺时限单位"] == row["法定时限单位"], row["事项名称"]
            assert int(row["承诺办结时限"]) <= int(row["法定办结时限"]), row["事项名称"]


def test_rules_named_are_verified_and_agree() -> None:
    path = SHARED / "rules" / "deadlines.csv"
    if not path.exists():
        pytest.skip(f"{path} is not on this machine")
    with path.open(encoding="utf-8-sig") as stream:
        rules = {rule["rule_id"]: rule for rule in csv.DictReader(stream)}
    for row in ITEMS:
        if row["时限规则"]:
            rule = rules[row["时限规则"]]
            assert rule["confidence"] == "verified"
            assert rule["limit"] == row["法定办结时限"], row["事项名称"]
            assert (row["法定时限单位"], rule["unit"]) == ("工作日", "WD")


def test_instant_items_are_decided_where_they_are_taken_or_authorised() -> None:
    for row in CASES:
        if row["办件类型"] != "即办件":
            continue
        assert int(row["承诺办结时限"]) <= 1
        if set(levels(row)) != {row["决定层级"]}:
            assert row["授权依据"].startswith("示例"), row["事项名称"]


def test_licences_have_their_steps_and_a_question() -> None:
    for row in CASES:
        if row["事项类型"] == "行政许可":
            names = [step["name"] for step in steps_in(row["办理流程"])]
            assert names == ["受理", "审核", "审批", "办结", "送达"], row["事项名称"]
            assert faqs_in(row["常见问题"]), row["事项名称"]


def test_fees_telephones_and_visits() -> None:
    for row in ITEMS:
        assert row["咨询电话"].startswith("0372-")
        assert row["咨询电话"] != row["投诉电话"]
        assert (row["是否收费"] == "是") == bool(row["收费标准"]) == bool(row["收费依据"])
        if row["到现场次数"] == "0":
            assert row["掌上办"] == "是" or row["受理层级"], row["事项名称"]


def test_situations_hang_on_their_main_item() -> None:
    by_code = {row["事项编码"]: row for row in ITEMS}
    for row in ITEMS:
        if row["主项编码"]:
            assert by_code[row["主项编码"]]["事项名称"] == row["主项名称"]
            assert row["办理情形"]
            assert row["业务办理项编码"].startswith(row["实施编码"])
            assert len(row["业务办理项编码"]) == 33


def test_implementation_codes_are_built_from_sound_parts() -> None:
    for row in ITEMS:
        organ, level, base = row["实施编码"][:18], row["实施编码"][18], row["实施编码"][19:]
        assert uscc.is_valid(organ)
        assert level in "456"
        assert base == row["基本编码"]
        assert len(base) == 12


def test_departments_are_units() -> None:
    assert {row["实施部门"] for row in ITEMS} <= {row["short_name"] for row in rows("units")}


def test_the_disability_card_is_found_by_its_initials() -> None:
    found = [row["事项名称"] for row in CASES if initials(row["事项名称"]).startswith("cjrz")]
    assert "残疾人证办理（新办）" in found


def test_places_meet_the_staffing_minima() -> None:
    points = rows("points")
    kinds = Counter(row["kind"] for row in points)
    assert kinds == {"hall": 1, "street_centre": 10, "community_station": 120}
    least = {"hall": (2, 4), "street_centre": (2, 4), "community_station": (1, 2)}
    for row in points:
        windows, staff = least[row["kind"]]
        assert int(row["windows"]) >= windows
        assert int(row["staff"]) >= max(staff, 2 * int(row["windows"])) or row["kind"] == "hall"


def test_regions_are_the_real_ones() -> None:
    path = SHARED / "admin" / "beiguan_410503.csv"
    if not path.exists():
        pytest.skip(f"{path} is not on this machine")
    with path.open(encoding="utf-8-sig") as stream:
        real = {(row["code12"], row["name"]) for row in csv.DictReader(stream)}
    assert {(row["code"], row["name"]) for row in rows("regions")} == real


def test_canteens_and_checklist() -> None:
    kinds = Counter(row["subject_type"] for row in rows("canteens"))
    assert kinds == {"canteen": 120, "catering_unit": 1}
    assert all(
        "（示例）" in row["name"] and uscc.is_valid(row["credit_code"]) for row in rows("canteens")
    )
    checks = checklist_rows((DATA / "canteen_checklist.csv").read_text(encoding="utf-8-sig"))
    assert (len(checks), sum(bool(row["is_key"]) for row in checks)) == (47, 18)
    assert {row["code"] for row in rows("failures")} <= {row["code"] for row in checks}


def test_stories_name_known_things() -> None:
    names = set(named(list(ITEMS)))
    accounts = {row["account"] for row in rows("points")}
    for row in rows("stories"):
        assert set(row["items"].split("+")) <= names
        assert row["point"] in accounts
        assert {re.split(r"[+:]", word)[0] for word in row["steps"].split()} <= set(VERBS)


def test_nobody_of_the_sample_can_exist() -> None:
    people = People(Random(7))
    numbers = set()
    for _person in range(90):
        given = people.draw().applicant(born=1970, address="示例")
        assert resident_id_fault(given.id_number, date(2026, 11, 25)) is None
        assert given.id_number[6:14] == "19700101"
        assert int(given.id_number[14:17]) >= 800
        numbers.add(given.id_number)
    assert len(numbers) == 90
