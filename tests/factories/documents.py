"""Files and papers for tests, made through the services."""

from io import BytesIO
from typing import Any

from PIL import Image

from documents.models import Attachment, Paper
from documents.registry import PaperKind
from documents.services import issue_paper, store_attachment
from organisations.models import Region, Unit, User

STREET = "410503004000"
RECEIPT = PaperKind("test-receipt", "收件凭证", "intake/papers/receipt.typ")

PDF_BYTES = b"%PDF-1.4\n1 0 obj<<>>endobj\nxref\n0 1\ntrailer<<>>\nstartxref\n9\n%%EOF\n"

# Complete data of each template, as its owning app gives them.
PAPER_DATA: dict[str, dict[str, Any]] = {
    "intake/papers/receipt.typ": {
        "organ": "安阳市北关区灯塔路街道办事处",
        "applicant": "张镕",
        "items": [
            {
                "name": "残疾人证办理（新办）",
                "number": "BG410503004-20261124-0001-1",
                "promised_due": "2026年12月9日",
                "statutory_due": "",
            },
        ],
        "materials": [{"name": "居民身份证", "status": "已收"}],
        "window": "灯塔路街道党政综合便民服务中心 综合窗口1号",
        "clerk": "王芳",
        "received_at_text": "2026年11月24日 14时05分",
        "next_step": "窗口将于今日告知是否受理。",
    },
    "intake/papers/acceptance.typ": {
        "organ": "安阳市北关区灯塔路街道办事处",
        "applicant": "张镕",
        "item": "残疾人证办理（新办）",
        "case_number": "BG410503004-20261124-0001-1",
        "received_on": "2026年11月24日",
        "accepted_on": "2026年11月24日",
        "basis": "《安阳市政务服务条例》第三十六条",
        "department": "北关区残疾人联合会",
        "promised_due": "2026年12月9日",
        "promised_text": "10个工作日",
    },
    "intake/papers/correction.typ": {
        "organ": "安阳市北关区灯塔路街道办事处",
        "applicant": "张镕",
        "item": "残疾人证办理（新办）",
        "case_number": "BG410503004-20261124-0001-1",
        "received_on": "2026年11月24日",
        "materials": [{"name": "照片", "fault": "未提交", "demand": "提交两寸照片三张。"}],
        "due": "2026年12月8日",
        "effect": "逾期未补正的，视为撤回申请。",
        "basis": "《安阳市政务服务条例》第三十六条",
        "window": "综合窗口1号",
        "clerk": "王芳",
    },
    "intake/papers/refusal.typ": {
        "organ": "安阳市北关区市场监督管理局",
        "applicant": "安阳市北关区䶮㛃餐饮服务有限公司",
        "item": "食品经营许可（新办）",
        "case_number": "BG410503004-20261124-0002",
        "received_on": "2026年11月24日",
        "reason": "经营场所位于安阳市文峰区。",
        "basis": "《中华人民共和国行政许可法》第三十二条第一款第二项",
        "review_organ": "安阳市北关区人民政府",
        "court": "安阳市北关区人民法院",
    },
    "intake/papers/deferral_promise.typ": {
        "organ": "安阳市北关区残疾人联合会",
        "applicant": "张镕",
        "item": "残疾人证办理（新办）",
        "case_number": "BG410503004-20261124-0001-1",
        "accepted_on": "2026年11月24日",
        "materials": [{"name": "两寸照片", "due": "2026年12月1日"}],
        "effect": "逾期未补齐的，视为撤回申请",
        "basis": "《安阳市政务服务条例》第二十四条",
        "department": "安阳市北关区残疾人联合会",
        "window": "灯塔路街道便民服务中心 综合窗口1号",
    },
    "intake/papers/promise.typ": {
        "organ": "安阳市北关区消防救援大队",
        "applicant": "安阳市北关区䶮㛃餐饮服务有限公司",
        "item": "公众聚集场所投入使用、营业前消防安全检查（告知承诺）",
        "case_number": "BG410503004-20261124-0002-1",
        "accepted_on": "2026年11月24日",
        "basis": "《中华人民共和国消防法》第十五条",
        "conditions": "场所符合消防技术标准和管理规定",
        "department": "安阳市北关区消防救援大队",
        "check_text": "20个工作日",
        "licence": "yes",
    },
    "approvals/papers/decision.typ": {
        "organ": "安阳市北关区残疾人联合会",
        "applicant": "张镕",
        "item": "残疾人证办理（新办）",
        "case_number": "BG410503004-20261124-0001-1",
        "accepted_on": "2026年11月24日",
        "result": "granted",
        "facts": "肢体残疾三级。",
        "basis": "《残疾人证管理办法》",
        "decision": "准予办理残疾人证。",
        "review_organ": "安阳市北关区人民政府",
        "court": "安阳市北关区人民法院",
    },
    "documents/papers/service_proof.typ": {
        "organ": "安阳市北关区残疾人联合会",
        "case_title": "残疾人证办理（新办）",
        "papers": [{"name": "行政确认决定书", "number": "安北残联决字〔2026〕8号"}],
        "recipient": "张镕",
        "method": "直接送达",
        "place": "便民服务中心",
        "servers": ["王芳", "赵敏"],
    },
    "inspections/papers/order.typ": {
        "organ": "安阳市北关区市场监督管理局",
        "party": "安阳市北关区第一实验小学食堂",
        "found_on": "2026年11月24日",
        "problems": [
            {"number": "1", "text": "留样量不足", "clause": "第四十条", "demand": "不少于125克。"},
        ],
        "basis": "《中华人民共和国行政处罚法》第二十八条第一款",
        "due": "2026年12月1日",
        "inspectors": ["赵敏（执法证号 16050300123）", "孙磊（执法证号 16050300124）"],
    },
}


def make_street() -> Unit:
    """A street office in its region."""
    region, _new = Region.objects.get_or_create(
        code=STREET, defaults={"name": "灯塔路街道", "level": "street"}
    )
    unit, _new = Unit.objects.get_or_create(
        code="DENGTA",
        defaults={"name": "灯塔路街道办事处", "kind": "street", "region": region},
    )
    return unit


def png_bytes(width: int = 8, height: int = 8) -> bytes:
    """A small real PNG."""
    return _picture(width, height, "PNG")


def jpeg_bytes(width: int = 64, height: int = 64) -> bytes:
    """A small real JPEG."""
    return _picture(width, height, "JPEG")


def _picture(width: int, height: int, kind: str) -> bytes:
    out = BytesIO()
    Image.effect_noise((width, height), 60).save(out, kind)
    return out.getvalue()


def make_attachment(*, actor: User, content: bytes = b"", **changes: Any) -> Attachment:
    """A stored scan at the street."""
    facts = {"name": "身份证.png", "region_code": STREET, **changes}
    return store_attachment(upload=content or png_bytes(), actor=actor, **facts)


def make_paper(*, actor: User, number: str = "BG-1", **changes: Any) -> Paper:
    """An issued receipt of the street."""
    facts = {
        "kind": RECEIPT,
        "data": PAPER_DATA[RECEIPT.template],
        "region_code": STREET,
        "department": make_street(),
        "subject_kind": "application",
        "subject_id": 1,
        **changes,
    }
    return issue_paper(number=number, actor=actor, **facts)
