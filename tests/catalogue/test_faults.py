"""Faults of real files: each is said by sheet, row and column; none is a trace, no row is lost."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from catalogue.errors import UnreadableTable
from catalogue.resources import stage_file
from catalogue.services import ImportOptions
from common.models import Job
from organisations.services import system_user
from tests.factories.catalogue import make_department

pytestmark = pytest.mark.django_db
HEADINGS = ["事项编码", "事项名称", "事项类型", "实施部门", "实施编码", "受理条件"]
GOOD = ["A-1", "甲", "公共服务", "区残联", "", ""]
PARTS = {
    "申请材料": ["事项编码", "材料名称", "必要性", "份数"],
    "办理环节": ["事项编码", "环节名称", "工作日"],
}
PEAK = 100 * 1024 * 1024


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()


def bytes_of(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def good_book() -> Workbook:
    book = Workbook()
    book.active.title = "事项"
    book.active.append(HEADINGS)
    book.active.append(GOOD)
    for name, headings in PARTS.items():
        book.create_sheet(name).append(headings)
    return book


def stage(data: bytes) -> Job:
    return stage_file(
        actor=system_user("import"), name="事项.xlsx", data=data, options=ImportOptions()
    )


def cell(sheet: str, row: list[Any]) -> Callable[[Workbook], None]:
    return lambda book: book[sheet].append(row)


def item(**changes: Any) -> Callable[[Workbook], None]:
    values = dict(zip(HEADINGS, ["A-2", "乙", "公共服务", "区残联", "", ""], strict=True)) | changes
    return cell("事项", list(values.values()))


def merged_down(book: Workbook) -> None:
    item()(book)
    item(事项编码="A-3")(book)
    book["事项"].merge_cells("D3:D4")


def merged_across(book: Workbook) -> None:
    item(实施编码="1", 受理条件="有")(book)
    book["事项"].merge_cells("E3:F3")


def material(*cells: Any) -> Callable[[Workbook], None]:
    return cell("申请材料", ["A-1", *cells])


FAULTS: list[tuple[str, Callable[[Workbook], None], str, int, str, str]] = [
    ("formula", item(事项名称="=A1"), "事项", 3, "事项名称", "公式"),
    (
        "array formula",
        item(事项名称=ArrayFormula("B3", "=A1:A2")),
        "事项",
        3,
        "事项名称",
        "公式",
    ),
    ("error value", item(事项名称="#REF!"), "事项", 3, "事项名称", "错误值"),
    ("date as a code", item(事项编码=date(2026, 3, 1)), "事项", 3, "事项编码", "日期"),
    ("rounded number", item(实施编码=11410503000000192), "事项", 3, "实施编码", "末尾几位"),
    ("scientific number", item(实施编码="1.1410503E+30"), "事项", 3, "实施编码", "末尾几位"),
    ("merged down", merged_down, "事项", 4, "实施部门", "合并"),
    ("merged across", merged_across, "事项", 3, "受理条件", "合并"),
    ("code twice", item(事项编码="A-1"), "事项", 3, "事项编码", "第 2 行重复"),
    ("code twice, wide", item(事项编码="Ａ－１ "), "事项", 3, "事项编码", "第 2 行重复"),
    ("no code", item(事项编码=None), "事项", 3, "事项编码", "缺少事项编码"),
    ("unknown department", item(实施部门="区外星局"), "事项", 3, "实施部门", "没有“区外星局”"),
    ("unknown word", item(事项类型="行政魔法"), "事项", 3, "事项类型", "不在可填范围"),
    ("too long", item(事项名称="长" * 201), "事项", 3, "事项名称", "最多 200"),
    ("cell without heading", cell("事项", [*GOOD, "多"]), "事项", 3, "事项编码", "第 2 行重复"),
    ("formula in a part", material("=A1"), "事项", 2, "申请材料 第 2 行 材料名称", "公式"),
    ("no name in a part", material("", "必要"), "事项", 2, "申请材料 第 2 行 材料名称", "缺少"),
    ("catch-all", material("其他材料"), "事项", 2, "申请材料 第 2 行 材料名称", "兜底"),
    ("word in a part", material("表", "大概"), "事项", 2, "申请材料 第 2 行 必要性", "可填范围"),
    ("number in a part", material("表", "", "三"), "事项", 2, "申请材料 第 2 行 份数", "整数"),
    (
        "date as a number",
        cell("办理环节", ["A-1", "受理", date(2026, 3, 1)]),
        "事项",
        2,
        "办理环节 第 2 行 工作日",
        "整数",
    ),
    ("part of nobody", cell("申请材料", ["B-9", "表"]), "申请材料", 2, "事项编码", "B-9"),
    ("part without code", cell("申请材料", ["", "表"]), "申请材料", 2, "事项编码", "不是本文件"),
    (
        "part with a date as code",
        cell("申请材料", [date(2026, 3, 1), "表"]),
        "申请材料",
        2,
        "事项编码",
        "日期",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "sheet", "line", "column", "words"),
    [fault[1:] for fault in FAULTS],
    ids=[fault[0] for fault in FAULTS],
)
def test_a_fault_is_said_by_sheet_row_and_column(
    spoil: Callable[[Workbook], None], sheet: str, line: int, column: str, words: str
) -> None:
    book = good_book()
    spoil(book)
    rows = stage(bytes_of(book)).report["rows"]
    bad = [row for row in rows if row["fate"] == "reported"]
    assert [(row["sheet"], row["line"]) for row in bad] == [(sheet, line)]
    assert column in [reason["column"] for reason in bad[0]["reasons"]], bad
    assert any(words in reason["text"] for reason in bad[0]["reasons"]), bad
    items = book["事项"].max_row - 1
    assert len(rows) == items + (sheet != "事项")


@pytest.mark.parametrize(
    "typed",
    [
        item(事项编码=" A-2 ", 事项名称="乙 ", 实施部门=" 区残联　"),
        item(事项编码="Ａ－２"),
        item(事项类型="２０"),
        material("表 ", " 必要", "２"),
        material("表", "必要", 2.0),
    ],
)
def test_habits_of_typing_are_mended(typed: Callable[[Workbook], None]) -> None:
    book = good_book()
    typed(book)
    summary = stage(bytes_of(book)).report["summary"]
    assert summary["reported"] == 0


def test_a_row_of_a_part_that_stands_twice_is_noticed_and_kept() -> None:
    book = good_book()
    material("表")(book)
    material("表")(book)
    (row,) = stage(bytes_of(book)).report["rows"]
    assert row["fate"] == "new"
    assert {"column": "申请材料 第 3 行", "text": "与第 2 行相同"} in row["notices"]


def unknown_sheet(book: Workbook) -> None:
    book.create_sheet("领导批示").append(["同意"])


def unknown_heading(book: Workbook) -> None:
    book["事项"]["G1"] = "领导批示"


def unknown_heading_of_a_part(book: Workbook) -> None:
    book["申请材料"]["E1"] = "领导批示"


def no_heading(book: Workbook) -> None:
    book["事项"]["H2"] = "批注"
    book["事项"]["I1"] = "主题"


def empty_part(book: Workbook) -> None:
    book.create_sheet("常见问题")


def part_in_both(book: Workbook) -> None:
    book["事项"]["G1"] = "申请材料"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (unknown_sheet, "未读取的工作表：领导批示"),
        (unknown_heading, "领导批示"),
        (unknown_heading_of_a_part, "工作表“申请材料”：以下列不认识"),
        (no_heading, "第 8 列"),
        (empty_part, "工作表“常见问题”是空的"),
        (part_in_both, "以工作表“申请材料”为准"),
    ],
)
def test_what_is_not_read_is_remarked(spoil: Callable[[Workbook], None], words: str) -> None:
    book = good_book()
    spoil(book)
    report = stage(bytes_of(book)).report
    assert any(words in remark for remark in report["remarks"]), report["remarks"]
    assert report["summary"]["new"] == 1


def without_column(book: Workbook) -> None:
    book["申请材料"]["B1"] = "别的"
    material("表")(book)


def doubled_column(book: Workbook) -> None:
    book["申请材料"]["E1"] = "材料"


def rows_without_end(book: Workbook) -> None:
    for number in range(20_000):
        book["事项"].append([f"N-{number}"])


def merged_without_end(book: Workbook) -> None:
    book["事项"].merge_cells("A3:B90000")


def repacked(change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(bytes_of(good_book()))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def bomb() -> bytes:
    return repacked(lambda name, data: bytes(210 << 20) if name.endswith("sheet1.xml") else data)


def text_bomb() -> bytes:
    out = io.BytesIO(bytes_of(good_book()))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", bytes(70 << 20))
    return out.getvalue()


def far_row() -> bytes:
    return repacked(lambda _name, data: data.replace(b'<row r="2"', b'<row r="999999999"'))


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><worksheet>&l11;</worksheet>'
    return repacked(lambda name, data: text.encode() if name.endswith("sheet1.xml") else data)


def no_sheet() -> bytes:
    return repacked(lambda name, data: b"<broken" if name.endswith("sheet1.xml") else data)


def million_cells() -> bytes:
    cell = '<c t="inlineStr"><is><t>字</t></is></c>'
    row = f"<row>{cell * 1000}</row>"
    sheet = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{row * 1000}</sheetData></worksheet>"
    ).encode()
    return repacked(lambda name, data: sheet if name.endswith("sheet1.xml") else data)


def wide_and_empty() -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("事项")
    sheet.append(HEADINGS)
    for number in range(1300):
        sheet.append([f"N-{number}", *[None] * 16_382, " "])
    return bytes_of(book)


def spoilt(spoil: Callable[[Workbook], None]) -> Callable[[], bytes]:
    def made() -> bytes:
        book = good_book()
        spoil(book)
        return bytes_of(book)

    return made


REFUSED: list[tuple[Callable[[], bytes], str]] = [
    (spoilt(without_column), "工作表“申请材料”：缺少列：材料名称"),
    (spoilt(doubled_column), "工作表“申请材料”：两列含义相同"),
    (spoilt(rows_without_end), "超过 20000 行"),
    (spoilt(merged_without_end), "合并的单元格太多"),
    (million_cells, "超过 200 列"),
    (wide_and_empty, "太大"),
    (bomb, "超过 200 MB"),
    (text_bomb, "超过 64 MB"),
    (far_row, "太大"),
    (laughs, "xlsx"),
    (no_sheet, "xlsx"),
    (lambda: bytes_of(good_book())[:3000], "xlsx"),
    (lambda: bytes(21 << 20), "超过 20 MB"),
    (lambda: b"\xd0\xcf\x11\xe0" + bytes(512), "旧版或加密"),
    (lambda: b"[" * 100_000, "JSON"),
    (lambda: b'[{"code": NaN}]', "JSON"),
    (lambda: b'[{"code": "A",\n}]', "第 2 行不是 JSON"),
    (lambda: b'[{"code": "A", "code": "B"}]', "出现两次"),
    (lambda: b'{"items": []}', "不是事项列表"),
    (lambda: b'["A"]', "不是事项列表"),
    (
        lambda: b'[{"code": "A", "\xe4\xba\x8b\xe9\xa1\xb9\xe7\xbc\x96\xe7\xa0\x81": "B"}]',
        "含义相同",
    ),
]


@pytest.mark.parametrize(("made", "words"), REFUSED)
def test_a_file_that_cannot_be_read_is_refused_before_memory_grows(
    made: Callable[[], bytes], words: str
) -> None:
    data = made()
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableTable) as refusal:
            stage(data)
        assert tracemalloc.get_traced_memory()[1] < PEAK
    finally:
        tracemalloc.stop()
    assert words in refusal.value.message
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("entry", "column", "words"),
    [
        ({"name": 5.5}, "事项名称", "格式不对"),
        ({"name": "甲\u0000"}, "事项名称", "不能存储"),
        ({"mobile": "也许"}, "掌上办", "是”或“否"),
        ({"visits": 10**30}, "到现场次数", "0 到 20"),
        ({"accept_levels": [3]}, "受理层级", "不是文字"),
        ({"accept_levels": {"a": 1}}, "受理层级", "格式不对"),
        ({"materials": "表|大概"}, "申请材料", "可填范围"),
        ({"materials": 3}, "申请材料", "格式不对"),
        ({"materials": [3]}, "申请材料 第 1 行", "没有“3”这一列"),
        ({"materials": [{"name": "表"}, {"copies": -1}]}, "申请材料 第 2 行 份数", "整数"),
        ({"steps": [{"name": "受理", "colour": "红"}]}, "办理流程 第 1 行", "colour"),
        ({"form_definition": [{"key": "a"}]}, "表单字段", "label"),
        ({"form_definition": [{"key": 3, "label": "x", "type": "text"}]}, "表单字段", "key"),
        ({"form_definition": [[]]}, "表单字段", "第 1 项"),
        ({"valid_from": "2026-02-30"}, "生效日期", "不是日期"),
        ({"department": None}, "实施部门", "缺少实施部门"),
    ],
)
def test_a_fault_of_json_is_said_by_column(entry: dict[str, Any], column: str, words: str) -> None:
    bare = {"code": "A-1", "name": "甲", "kind": "20", "department": "区残联"}
    (row,) = stage(json.dumps([{**bare, **entry}]).encode()).report["rows"]
    assert row["fate"] == "reported"
    assert [column] == [reason["column"] for reason in row["reasons"]]
    assert words in row["reasons"][0]["text"]
