"""What happened, in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.events import EventBase

VERBS: dict[str, str | Promise] = {
    "create": _("campaign set up"),
    "add_targets": _("subjects put on the list"),
    "exclude_target": _("subject taken off the list"),
    "hold_interview": _("interview held"),
    "open": _("inspection begun"),
    "submit": _("inspection submitted"),
    "approve": _("inspection approved"),
    "void": _("inspection voided"),
    "publish": _("result published"),
    "issue": _("order issued"),
    "issue_order": _("order issued"),
    "close_order": _("re-inspected: all corrected"),
    "record_partly": _("re-inspected: partly corrected"),
    "record_uncorrected": _("re-inspected: not corrected"),
    "revoke_order": _("order revoked"),
}


@dataclass(frozen=True)
class Moment:
    """One step of a timeline."""

    label: str | Promise
    at: datetime
    who: str
    post: str
    note: str


def timeline_of(events: Iterable[EventBase]) -> list[Moment]:
    """The events in order, each with its label, actor and post."""
    return [
        Moment(
            VERBS.get(event.verb, event.verb),
            event.at,
            str(event.actor),
            event.post_label,
            event.note,
        )
        for event in events
    ]
