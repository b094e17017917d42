"""Headings of an item file, the fields they fill, and other names people give them."""

from catalogue.choices import CaseType, Handout, Level, Nature, ServiceObject
from catalogue.resources.form_cells import FormWidget
from catalogue.resources.headings import Column, field_names
from catalogue.resources.sheets import CODE, part_widget
from catalogue.resources.widgets import (
    NONE,
    CodeWidget,
    DayWidget,
    NumberWidget,
    TextsWidget,
    TextWidget,
    WordsWidget,
    WordWidget,
    YesNoWidget,
)
from catalogue.rules import words
from catalogue.rules.cards import PARTS
from deadlines.choices import Unit as LimitUnit

REGION = "region"
MOST_DAYS = 3650

COLUMNS = (
    CODE,
    Column("事项名称", "name", TextWidget(200), ("item_name", "名称", "业务办理项名称")),
    Column("主项名称", "main_name", TextWidget(200), ("main_item",)),
    Column("主项编码", "parent_code", CodeWidget(64)),
    Column("办理情形", "situation", TextWidget(100), ("情形",)),
    Column("基本编码", "base_code", CodeWidget(50), ("catalog_code",)),
    Column("实施编码", "implementation_code", CodeWidget(50), ("task_code",)),
    Column("业务办理项编码", "handling_code", CodeWidget(50), ("task_handle_item",)),
    Column("地方基本编码", "local_base_code", CodeWidget(50)),
    Column("地方实施编码", "local_implementation_code", CodeWidget(50)),
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
    Column("实施主体性质", "organ_nature", WordWidget(words.ORGAN_NATURES)),
    Column("委托部门", "entrusted_to", TextWidget(120)),
    Column("权力来源", "power_source", TextWidget(120)),
    Column("受理层级", "accept_levels", WordsWidget(words.LEVELS)),
    Column("决定层级", "decide_level", WordWidget(words.LEVELS, Level.DISTRICT)),
    Column("出件地点", "handout", WordWidget(words.HANDOUTS, Handout.POINT)),
    Column("授权依据", "delegation_basis", TextWidget(300)),
    Column("下放", "delegations", part_widget("delegations"), ("下放情况",)),
    Column("办件类型", "case_type", WordWidget(words.CASE_TYPES, CaseType.PROMISED)),
    Column("法定办结时限", "statutory_amount", NumberWidget(MOST_DAYS)),
    Column("法定时限单位", "statutory_unit", WordWidget(words.UNITS, LimitUnit.WORKDAY)),
    Column("法定时限依据", "statutory_basis", TextWidget(300)),
    Column("法定时限说明", "statutory_note", TextWidget(300)),
    Column("时限规则", "statutory_rule", CodeWidget(32)),
    Column("承诺办结时限", "promised_amount", NumberWidget(MOST_DAYS, none=NONE)),
    Column("承诺时限单位", "promised_unit", WordWidget(words.UNITS, LimitUnit.WORKDAY)),
    Column("承诺时限说明", "promised_note", TextWidget(300)),
    Column("特别程序", "special_procedures", TextsWidget()),
    Column(
        "服务对象",
        "service_objects",
        WordsWidget(words.SERVICE_OBJECTS, (ServiceObject.PERSON,)),
    ),
    Column("掌上办", "mobile", YesNoWidget()),
    Column("上门服务", "home_service", YesNoWidget()),
    Column("办理形式", "handling_forms", WordsWidget(words.HANDLING_FORMS)),
    Column("网上办理深度", "online_depth", WordWidget(words.ONLINE_DEPTHS)),
    Column("在线地址", "online_address", TextWidget(300)),
    Column("到现场次数", "visits", NumberWidget(20)),
    Column("必须到现场的原因", "visits_reason", TextWidget(300)),
    Column("通办范围", "service_scope", WordWidget(words.SERVICE_SCOPES)),
    Column("进驻大厅", "in_hall", YesNoWidget()),
    Column("结果可快递", "by_express", YesNoWidget()),
    Column("网上支付", "online_payment", YesNoWidget()),
    Column("支持预约", "by_appointment", YesNoWidget()),
    Column("自助终端可办", "at_terminal", YesNoWidget()),
    Column("数量限制", "quantity_limit", TextWidget(200)),
    Column("告知承诺", "on_promise", YesNoWidget()),
    Column("承诺核查期限（工作日）", "check_workdays", NumberWidget(MOST_DAYS), ("承诺核查期限",)),
    Column("受理条件", "conditions", TextWidget(5000)),
    Column("设定依据", "bases", part_widget("bases")),
    Column("办理流程", "steps", part_widget("steps"), ("办理环节",)),
    Column("是否收费", "fee", YesNoWidget(), ("收费",)),
    Column("收费标准", "fee_standard", TextWidget(2000)),
    Column("收费依据", "fee_basis", TextWidget(2000)),
    Column("收费项目", "fees", part_widget("fees")),
    Column("结果名称", "result_name", TextWidget(120)),
    Column("结果类型", "result_type", WordWidget(words.RESULT_TYPES)),
    Column("结果样本", "result_sample", TextWidget(300)),
    Column(
        "申请材料",
        "materials",
        part_widget("materials"),
        ("材料",),
    ),
    Column("表单字段", "form_definition", FormWidget()),
    Column("办理地点", "place", TextWidget(1000)),
    Column("办理时间", "hours", TextWidget(200)),
    Column("咨询电话", "contact_phone", TextWidget(60), ("咨询方式",)),
    Column("投诉电话", "complaint_phone", TextWidget(60), ("监督投诉方式", "投诉方式")),
    Column("常见问题", "faqs", part_widget("faqs")),
    Column("来源说明", "source_note", TextWidget(300)),
    Column("生效日期", "valid_from", DayWidget()),
)
TEMPLATE_HEADINGS = tuple(column.heading for column in COLUMNS)
ITEM_COLUMNS = tuple(column for column in COLUMNS if column.field not in PARTS)
"""What the sheet of items of a workbook holds; the parts have sheets of their own."""
COLUMN_OF = {column.field: column for column in COLUMNS}
NEEDED = ("code", "name", "kind", "department")
IGNORED = frozenset({"seq", "序号", "task_type", "备注"})
REGION_HEADINGS = ("区划代码", "area_code", REGION)
HEADING_OF = {column.field: column.heading for column in COLUMNS}
FIELD_OF = field_names(COLUMNS) | dict.fromkeys(REGION_HEADINGS, REGION)
SPARE_CODE = "local_implementation_code"
"""Fills ``code`` where a file has no column of codes: some lists number their items that way."""
