"""Files of items: every row new, updated, unchanged or reported; a second run changes nothing."""

import csv
import json
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from catalogue.choices import VersionState
from catalogue.errors import ImportOver, UnreadableTable
from catalogue.models import Item, ItemVersion
from catalogue.resources import TEMPLATE_HEADINGS, stage_file
from catalogue.services import ImportOptions, abolish_version, apply_import, draft_version
from common import time
from common.errors import Forbidden
from common.models import Job
from organisations.models import Unit, User
from organisations.services import system_user
from tests.factories.catalogue import make_card, make_department, make_region, published_item

pytestmark = pytest.mark.django_db
NEEDED = ["事项编码", "事项名称", "事项类型", "实施部门"]
FULL = {
    "事项编码": "BG-CL-001",
    "事项名称": "残疾人证新办",
    "办理情形": "新办",
    "事项类型": "行政确认",
    "主题": "残疾人服务",
    "实施部门": "区残联",
    "受理层级": "街道；社区",
    "决定层级": "区",
    "办件类型": "承诺件",
    "法定办结时限": "20",
    "法定时限依据": "残疾人证管理办法第8条",
    "承诺办结时限": "15",
    "服务对象": "自然人",
    "掌上办": "是",
    "设定依据": "残疾人证管理办法；残疾人保障法第2条",
    "办理流程": "受理|综合窗口|1；审核|区残联|8",
    "申请材料": "残疾人证申请表|必要|原件|1；居民身份证|必要|原件或复印件|1|政府部门核发；照片|容缺后补",
    "表单字段": "disability_kind|残疾类别|选择|必填|视力,听力",
    "常见问题": "要本人来吗|可以委托",
    "来源说明": "示例",
}
Rows = list[dict[str, str]]


@pytest.fixture
def actor() -> User:
    return system_user("import")


@pytest.fixture(autouse=True)
def department() -> Unit:
    return make_department()


def row(**changes: str) -> dict[str, str]:
    return {**FULL, **changes}


