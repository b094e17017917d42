"""What a proof of service must say, by the way of service (民事诉讼法 87 to 95)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.choices import ServiceWay

Faults = dict[str, str | Promise]

WORDS = {
    ServiceWay.DIRECT: "直接送达",
    ServiceWay.LEFT: "留置送达",
    ServiceWay.POSTED: "邮寄送达",
    ServiceWay.ELECTRONIC: "电子送达",
    ServiceWay.ENTRUSTED: "委托送达",
    ServiceWay.FORWARDED: "转交送达",
    ServiceWay.PUBLIC: "公告送达",
}
HANDED_OVER = frozenset({ServiceWay.DIRECT, ServiceWay.ENTRUSTED, ServiceWay.FORWARDED})
SELF = "本人"


@dataclass(frozen=True)
class Served:
    """How a notice was served, as the server tells it."""

    way: str
    place: str
    served_at: datetime
    receiver: str = ""
    relation: str = ""
    refusal_reason: str = ""
    witness: str = ""
    colleague: str = ""
    agreed: bool = False
    note: str = ""


def serving_faults(served: Served, *, applicant: str, told_at: datetime, now: datetime) -> Faults:
    """What is wrong with the account, by field; empty where it proves the service."""
    found = {**_time_faults(served.served_at, told_at, now), **_way_faults(served)}
    if not served.place.strip():
        found["place"] = _("say where, or to which address, it was served")
    taken = served.way in HANDED_OVER and served.receiver.strip()
    if taken and not relation_of(served, applicant):
        found["relation"] = _("say what the receiver is to the applicant")
    return found


def relation_of(served: Served, applicant: str) -> str:
    """What the receiver is to the applicant; 本人 if he is the same."""
    return SELF if served.receiver.strip() == applicant else served.relation.strip()


def _time_faults(served_at: datetime, told_at: datetime, now: datetime) -> Faults:
    if served_at > now:
        return {"served_at": _("this moment has not come yet")}
    # Forms know no seconds; a paper served in the minute of its issue is served after it.
    if served_at < told_at.replace(second=0, microsecond=0):
        return {"served_at": _("the notice was issued later than that")}
    return {}


def _way_faults(served: Served) -> Faults:
    """A refusal is told by reason and witness (89); electronic service was agreed to (90)."""
    found: Faults = {}
    if served.way not in ServiceWay.values:
        found["way"] = _("choose how it was served")
    if served.way in HANDED_OVER and not served.receiver.strip():
        found["receiver"] = _("name who took it")
    if served.way == ServiceWay.LEFT:
        wanted = {"refusal_reason": served.refusal_reason, "witness": served.witness}
        said = _("needed when the notice is left behind")
        found |= {name: said for name, value in wanted.items() if not value.strip()}
    if served.way == ServiceWay.ELECTRONIC and not served.agreed:
        found["agreed"] = _("a notice is served electronically only on whoever agreed to it")
    return found
