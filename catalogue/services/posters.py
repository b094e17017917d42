"""The guide of an item as a sheet for the wall."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from catalogue.models import Item, ItemVersion
from documents.services import chinese_date, public_address, typeset

TEMPLATE = "catalogue/papers/poster.typ"
SIZES = ("a3", "a4")


def poster(item: Item, *, size: str, at: datetime) -> bytes:
    """The poster of the item in force as PDF, on A3 or A4, dated ``at``; nothing is stored.

    Raises:
        UnprintableCharacters: some character has no glyph in any font at hand.
        ValueError: no such size, or the item is not in force.
    """
    if size not in SIZES or item.current is None:
        raise ValueError(size)
    # A paper is Chinese, whoever prints it.
    with translation.override("zh-hans"):
        data = _data(item, item.current, size, at)
    return typeset(TEMPLATE, data, at=at)


def _data(item: Item, version: ItemVersion, size: str, at: datetime) -> dict[str, Any]:
    address = public_address(reverse("catalogue:guide", args=(item.code,)))
    return {
        "size": size,
        "name": version.name,
        "organ": item.department.name,
        "department": item.department.name,
        "issued_on": chinese_date(at),
        "check_url": address,
        "address": address,
        "sample": _("sample") if version.is_sample else "",
        **_limits(version),
        **_contents(version),
        "facts": _facts(item, version),
        "phones": _rows(
            (_("advice"), version.contact_phone), (_("complaints"), version.complaint_phone)
        ),
    }


def _limits(version: ItemVersion) -> dict[str, str]:
    statute = version.statutory_text
    note = _("limit of the law: %(limit)s") % {"limit": statute} if statute else ""
    promise = version.promised_text or _("as the department says")
    return {"promise": promise, "basis_note": note}


def _contents(version: ItemVersion) -> dict[str, Any]:
    fees = [f"{fee.name}：{fee.standard}" for fee in version.fees.all()]
    return {
        "conditions": version.conditions,
        "materials": [
            {
                "name": material.name,
                "note": _joined(
                    material.get_kind_display(),
                    _("%(number)s copies") % {"number": material.copies},
                    material.get_necessity_display(),
                    material.standard,
                ),
            }
            for material in version.materials.all()
        ],
        "steps": [
            {
                "name": step.name,
                "note": _joined(
                    step.role,
                    _("%(number)s working days") % {"number": step.workdays}
                    if step.workdays
                    else "",
                ),
            }
            for step in version.steps.all()
        ],
        "fee": "；".join(fees) or (version.fee_standard if version.fee else ""),
        "result": version.result_name,
    }


def _facts(item: Item, version: ItemVersion) -> list[dict[str, str]]:
    doors = [*version.accept_level_labels]
    doors += [_("on the mobile app")] if version.mobile else []
    doors += [_("home service")] if version.home_service else []
    visits = "" if version.visits is None else str(version.visits)
    return _rows(
        (_("accepted by"), "、".join(doors)),
        (_("place"), version.place),
        (_("hours"), version.hours),
        (_("visits needed"), visits),
        (_("decided by"), item.department.name),
    )


def _rows(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in pairs if value]


def _joined(*texts: str) -> str:
    return " · ".join(str(text) for text in texts if text)