def as_csv(rows: Rows, encoding: str = "utf-8", headings: list[str] | None = None) -> bytes:
    out = StringIO()
    writer = csv.DictWriter(out, headings or list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(lines: list[list[Any]]) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def stage(data: bytes, **options: Any) -> Job:
    return stage_file(
        actor=system_user("import"),
        name="事项.csv",
        data=data,
        options=ImportOptions(**options),
    )


def run(data: bytes, **options: Any) -> dict[str, Any]:
    job = stage(data, **options)
    report = apply_import(job_id=job.pk, actor=system_user("import")).report
    summary = report["summary"]
    fates = summary["new"] + summary["updated"] + summary["unchanged"] + summary["reported"]
    assert fates == summary["rows"] == len(report["rows"])
    return report


def counts(report: dict[str, Any]) -> tuple[int, int, int, int]:
    summary = report["summary"]
    return summary["new"], summary["updated"], summary["unchanged"], summary["reported"]


def reasons(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(entry["column"], entry["text"]) for row in report["rows"] for entry in row["reasons"]]


def test_it_works() -> None:
    report = run(as_csv([row()]), publish=True)
    assert counts(report) == (1, 0, 0, 0)
    item = Item.objects.get()
    version = item.current
    assert (item.name, item.department.name, item.theme) == ("残疾人证新办", "区残联", "残疾人服务")
    assert (version.statutory_amount, version.promised_amount) == (20, 15)
    assert version.accept_levels == ["street", "community"]
    assert [m.necessity for m in version.materials.all()] == ["1", "1", "3"]
    assert [m.source for m in version.materials.all()] == ["10", "20", "10"]
    assert [b.text for b in version.bases.all()] == ["残疾人证管理办法", "残疾人保障法第2条"]
    assert [s.workdays for s in version.steps.all()] == [1, 8]
    assert version.form_definition[0]["options"] == ["视力", "听力"]
    assert version.is_sample
    assert counts(run(as_csv([row()]), publish=True)) == (0, 0, 1, 0)
    assert ItemVersion.objects.count() == 1


def test_staging_stores_nothing() -> None:
    job = stage(as_csv([row()]))
    assert job.report["summary"]["new"] == 1
    assert not Item.objects.exists()


def test_without_publish_a_draft() -> None:
    run(as_csv([row()]))
    item = Item.objects.get()
    assert item.current is None
    assert item.versions.get().state == VersionState.DRAFT
    assert counts(run(as_csv([row()]))) == (0, 0, 1, 0)
    report = run(as_csv([row()]), publish=True)
    assert counts(report) == (0, 1, 0, 0)
    assert report["rows"][0]["changes"][0]["after"] == "在用"
    assert counts(run(as_csv([row()]), publish=True)) == (0, 0, 1, 0)


def test_changes_are_shown_and_make_a_successor() -> None:
    run(as_csv([row()]), publish=True)
    report = run(as_csv([row(承诺办结时限="10", 掌上办="否")]), publish=True)
    assert counts(report) == (0, 1, 0, 0)
    assert report["rows"][0]["changes"] == [
        {"column": "承诺办结时限", "before": "15", "after": "10"},
        {"column": "掌上办", "before": "是", "after": "否"},
    ]
    item = Item.objects.get()
    assert (item.current.number, item.current.promised_amount) == (2, 10)
    assert item.versions.get(number=1).promised_amount == 15


def test_columns_left_out_leave_their_elements() -> None:
    run(as_csv([row()]), publish=True)
    few = {name: FULL[name] for name in NEEDED} | {"主题": "社会保障"}
    assert counts(run(as_csv([few]), publish=True)) == (0, 1, 0, 0)
    item = Item.objects.get()
    assert (item.theme, item.current.number, item.current.materials.count()) == ("社会保障", 1, 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert counts(run(as_csv([row()], encoding))) == (1, 0, 0, 0)
    assert Item.objects.get().name == "残疾人证新办"


def test_xlsx_is_the_same_table() -> None:
    lines: list[list[Any]] = [["北关区事项清单"], list(FULL), list(FULL.values()), [None, None]]
    lines[2][list(FULL).index("承诺办结时限")] = 15.0
    assert counts(run(as_xlsx(lines))) == (1, 0, 0, 0)
    assert counts(run(as_csv([row()]))) == (0, 0, 1, 0)
    assert stage(as_xlsx(lines)).report["rows"][0]["line"] == 3


def test_dates_and_formulas_in_a_workbook_are_reported() -> None:
    lines = [NEEDED, [time.today(), "甲", "01", "区残联"], ["A-2", "=A1", "01", "区残联"]]
    report = run(as_xlsx(lines))
    assert counts(report) == (0, 0, 0, 2)
    assert [column for column, _text in reasons(report)] == ["事项编码", "事项名称"]


def test_typing_habits_are_mended() -> None:
    typed = row(
        事项编码="　ＢＧ－ＣＬ－００１ ",
        事项名称=" 残疾人证新办 ",
        法定办结时限="２０",
        承诺办结时限=" 15 ",
        掌上办="１",
        受理层级="街道,社区",
    )
    run(as_csv([typed]))
    assert counts(run(as_csv([row()]))) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"事项编码": ""}, "事项编码", "缺少事项编码"),
        ({"事项编码": "有/斜杠"}, "事项编码", "编码只能用"),
        ({"事项名称": " "}, "事项名称", "缺少事项名称"),
        ({"事项名称": "长" * 201}, "事项名称", "最多 200"),
        ({"事项类型": "99"}, "事项类型", "不在可填范围"),
        ({"事项类型": ""}, "事项类型", "缺少事项类型"),
        ({"实施部门": "区不存在局"}, "实施部门", "没有“区不存在局”这个部门"),
        ({"实施部门": ""}, "实施部门", "缺少实施部门"),
        ({"受理层级": "省"}, "受理层级", "不在可填范围"),
        ({"承诺办结时限": "十五"}, "承诺办结时限", "不是 0 到"),
        ({"承诺办结时限": "21"}, "承诺办结时限", "超过法定时限"),
        ({"法定时限依据": ""}, "法定时限依据", "要写依据"),
        ({"掌上办": "可能"}, "掌上办", "不是“是”或“否”"),
        ({"申请材料": "其他材料"}, "申请材料", "兜底"),
        ({"申请材料": "身份证|大概"}, "申请材料", "不在可填范围"),
        ({"表单字段": "坏|x"}, "表单字段", "key"),
        ({"主项编码": "没有这个"}, "主项编码", "不是本文件或目录中的主项"),
        ({"时限规则": "NOPE-1"}, "时限规则", "没有时限规则"),
        ({"生效日期": "2026-13-40"}, "生效日期", "不是日期"),
    ],
)
def test_a_bad_row_is_reported_by_column_and_stops_no_other(
    changes: dict[str, str], column: str, words: str
) -> None:
    good = row(事项编码="GOOD-1")
    bad = row(**changes)
    headings = list(dict.fromkeys([*good, *bad]))
    report = run(as_csv([good, bad], headings=headings))
    assert counts(report) == (1, 0, 0, 1)
    assert report["rows"][1]["line"] == 3
    assert [found for found, _text in reasons(report)] == [column]
    assert words in reasons(report)[0][1]
    assert Item.objects.get().code == "GOOD-1"


