"""What an applicant is told by message on each occasion: short, and without a name."""

from enum import StrEnum


class Occasion(StrEnum):
    """What happened to the case."""

    ACCEPTED = "已受理"
    DEEMED_ACCEPTED = "法定期限内未告知补正，自收到材料之日起视为受理"
    DEEMED_WITHDRAWN = "逾期未补齐补正材料，依法视为撤回申请"
    CORRECTION = "需要补正材料，请按一次性告知书提交"
    NOT_ACCEPTED = "不予受理，理由和救济途径见书面通知"
    SUSPENDED = "进入特别程序，依法扣除的时间见进度页面"
    RESUMED = "特别程序已结束，恢复审查"
    COUNTED_ANEW = "因工作日历调整，办理期限的到期日有变化，以进度页面所示为准"
    EXTENDED = "办理期限经批准延长，理由见进度页面"
    DECIDED = "已作出决定"
    TERMINATED = "已终止办理，理由见书面通知"
    READY = "办理结果可以领取"


def message_text(item: str, number: str, occasion: Occasion, address: str) -> str:
    """One sentence, and where to read more."""
    return f"您申请的「{item}」（办件号{number}）{occasion.value}。进度查询：{address}"
