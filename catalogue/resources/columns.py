"""Headings of an item file, the fields they fill, and other names people give them."""

from dataclasses import dataclass

from import_export.widgets import Widget

from catalogue.choices import CaseType, Handout, Level, Nature, ServiceObject
from catalogue.resources.widgets import (
    CodeWidget,
    DayWidget,
    EntriesWidget,
    NumberWidget,
    TextsWidget,
    TextWidget,
    WordsWidget,
    WordWidget,
    YesNoWidget,
)
from catalogue.rules import form_lines, lists, words
from catalogue.rules.text import plain
from deadlines.choices import Unit as LimitUnit

REGION = "region"
MOST_DAYS = 3650


@dataclass(frozen=True)
class Column:
    """One heading: the field of the card it fills and how its cells are read."""

    heading: str
    field: str
    widget: Widget
    aliases: tuple[str, ...] = ()


COLUMNS = (
    Column("事项编码", "code", CodeWidget(64), ("local_catalog_code", "地方实施编码", "编码")),
    Column("事项名称", "name", TextWidget(200), ("item_name", "名称", "业务办理项名称")),
    Column("主项名称", "main_name", TextWidget(200), ("main_item",)),
    Column("主项编码", "parent_code", CodeWidget(64)),
    Column("办理情形", "situation", TextWidget(100), ("情形",)),
    Column("基本编码", "base_code", CodeWidget(50), ("catalog_code",)),
    Column("实施编码", "implementation_code", CodeWidget(50), ("task_code",)),
    Column("业务办理项编码", "handling_code", CodeWidget(50), ("task_handle_item",)),
    Column("事项类型", "kind", WordWidget(words.KINDS, "", pad=2), ("task_type_code",)),
    Column("办理性质", "nature", WordWidget(words.NATURES, Nature.CASE)),
    Column("主题", "theme", TextWidget(40), ("theme",)),
    Column("实施部门", "department", TextWidget(120), ("department", "实施主体", "部门")),
    Column(
        "部门信用代码",
        "organ_code",
        CodeWidget(50, upper=True),
        ("dept_code", "部门统一社会信用代码", "实施主体编码"),
    ),
    Column("受理层级", "accept_levels", WordsWidget(words.LEVELS)),
    Column("决定层级", "decide_level", WordWidget(words.LEVELS, Level.DISTRICT)),
    Column("出件地点", "handout", WordWidget(words.HANDOUTS, Handout.POINT)),
    Column("授权依据", "delegation_basis", TextWidget(300)),
    Column("办件类型", "case_type", WordWidget(words.CASE_TYPES, CaseType.PROMISED)),
    Column("法定办结时限", "statutory_amount", NumberWidget(MOST_DAYS)),
    Column("法定时限单位", "statutory_unit", WordWidget(words.UNITS, LimitUnit.WORKDAY)),
    Column("法定时限依据", "statutory_basis", TextWidget(300)),
    Column("时限规则", "statutory_rule", CodeWidget(32)),
    Column("承诺办结时限", "promised_amount", NumberWidget(MOST_DAYS)),
    Column("承诺时限单位", "promised_unit", WordWidget(words.UNITS, LimitUnit.WORKDAY)),
    Column("特别程序", "special_procedures", TextsWidget()),
    Column(
        "服务对象",
        "service_objects",
        WordsWidget(words.SERVICE_OBJECTS, (ServiceObject.PERSON,)),
    ),
    Column("掌上办", "mobile", YesNoWidget()),
    Column("上门服务", "home_service", YesNoWidget()),
    Column("到现场次数", "visits", NumberWidget(20)),
    Column("受理条件", "conditions", TextWidget(5000)),
    Column("设定依据", "bases", EntriesWidget(lists.bases_in, lists.bases_out)),
    Column("办理流程", "steps", EntriesWidget(lists.steps_in, lists.steps_out)),
    Column("是否收费", "fee", YesNoWidget(), ("收费",)),
    Column("收费标准", "fee_standard", TextWidget(2000)),
    Column("收费依据", "fee_basis", TextWidget(2000)),
    Column("结果名称", "result_name", TextWidget(120)),
    Column(
        "申请材料",
        "materials",
        EntriesWidget(lists.materials_in, lists.materials_out),
        ("材料",),
    ),
    Column(
        "表单字段", "form_definition", EntriesWidget(form_lines.fields_in, form_lines.fields_out)
    ),
    Column("办理地点", "place", TextWidget(1000)),
    Column("办理时间", "hours", TextWidget(200)),
    Column("咨询电话", "contact_phone", TextWidget(60), ("咨询方式",)),
    Column("投诉电话", "complaint_phone", TextWidget(60), ("监督投诉方式", "投诉方式")),
    Column("常见问题", "faqs", EntriesWidget(lists.faqs_in, lists.faqs_out)),
    Column("来源说明", "source_note", TextWidget(300)),
    Column("生效日期", "valid_from", DayWidget()),
)
TEMPLATE_HEADINGS = tuple(column.heading for column in COLUMNS)
NEEDED = ("code", "name", "kind", "department")
IGNORED = frozenset({"seq", "序号", "task_type", "备注"})
REGION_HEADINGS = ("区划代码", "area_code")
HEADING_OF = {column.field: column.heading for column in COLUMNS}
FIELD_OF = {
    plain(name).lower(): column.field
    for column in COLUMNS
    for name in (column.heading, *column.aliases)
} | dict.fromkeys(REGION_HEADINGS, REGION)