def test_all_faults_of_a_row_are_told_at_once() -> None:
    report = run(as_csv([row(事项类型="99", 承诺办结时限="x", 事项名称="")]))
    assert {column for column, _text in reasons(report)} == {"事项类型", "承诺办结时限", "事项名称"}


def test_a_code_that_stands_twice() -> None:
    data = as_csv([row(), row(事项名称="另一个")])
    report = run(data)
    assert counts(report) == (1, 0, 0, 1)
    assert reasons(report) == [("事项编码", "编码与第 2 行重复")]
    assert counts(run(data)) == (0, 0, 1, 1)


def test_a_row_with_too_many_cells() -> None:
    data = as_csv([row()]).decode().rstrip("\r\n") + ",多出来的\r\n"
    assert counts(run(data.encode())) == (0, 0, 0, 1)


def test_a_row_with_too_few_cells_is_read() -> None:
    data = ",".join([*NEEDED, "主题"]) + "\r\nS-1,甲,01,区残联\r\n\r\n"
    assert counts(run(data.encode())) == (1, 0, 0, 0)


def test_unknown_headings_are_remarked() -> None:
    report = run(as_csv([row(领导批示="同意")]))
    assert "领导批示" in report["remarks"][0]
    assert counts(report) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "既不是 CSV"),
        (b"PK\x03\x04 broken", "xlsx"),
        ("只有一列\n甲\n".encode(), "找不到表头"),
        ("事项编码,事项名称,事项类型\nA,甲,01\n".encode(), "缺少列：实施部门"),
        ("事项编码,编码,事项名称,事项类型,实施部门\n".encode(), "两列含义相同"),
        (b'\xe4\xba\x8b,"open\n', "表头"),
    ],
)
def test_files_that_are_no_table(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableTable) as refusal:
        stage(data)
    assert words in refusal.value.message


def test_departments_are_added_only_when_wanted() -> None:
    make_region()
    data = as_csv([row(实施部门="区新设局"), row(事项编码="B", 实施部门="区新设局")])
    assert counts(run(data)) == (0, 0, 0, 2)
    assert not Unit.objects.filter(name="区新设局").exists()
    report = run(data, create_units=True)
    assert counts(report) == (2, 0, 0, 0)
    unit = Unit.objects.get(name="区新设局")
    assert (unit.region_id, unit.kind) == ("410503000000", "department")
    assert counts(run(data)) == (0, 0, 2, 0)


