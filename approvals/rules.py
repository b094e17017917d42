"""Pure rules of decisions: what stops a clock, how far it extends, what a paper is called."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.choices import Kind
from deadlines.choices import PROMISE_ONLY_GROUNDS

Fault = str | Promise | None

LICENCE_BASIS = "《中华人民共和国行政许可法》第四十五条"
LOCAL_BASIS = "《安阳市政务服务条例》第三十七条"
KIND_WORDS = {
    Kind.LICENCE: "行政许可",
    Kind.BENEFIT: "行政给付",
    Kind.CONFIRMATION: "行政确认",
    Kind.AWARD: "行政奖励",
    Kind.RULING: "行政裁决",
    Kind.OTHER: "行政权力事项",
    Kind.PUBLIC_SERVICE: "公共服务事项",
}


@dataclass(frozen=True)
class Stop:
    """What a special procedure stops, and on which article."""

    statute: bool
    promise: bool
    legal_basis: str


def stop_for(
    *, ground: str, licence: bool, rule_grounds: list[str], named: list[str]
) -> Stop | None:
    """What a ground stops; None where neither law nor guide provides it.

    The eight grounds of 行政许可法 45 stop both dues of a licence, a rule's own list those
    of its limit; 现场勘验 and 技术审查 (安阳条例 37) and grounds outside the law stop the
    promise alone, and only if the guide names them.
    """
    lawful = ground in rule_grounds or (licence and not rule_grounds)
    if lawful and ground not in PROMISE_ONLY_GROUNDS:
        basis = LICENCE_BASIS if licence else LOCAL_BASIS
        return Stop(statute=True, promise=True, legal_basis=basis)
    if ground in named:
        return Stop(statute=False, promise=True, legal_basis=LOCAL_BASIS)
    return None


def extension_fault(
    *,
    most: int | None,
    amount: int,
    due_at: datetime | None,
    at: datetime,
    spent: bool = False,
) -> Fault:
    """Why an extension may not be asked; None if it may (行政许可法 42: before expiry)."""
    if not most or due_at is None:
        return _("the law allows no extension of this limit")
    if at >= due_at:
        return _("the limit has run out; an extension is asked and approved before")
    if spent:
        return _("this limit has already been extended as often as allowed")
    if not 0 < amount <= most:
        return _("an extension may be at most %(most)s") % {"most": most}
    return None


def decision_title(kind: str, *, granted: bool) -> str:
    """What the decision is called: 准予行政许可决定书."""
    word = KIND_WORDS.get(Kind(kind), "行政权力事项")
    return f"{'准予' if granted else '不予'}{word}决定书"
