"""A catalogue leaves as a file and comes back equal, into an empty house or into the same one."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from catalogue.models import Item, ItemVersion
from catalogue.models.cards import PART_FIELDS
from catalogue.resources import COLUMNS, FORMATS, empty_workbook, export_items, stage_file
from catalogue.resources.cells import guarded, unguarded
from catalogue.resources.sheets import SHEETS
from catalogue.resources.widgets import TextsWidget, TextWidget
from catalogue.rules.cards import PARTS, ItemCard
from catalogue.services import ImportOptions, apply_import
from common.models import Job
from organisations.models import User
from organisations.services import system_user
from tests.factories.catalogue import draft_item, make_card, make_department, published_item

pytestmark = pytest.mark.django_db
MATERIAL = {
    "name": "残疾人证申请表；正反两面",
    "necessity": "3",
    "kind": "2",
    "copies": 2,
    "source": "20",
    "basis": "办法第8条|第9条",
    "form": "3",
    "spec": "A4",
    "source_note": "区残联  窗口",
    "standard": "字迹清楚\n加盖公章",
    "filling_notes": "=勿用铅笔",
    "blank_form": "https://example.org/空白.pdf",
    "sample": "样表",
    "valid_months": 6,
}
RICH: dict[str, Any] = {
    "code": "BG-CL-002",
    "name": "残疾人证换领",
    "main_name": "残疾人证",
    "situation": "换领",
    "base_code": "000511001000",
    "implementation_code": "1141050300000019244000511001000",
    "handling_code": "114105030000001924400051100100001",
    "local_base_code": "0511",
    "local_implementation_code": "BG-0511",
    "organ_code": "11511301008778183n",
    "accept_levels": ["district", "community"],
    "decide_level": "street",
    "handout": "decider",
    "delegation_basis": "北政〔2025〕1号",
    "statutory_unit": "calendar_day",
    "promised_unit": "calendar_day",
    "special_procedures": ["鉴定；评估", "公示"],
    "service_objects": ["6", "1"],
    "home_service": True,
    "visits": 0,
    "conditions": "一、本区户籍\r\n\r\n二、\t持证",
    "fee": True,
    "fee_standard": "每证5元",
    "fee_basis": "价目第1条",
    "place": '"红本"窗口',
    "hours": "周一至周五",
    "contact_phone": "+86 372 000",
    "complaint_phone": "@12345",
    "valid_from": "2026-05-01",
    "organ_nature": "3",
    "entrusted_to": "区卫健委",
    "power_source": "委托",
    "statutory_note": "自受理起",
    "promised_note": "不含公示",
    "handling_forms": ["4", "1"],
    "online_depth": "4",
    "online_address": "https://example.org/1",
    "visits_reason": "核对照片",
    "service_scope": "3",
    "in_hall": True,
    "by_express": True,
    "online_payment": True,
    "by_appointment": True,
    "at_terminal": True,
    "quantity_limit": "无",
    "result_type": "10",
    "result_sample": "样证",
    "on_promise": True,
    "check_workdays": 30,
    "form_definition": [
        {
            "key": "kind",
            "label": "类别|等级",
            "type": "choice",
            "required": True,
            "help": "",
            "options": ["视力；低视力", "听力"],
        }
    ],
    "materials": [MATERIAL, {**MATERIAL, "name": "照片"}, {**MATERIAL, "name": "照片"}],
    "steps": [
        {"name": "受理", "role": "", "workdays": 0, "standard": "齐全", "result": "受理通知书"},
        {"name": "送达", "role": "综合窗口", "workdays": None},
    ],
    "bases": [{"text": "'办法第1条；第2条"}],
    "fees": [{"name": "工本费", "standard": "5元", "basis": "价目", "exemption": "低保"}],
    "delegations": [
        {"level": "street", "from_on": "2026-01-01", "document": "下放决定"},
        {"level": "community", "region_code": "410503004001", "from_on": "即日", "document": ""},
    ],
    "faqs": [{"question": "要本人来吗", "answer": "不用\n可委托"}],
}


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()


def actor() -> User:
    return system_user("import")


def cards() -> dict[str, ItemCard]:
    rows = ItemVersion.objects.with_parts().order_by("number")
    return {version.item.code: version.card() for version in rows}


def exported(form: str) -> bytes:
    return export_items(user=actor(), form=form)


def stage(data: bytes, **options: Any) -> Job:
    return stage_file(actor=actor(), name="事项", data=data, options=ImportOptions(**options))


def run(data: bytes, **options: Any) -> dict[str, Any]:
    return apply_import(job_id=stage(data, **options).pk, actor=actor()).report


def a_catalogue() -> dict[str, ItemCard]:
    """An item in force, a rich draft that is its situation, and one without a promise."""
    parent = published_item()
    draft_item(parent=parent, **RICH, parent_code=parent.code)
    draft_item(code="BG-CL-003", promised_amount=None, service_objects=[], steps=[])
    return cards()


def book(**sheets: list[list[Any]]) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


NEEDED = ["事项编码", "事项名称", "事项类型", "实施部门"]
ONE = ["A-1", "甲", "公共服务", "区残联"]


def left_behind(form: str) -> tuple[dict[str, ItemCard], bytes]:
    """The cards of a catalogue that is gone again, and the file that is left of it."""
    with transaction.atomic():
        found = a_catalogue(), exported(form)
        transaction.set_rollback(True)
    assert not Item.objects.exists()
    return found


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_catalogue_is_rebuilt_equal(form: str) -> None:
    before, data = left_behind(form)
    report = run(data)
    assert report["summary"]["new"] == 3, [row["reasons"] for row in report["rows"]]
    assert cards() == before
    assert exported(form) == data


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_catalogue_is_unchanged(form: str) -> None:
    a_catalogue()
    job = stage(exported(form))
    assert (job.report["summary"]["rows"], job.report["summary"]["unchanged"]) == (3, 3)


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_content_is_the_same_bytes(form: str) -> None:
    a_catalogue()
    assert exported(form) == exported(form)


def test_every_field_of_a_card_and_of_its_parts_has_a_column() -> None:
    assert {column.field for column in COLUMNS} == set(vars(ItemCard()))
    assert [sheet.part for sheet in SHEETS] == sorted(PARTS, key=list(PART_FIELDS).index)
    for sheet in SHEETS:
        assert {column.field for column in sheet.columns} == set(PART_FIELDS[sheet.part])


def test_the_sheets_bear_the_names_people_use() -> None:
    found = load_workbook(BytesIO(empty_workbook()))
    assert found.sheetnames == [
        "事项",
        "申请材料",
        "办理环节",
        "设定依据",
        "收费项目",
        "下放",
        "常见问题",
    ]
    assert [cell.value for cell in found["常见问题"][1]] == ["事项编码", "问题", "答复"]


@given(st.text(), st.lists(st.text()))
@example("a  b", ["甲；乙"])
@example('"a\\r\\nb"', ['["1"]'])
@example("=1\r", [""])
def test_whatever_a_text_holds_its_cell_says(text: str, texts: list[str]) -> None:
    for widget, value in ((TextWidget(), text), (TextsWidget(), texts)):
        try:
            widget.take(value)
        except ValueError:
            continue
        assert widget.clean(unguarded(guarded(widget.render(value)))) == value


def test_a_sheet_of_a_part_replaces_that_part_and_no_other() -> None:
    a_catalogue()
    data = book(
        事项=[NEEDED, ["BG-CL-001", "残疾人证办理", "行政确认", "U-区残联"]],
        申请材料=[["事项编码", "材料名称", "规格"], ["BG-CL-001", "户口簿", "A4"]],
    )
    run(data)
    card = cards()["BG-CL-001"]
    assert [(entry["name"], entry["spec"]) for entry in card.materials] == [("户口簿", "A4")]
    assert card.steps == make_card().steps
    assert cards()["BG-CL-002"].materials[0] == MATERIAL


def test_a_sheet_of_parts_alone_changes_the_items_it_names() -> None:
    before = a_catalogue()
    report = run(book(常见问题=[["事项编码", "问题", "解答"], ["BG-CL-002", "贵吗", "不贵"]]))
    assert report["summary"]["updated"] == 1
    assert cards() == {
        **before,
        "BG-CL-002": ItemCard(
            **{**vars(before["BG-CL-002"]), "faqs": [{"question": "贵吗", "answer": "不贵"}]}
        ),
    }


def test_a_row_of_a_part_whose_item_nobody_knows_is_reported() -> None:
    report = run(
        book(
            事项=[NEEDED, ONE], 申请材料=[["事项编码", "材料名称"], ["A-2", "照片"], ["A-1", "表"]]
        )
    )
    assert (report["summary"]["rows"], report["summary"]["reported"]) == (2, 1)
    stray = report["rows"][1]
    assert (stray["sheet"], stray["line"], stray["code"]) == ("申请材料", 2, "A-2")
    assert "不是本文件或目录中的事项" in stray["reasons"][0]["text"]


def test_a_bad_row_of_a_part_keeps_its_item_out_and_says_where() -> None:
    report = run(
        book(
            事项=[NEEDED, ONE, ["A-2", "乙", "20", "区残联"]],
            申请材料=[["事项编码", "材料名称", "份数"], ["A-1", "表", 1], ["A-1", "照片", "三"]],
        )
    )
    assert [row["fate"] for row in report["rows"]] == ["reported", "new"]
    assert [reason["column"] for reason in report["rows"][0]["reasons"]] == [
        "申请材料 第 3 行 份数"
    ]


def test_json_leaves_alone_what_it_does_not_name() -> None:
    before = a_catalogue()
    report = run(json.dumps([{"code": "BG-CL-001", "theme": "助残"}]).encode())
    assert report["summary"]["updated"] == 1
    assert cards()["BG-CL-001"] == ItemCard(**{**vars(before["BG-CL-001"]), "theme": "助残"})


def test_json_takes_chinese_headings_and_words() -> None:
    item = dict(zip(NEEDED, ONE, strict=True)) | {"常见问题": [{"问题": "贵吗", "答复": "不贵"}]}
    assert run(json.dumps([item]).encode("utf-8-sig"))["summary"]["new"] == 1
    assert cards()["A-1"].faqs == [{"question": "贵吗", "answer": "不贵"}]


def test_the_list_of_items_offers_the_file_in_each_form(client: Client) -> None:
    a_catalogue()
    client.force_login(User.objects.create_superuser("boss"))
    listed = client.get(reverse("admin:catalogue_item_changelist")).content.decode()
    for form in FORMATS:
        address = reverse("admin:catalogue_item_export", args=(form,))
        assert address in listed
        assert client.get(address).content == exported(form)
    assert client.get(reverse("admin:catalogue_item_export", args=("pdf",))).status_code == 404
    empty = client.get(reverse("admin:catalogue_item_import_workbook"))
    assert empty.content == empty_workbook()


def test_a_stranger_gets_no_file(client: Client) -> None:
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(reverse("admin:catalogue_item_export", args=("csv",))).status_code == 403