def test_a_department_name_in_two_regions_is_no_clash() -> None:
    make_region("511602000000", "广安区")
    data = as_csv([row(区划代码="511602000000")])
    assert counts(run(data)) == (0, 0, 0, 1)
    assert counts(run(data, create_units=True)) == (1, 0, 0, 0)
    assert Item.objects.get().department.region_id == "511602000000"
    assert Unit.objects.filter(name="区残联").count() == 2


def test_two_departments_of_one_name_need_their_code() -> None:
    make_department("区残联", "SECOND")
    report = run(as_csv([row(), row(事项编码="B", 实施部门="SECOND")]))
    assert counts(report) == (1, 0, 0, 1)
    assert "多个部门" in reasons(report)[0][1]


def test_credit_codes_are_stored_and_noticed() -> None:
    rows = [
        row(部门信用代码="11511301008778183n"),
        row(事项编码="B", 部门信用代码="123"),
        row(事项编码="C", 部门信用代码=""),
    ]
    report = run(as_csv(rows))
    assert counts(report) == (3, 0, 0, 0)
    assert report["summary"]["notices"] == 2
    assert Item.objects.get(code="B").organ_code == "123"
    assert Item.objects.get(code="BG-CL-001").organ_code == "11511301008778183N"


def test_no_column_of_credit_codes_no_notice() -> None:
    assert run(as_csv([row()]))["summary"]["notices"] == 0


def test_situations_find_their_main_item_wherever_it_stands() -> None:
    part = row(事项编码="BG-CL-001-01", 主项编码="BG-CL-001", 办理情形="换领")
    whole = row(主项编码="", 办理情形="")
    report = run(as_csv([part, whole]), publish=True)
    assert counts(report) == (2, 0, 0, 0)
    assert Item.objects.get(code="BG-CL-001-01").parent.code == "BG-CL-001"
    assert counts(run(as_csv([part, whole]), publish=True)) == (0, 0, 2, 0)


def test_a_situation_of_a_reported_row_is_reported() -> None:
    part = row(事项编码="P", 主项编码="W", 办理情形="换领")
    report = run(as_csv([part, row(事项编码="W", 主项编码="", 承诺办结时限="99")]))
    assert counts(report) == (0, 0, 0, 2)
    assert "没有主项" in reasons(report)[0][1]


def test_limits_that_are_missing() -> None:
    bare = [{**dict(zip(NEEDED, ["A", "甲", "01", "区残联"], strict=True))}]
    run(as_csv(bare), publish=True, default_promise=12, accepts=["street"])
    version = Item.objects.get().current
    assert (version.promised_amount, version.promised_unit, version.statutory_amount) == (
        12,
        "workday",
        None,
    )
    assert version.accept_levels == ["street"]
    assert counts(run(as_csv(bare), publish=True, default_promise=12)) == (0, 0, 1, 0)


def test_without_a_default_promise_an_item_stays_a_draft() -> None:
    bare = [dict(zip(NEEDED, ["A", "甲", "01", "区残联"], strict=True))]
    report = run(as_csv(bare), publish=True, default_promise=0)
    assert counts(report) == (1, 0, 0, 0)
    assert "承诺" in report["rows"][0]["notices"][0]["text"]
    assert Item.objects.get().current is None
    assert counts(run(as_csv(bare), publish=True, default_promise=0)) == (0, 0, 1, 0)


def test_a_missing_promise_is_the_statute_or_the_same_day() -> None:
    run(
        as_csv(
            [
                row(承诺办结时限="", 法定办结时限="7", 法定时限单位="自然日"),
                row(
                    事项编码="B",
                    承诺办结时限="",
                    法定办结时限="",
                    法定时限依据="",
                    办件类型="即办件",
                ),
            ],
            headings=[*FULL, "法定时限单位"],
        ),
    )
    drafts = {v.item.code: v for v in ItemVersion.objects.select_related("item")}
    assert drafts["BG-CL-001"].promised_text == "7 日"
    assert drafts["B"].promised_text == "当日"


