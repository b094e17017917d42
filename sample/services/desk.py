"""What lies on a window's desk: an applicant, his form and his papers."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from random import Random
from typing import Any

from catalogue.choices import FieldType, Necessity, ServiceObject
from catalogue.models import ItemVersion
from catalogue.rules.definitions import TODAY, options_of, shown_entries
from common import time
from documents.services import store_attachment
from intake.choices import MaterialStatus
from intake.models.case import LICENCE_END
from intake.services import ApplicantInput, ItemOrder, MaterialInput
from organisations.models import ServicePoint, User
from sample.services.people import People, credit_code
from sample.services.pictures import scan_bytes

COMPANIES = ("洹水", "殷商", "灯塔", "彰德", "北苑", "文峰塔", "润禾", "鼎盛", "安邦", "佳禾")
TRADES = ("餐饮有限公司", "商贸有限公司", "物流有限公司", "药房有限公司", "酒店管理有限公司")
TEXTS = {
    "reason": "家庭主要劳动力患病，收入明显减少，现申请办理。",
    "bank_account": "中国工商银行安阳北关支行尾号0000（示例）",
    "location": "北关区示例路18号",
    "live_at": "北关区示例小区3号楼2单元",
    "hospital": "安阳市示例医院",
    "organisation_name": "洹水商贸（示例）",
    "other_party": "同楼层邻居",
    "dog_breed": "泰迪犬",
    "school": "启明小学（示例）",
    "child_name": "小安",
    "business_scope": "日用百货零售",
    "disease": "高血压Ⅲ期",
    "case_kind": "追索劳动报酬",
    "projects": "热食类食品制售",
    "move_to": "北关区示例路18号",
    "wanted": "咨询办理流程",
    "plate": "豫E00000",
}
# A renewal is asked for thirty days before at the latest (行政许可法 50).
LICENCE_LASTS = timedelta(days=40)
USUAL_TEXT = "见申请表"
USUAL_NUMBER = "3"
SURNAMED = "（示例）"


def applicant_for(
    version: ItemVersion, point: ServicePoint, *, people: People, lot: Random
) -> ApplicantInput:
    """A person, or an enterprise where the item serves no persons."""
    person = people.draw()
    address = f"{point.region.name}示例路{lot.randint(1, 90)}号"
    if ServiceObject.PERSON in version.service_objects:
        return person.applicant(born=lot.randint(1944, 2001), address=address)
    name = f"安阳{lot.choice(COMPANIES)}{lot.choice(TRADES)}{SURNAMED}"
    return person.company(name=name, address=address)


def order_of(version: ItemVersion, lot: Random) -> ItemOrder:
    """The item with every field of its form filled in that its answers lead to."""
    answers = {entry["key"]: _answer(entry, lot) for entry in version.form_definition}
    asked = {entry["key"] for entry in shown_entries(version.form_definition, answers)}
    answers = {key: text for key, text in answers.items() if key in asked}
    return ItemOrder(version_id=version.pk, answers=answers)


def _answer(entry: dict[str, Any], lot: Random) -> str:
    if options := options_of(entry):
        return str(lot.choice(options))
    maker = _BY_TYPE.get(entry["type"])
    return maker(entry, lot) if maker else TEXTS.get(entry["key"], USUAL_TEXT)


def _day(entry: dict[str, Any], lot: Random) -> str:
    if entry["key"] == LICENCE_END:
        return (time.today() + LICENCE_LASTS).isoformat()
    if entry.get("least") == TODAY:
        return (time.today() + timedelta(days=lot.randint(30, 90))).isoformat()
    return (time.today() - timedelta(days=lot.randint(3, 40))).isoformat()


_BY_TYPE: dict[str, Callable[[dict[str, Any], Random], str]] = {
    FieldType.DATE: _day,
    FieldType.NUMBER: lambda _entry, _lot: USUAL_NUMBER,
    FieldType.CREDIT_CODE: lambda _entry, lot: credit_code(lot.randint(1, 9999)),
}


def materials_of(
    versions: Iterable[ItemVersion], *, lacking: bool = False, deferred_until: Any = None
) -> list[MaterialInput]:
    """What the applicant brought: all, all but the last required one, or some to follow."""
    asked = {row.name: row for version in versions for row in version.materials.all()}
    required = [row.name for row in asked.values() if row.necessity == Necessity.REQUIRED]
    found = []
    for name, row in asked.items():
        if lacking and name == required[-1]:
            continue
        follows = deferred_until and row.necessity == Necessity.DEFERRABLE
        if follows:
            found.append(MaterialInput(name, MaterialStatus.DEFERRED, due_on=deferred_until))
        elif row.necessity != Necessity.OPTIONAL:
            found.append(MaterialInput(name))
    return found


def with_scan(
    materials: list[MaterialInput], *, clerk: User, point: ServicePoint
) -> list[MaterialInput]:
    """The first material has a scan."""
    scan = store_attachment(
        upload=scan_bytes(materials[0].name),
        name=f"{materials[0].name}.png",
        actor=clerk,
        region_code=point.region_id,
    )
    first = MaterialInput(materials[0].name, attachment_ids=(scan.pk,))
    return [first, *materials[1:]]
