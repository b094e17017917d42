"""The words catalogue files use (data in Chinese, whatever language the screen speaks)."""

from catalogue.choices import (
    CaseType,
    FieldType,
    HandlingForm,
    Handout,
    Kind,
    Level,
    MaterialForm,
    MaterialKind,
    MaterialSource,
    Nature,
    Necessity,
    OnlineDepth,
    OrganNature,
    Prefill,
    ResultType,
    ServiceObject,
    ServiceScope,
)
from deadlines.choices import Unit as LimitUnit

Words = dict[str, str]

KINDS: Words = {
    "行政许可": Kind.LICENCE,
    "行政处罚": Kind.PENALTY,
    "行政强制": Kind.COERCION,
    "行政征收": Kind.LEVY,
    "行政给付": Kind.BENEFIT,
    "行政检查": Kind.INSPECTION,
    "行政确认": Kind.CONFIRMATION,
    "行政奖励": Kind.AWARD,
    "行政裁决": Kind.RULING,
    "其他行政权力": Kind.OTHER,
    "其他类别事项": Kind.OTHER,
    "公共服务": Kind.PUBLIC_SERVICE,
    "公共服务事项": Kind.PUBLIC_SERVICE,
}
NATURES: Words = {
    "办件": Nature.CASE,
    "查询": Nature.QUERY,
    "缴费": Nature.PAYMENT,
    "服务": Nature.SERVICE,
}
LEVELS: Words = {
    "区": Level.DISTRICT,
    "县": Level.DISTRICT,
    "区级": Level.DISTRICT,
    "街道": Level.STREET,
    "镇": Level.STREET,
    "街道级": Level.STREET,
    "社区": Level.COMMUNITY,
    "村": Level.COMMUNITY,
    "社区级": Level.COMMUNITY,
}
HANDOUTS: Words = {"受理窗口": Handout.POINT, "决定部门": Handout.DECIDER}
CASE_TYPES: Words = {
    "承诺件": CaseType.PROMISED,
    "承诺": CaseType.PROMISED,
    "即办件": CaseType.INSTANT,
    "即办": CaseType.INSTANT,
}
UNITS: Words = {
    "工作日": LimitUnit.WORKDAY,
    "自然日": LimitUnit.CALENDAR_DAY,
    "日历日": LimitUnit.CALENDAR_DAY,
    "小时": LimitUnit.HOUR,
    "月": LimitUnit.MONTH,
    "个月": LimitUnit.MONTH,
    "当日": LimitUnit.SAME_DAY,
}
SERVICE_OBJECTS: Words = {
    "自然人": ServiceObject.PERSON,
    "企业法人": ServiceObject.ENTERPRISE,
    "事业法人": ServiceObject.INSTITUTION,
    "社会组织法人": ServiceObject.SOCIAL,
    "行政机关": ServiceObject.ORGAN,
    "其他组织": ServiceObject.OTHER,
}
ORGAN_NATURES: Words = {
    "法定机关": OrganNature.STATUTORY,
    "授权组织": OrganNature.AUTHORISED,
    "受委托组织": OrganNature.ENTRUSTED,
}
HANDLING_FORMS: Words = {
    "窗口办理": HandlingForm.WINDOW,
    "窗口": HandlingForm.WINDOW,
    "网上办理": HandlingForm.COMPUTER,
    "网上": HandlingForm.COMPUTER,
    "移动端办理": HandlingForm.MOBILE,
    "移动端": HandlingForm.MOBILE,
    "快递申请": HandlingForm.POST,
    "快递": HandlingForm.POST,
    "其他形式": HandlingForm.OTHER,
    "其他": HandlingForm.OTHER,
}
# Numerals as ``plain`` spells them, whichever sign was typed.
ONLINE_DEPTHS: Words = {
    "信息公开": OnlineDepth.INFORMATION,
    "i级": OnlineDepth.INFORMATION,
    "i级:信息公开": OnlineDepth.INFORMATION,
    "表格下载": OnlineDepth.FORMS,
    "ii级": OnlineDepth.FORMS,
    "ii级:表格下载": OnlineDepth.FORMS,
    "网上申请": OnlineDepth.APPLYING,
    "iii级": OnlineDepth.APPLYING,
    "iii级:网上申请": OnlineDepth.APPLYING,
    "全程网办": OnlineDepth.WHOLLY,
    "iv级": OnlineDepth.WHOLLY,
    "iv级:全程网办": OnlineDepth.WHOLLY,
}
SERVICE_SCOPES: Words = {
    "全国": ServiceScope.NATION,
    "全国通办": ServiceScope.NATION,
    "跨省": ServiceScope.PROVINCES,
    "跨市": ServiceScope.CITIES,
    "跨县": ServiceScope.COUNTIES,
}
RESULT_TYPES: Words = {
    "证照": ResultType.LICENCE,
    "批文": ResultType.REPLY,
    "其他": ResultType.OTHER,
}
MATERIAL_FORMS: Words = {
    "纸质": MaterialForm.PAPER,
    "电子": MaterialForm.ELECTRONIC,
    "纸质或电子": MaterialForm.EITHER,
    "纸质和电子": MaterialForm.EITHER,
}
NECESSITIES: Words = {
    "必要": Necessity.REQUIRED,
    "非必要": Necessity.OPTIONAL,
    "容缺后补": Necessity.DEFERRABLE,
    "容缺": Necessity.DEFERRABLE,
}
MATERIAL_KINDS: Words = {
    "原件": MaterialKind.ORIGINAL,
    "复印件": MaterialKind.COPY,
    "原件或复印件": MaterialKind.EITHER,
    "原件和复印件": MaterialKind.EITHER,
}
SOURCES: Words = {
    "申请人自备": MaterialSource.APPLICANT,
    "政府部门核发": MaterialSource.GOVERNMENT,
    "其他": MaterialSource.OTHER,
}
FIELD_TYPES: Words = {
    "文本": FieldType.TEXT,
    "多行": FieldType.TEXTAREA,
    "数字": FieldType.NUMBER,
    "日期": FieldType.DATE,
    "选择": FieldType.CHOICE,
    "多选": FieldType.SEVERAL,
    "是否": FieldType.YES_NO,
    "身份证号": FieldType.RESIDENT_ID,
    "信用代码": FieldType.CREDIT_CODE,
    "电话": FieldType.PHONE,
}
PREFILLS: Words = {
    "姓名": Prefill.NAME,
    "证件号": Prefill.ID_NUMBER,
    "手机": Prefill.MOBILE,
    "住址": Prefill.ADDRESS,
    "代理人": Prefill.AGENT_NAME,
    "今天": Prefill.TODAY,
}
YES, NO = "是", "否"
YES_NO: dict[str, bool] = {
    "是": True,
    "1": True,
    "true": True,
    "有": True,
    "否": False,
    "0": False,
    "false": False,
    "无": False,
}


def with_codes(words: Words, codes: list[str]) -> Words:
    """The words, and each code as its own word."""
    return {**{word: str(code) for word, code in words.items()}, **{code: code for code in codes}}


def word_for(words: Words, code: str) -> str:
    """The first word that stands for the code, as a file would say it."""
    return next((word for word, meant in words.items() if meant == code), code)