def test_an_item_changed_after_the_preview_is_not_overwritten(actor: User) -> None:
    run(as_csv([row()]))
    job = stage(as_csv([row(承诺办结时限="10")]))
    item = Item.objects.get()
    draft_version(
        actor=actor,
        item_id=item.pk,
        card=make_card(name="手工改的"),
        department=item.department,
    )
    report = apply_import(job_id=job.pk, actor=actor).report
    assert counts(report) == (0, 0, 0, 1)
    assert "预览之后" in reasons(report)[0][1]
    assert item.versions.get().name == "手工改的"


def test_an_import_is_carried_out_once(actor: User) -> None:
    job = stage(as_csv([row()]))
    apply_import(job_id=job.pk, actor=actor)
    with pytest.raises(ImportOver):
        apply_import(job_id=job.pk, actor=actor)


def test_strangers_import_nothing() -> None:
    clerk = User.objects.create_user("clerk")
    with pytest.raises(Forbidden):
        stage_file(actor=clerk, name="x", data=as_csv([row()]), options=ImportOptions())


def test_an_abolished_item_is_not_revived_by_the_same_file(actor: User) -> None:
    run(as_csv([row()]), publish=True)
    abolish_version(actor=actor, version_id=Item.objects.get().current_id, note="取消")
    assert counts(run(as_csv([row()]), publish=True)) == (0, 0, 1, 0)
    assert Item.objects.get().current is None


def test_every_heading_of_the_template_is_known() -> None:
    data = (",".join(TEMPLATE_HEADINGS) + "\r\n").encode("utf-8-sig")
    report = stage(data).report
    assert report["summary"]["rows"] == 0
    assert report["remarks"] == []


def command(*args: str) -> str:
    out = StringIO()
    call_command("import_items", *args, stdout=out)
    return out.getvalue()


def test_the_command_ends_with_one_line_of_json(tmp_path: Path) -> None:
    file = tmp_path / "items.csv"
    file.write_bytes(as_csv([row(), row(事项编码="B", 事项类型="99")]))
    said = command(str(file), "--publish", "--json").strip().splitlines()
    assert json.loads(said[-1]) == {
        "rows": 2,
        "new": 1,
        "updated": 0,
        "unchanged": 0,
        "reported": 1,
        "notices": 0,
    }
    assert any("第 3 行" in line for line in said)
    again = command(str(file), "--publish", "--json", "--yes").strip().splitlines()
    assert json.loads(again[-1])["unchanged"] == 1


def test_a_dry_run_stores_nothing(tmp_path: Path) -> None:
    file = tmp_path / "items.csv"
    file.write_bytes(as_csv([row()]))
    assert json.loads(command(str(file), "--dry-run", "--json").splitlines()[-1])["new"] == 1
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    "args", [["/nowhere/items.csv"], ["--region", "999999999999"], ["--accepts", "省"]]
)
def test_the_command_refuses_in_words(args: list[str], tmp_path: Path) -> None:
    file = tmp_path / "items.csv"
    file.write_bytes(as_csv([row()]))
    with pytest.raises(CommandError):
        command(*([str(file), *args] if args[0].startswith("--") else args))


def test_published_items_of_the_factory_are_unchanged_by_their_own_row() -> None:
    published_item(code="F", materials=[], steps=[], bases=[], form_definition=[])
    data = as_csv(
        [
            dict(
                zip(
                    [*NEEDED, "主题"],
                    ["F", "残疾人证办理", "07", "区残联", "残疾人服务"],
                    strict=True,
                )
            )
        ]
    )
    assert counts(run(data)) == (0, 0, 1, 0)
