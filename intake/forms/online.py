"""An application as an API client spells it, turned into what the services take."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from catalogue.forms import form_for, stored_answers
from catalogue.rules.definitions import shared_keys
from common import time
from common.errors import InvalidInput
from common.identity import spelled
from intake.choices import AgentRole, Channel, IdType
from intake.errors import GuardianMissing, InvalidForm, ItemNotAcceptedHere
from intake.forms.window import kind_of
from intake.rules.identity import id_fault, is_minor
from intake.services import ApplicantInput, ItemOrder, MaterialInput, open_items
from intake.services.inputs import OpenItem
from organisations.models import ServicePoint, User
from organisations.rules import region_prefix


def given_application(data: Mapping[str, Any], actor: User) -> dict[str, Any]:
    """What ``hand_in_application`` takes.

    Raises:
        InvalidInput: an unknown service point, or an agent's number that cannot be right.
        GuardianMissing: a minor without a guardian.
        ItemNotAcceptedHere: an item is dead or not accepted there.
        InvalidForm: an item's form is not filled in rightly.
    """
    point = _point(data["point"], actor)
    return {
        "point": point,
        "channel": Channel.API,
        "applicant": _applicant(data["applicant"]),
        "agent": _agent(data.get("agent") or {}, data["applicant"]),
        "orders": _orders(data["items"], point, _known(data)),
        "bundle_code": data.get("bundle", ""),
        "materials": [
            MaterialInput(name=row["name"], attachment_ids=tuple(row["files"]))
            for row in data.get("materials", ())
        ],
    }


def _point(code: str, actor: User) -> ServicePoint:
    rows = ServicePoint.objects.select_related("unit", "region").filter(code=code)
    if actor.unit:
        rows = rows.filter(region__code__startswith=region_prefix(actor.unit.region_id))
    point = rows.first()
    if point is None:
        raise InvalidInput(fields={"point": [_("there is no such service point in your region")]})
    return point


def _applicant(given: Mapping[str, Any]) -> ApplicantInput:
    return ApplicantInput(**given, kind=kind_of(given["id_type"]))


def _agent(given: Mapping[str, Any], applicant: Mapping[str, Any]) -> dict[str, str]:
    """The agent, whose own number is checked as at the window; a minor's is his guardian."""
    minor = is_minor(applicant["id_type"], spelled(applicant["id_number"]), time.today())
    if minor and given.get("role") != AgentRole.GUARDIAN:
        raise GuardianMissing(fields={"agent": [str(GuardianMissing.default_message)]})
    number = spelled(given.get("id_number", ""))
    fault = id_fault(IdType.RESIDENT_ID, number, time.today()) if number else None
    if fault:
        raise InvalidInput(fields={"agent.id_number": [str(fault)]})
    return {**given, "id_number": number} if given else {}


def _known(data: Mapping[str, Any]) -> dict[str, str]:
    """What forms of items may take from the applicant and his agent."""
    agent = data.get("agent") or {}
    return {
        name: str(data["applicant"].get(name) or "")
        for name in ("name", "id_number", "mobile", "address")
    } | {"agent_name": str(agent.get("name") or "")}


def _orders(
    rows: Sequence[Mapping[str, Any]], point: ServicePoint, known: Mapping[str, str]
) -> list[ItemOrder]:
    codes = [row["code"] for row in rows]
    found = {item.version.item.code: item for item in open_items(point, codes=codes)}
    dead = sorted(set(codes) - set(found))
    if dead:
        raise ItemNotAcceptedHere(fields={"items": dead})
    faults: dict[str, list[str]] = {}
    whole = _with_shared(rows, found)
    orders = [_order(found[row["code"]], row, known, faults) for row in whole]
    if faults:
        raise InvalidForm(fields=faults)
    return orders


def _with_shared(
    rows: Sequence[Mapping[str, Any]], found: Mapping[str, OpenItem]
) -> list[Mapping[str, Any]]:
    """What one item's form says counts for the items that ask it in the same words (一表申请)."""
    whole: list[Mapping[str, Any]] = []
    for row in rows:
        form = dict(row["form"])
        for former in whole:
            definitions = (found[one["code"]].version.form_definition for one in (row, former))
            for key in shared_keys(*definitions) & set(former["form"]):
                form.setdefault(key, former["form"][key])
        whole.append({**row, "form": form})
    return whole


def _order(
    item: OpenItem,
    row: Mapping[str, Any],
    known: Mapping[str, str],
    faults: dict[str, list[str]],
) -> ItemOrder:
    version = item.version
    form = form_for(version)(dict(row["form"]), known=known)
    if not form.is_valid():
        for name, texts in form.errors.items():
            faults[f"{row['code']}.{name}"] = [str(text) for text in texts]
        return ItemOrder(version_id=version.pk)
    return ItemOrder(version_id=version.pk, answers=stored_answers(form), found=item)
