"""When a case may be accepted, decided on the spot, refused."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.choices import Necessity
from intake.choices import MaterialStatus, RefusalGround

Fault = str | Promise | None

HERE = frozenset({MaterialStatus.RECEIVED, MaterialStatus.WAIVED})
BASES = {
    RefusalGround.NOT_NEEDED: "《中华人民共和国行政许可法》第三十二条第一款第一项",
    RefusalGround.NOT_COMPETENT: "《中华人民共和国行政许可法》第三十二条第一款第二项",
    RefusalGround.NOT_CORRECTED: "《中华人民共和国行政许可法》第三十二条第一款第四项",
}
LICENCE_ACCEPTANCE_BASIS = "《中华人民共和国行政许可法》第三十二条第一款第五项"
CORRECTION_BASIS = "《安阳市政务服务条例》第三十六条"
ONLINE_CORRECTION_BASIS = "《安阳市政务服务条例》第四十二条"
DEEMED_BASES = {"APP-01": BASES[RefusalGround.NOT_CORRECTED]}
DEFERRAL_BASIS = "《安阳市政务服务条例》第二十四条"
CITY_DEFERRED_BASIS = f"{DEFERRAL_BASIS}、第三十六条"
CORRECTION_EFFECT = "逾期未补正的，视为撤回申请"
ONLINE_CORRECTION_EFFECT = "逾期未补正的，由受理机关书面告知处理结果"
DEFERRAL_EFFECT = "逾期未补齐的，视为撤回申请"


class MaterialFacts(Protocol):
    """What the rules ask of a material of a case."""

    @property
    def status(self) -> str:
        """What came of it."""

    @property
    def necessity(self) -> str:
        """Required, optional, or may follow."""

    @property
    def name(self) -> str:
        """As the guide names it."""


def is_open(material: MaterialFacts) -> bool:
    """Whether the material still hinders acceptance.

    A required one must be here; one that may follow later must be here or promised
    (安阳条例 24); an optional one never hinders.
    """
    if material.necessity == Necessity.OPTIONAL or material.status in HERE:
        return False
    may_follow = material.necessity == Necessity.DEFERRABLE
    return not (may_follow and material.status == MaterialStatus.DEFERRED)


def open_names(materials: Iterable[MaterialFacts]) -> list[str]:
    """Names of the materials that still hinder acceptance."""
    return [material.name for material in materials if is_open(material)]


def acceptance_basis(*, licence: bool, deferred: bool = False) -> str:
    """The articles acceptance rests on: the licensing act binds licences alone.

    Where materials follow later, acceptance before they come rests on 安阳条例 24.
    """
    if not licence:
        return CITY_DEFERRED_BASIS if deferred else CORRECTION_BASIS
    return LICENCE_ACCEPTANCE_BASIS + (f"、{DEFERRAL_BASIS}" if deferred else "")


def deemed_basis(rule_code: str) -> str:
    """The article by which silence accepted: the licensing act's own limit, or the city's."""
    return DEEMED_BASES.get(rule_code, CORRECTION_BASIS)


def refusal_basis(ground: str, *, licence: bool) -> str:
    """The article non-acceptance rests on."""
    return BASES[RefusalGround(ground)] if licence else CORRECTION_BASIS


def may_decide_on_spot(
    *, instant: bool, decide_level: str, point_level: str, delegation_basis: str
) -> bool:
    """Whether the accepting point may decide at once.

    Only where the deciding level is the point's own, or an authorisation is on record.
    """
    return instant and (decide_level == point_level or bool(delegation_basis))


def refusal_fault(ground: str, proper_organ: str) -> Fault:
    """An incompetent organ names the right one (行政许可法 32 (二))."""
    if ground == RefusalGround.NOT_COMPETENT and not proper_organ.strip():
        return _("name the organ that is competent")
    return None


def named_day_fault(day: date, today: date, latest: date | None = None) -> Fault:
    """A day told to an applicant lies ahead, and before the promise ends where that binds."""
    if day <= today:
        return _("the day must lie ahead")
    if latest is not None and day >= latest:
        return _("the day must come before the promised day %(day)s") % {"day": latest.isoformat()}
    return None
