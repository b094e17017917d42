"""The tables of visits and orders."""

from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.flow import Flow, Transition
from inspections.choices import OrderState, VisitState


class VisitFacts(Protocol):
    """What the guards ask of a visit."""

    order_is_due: bool
    has_order: bool

    def missing_codes(self) -> list[str]:
        """Codes of required items without an answer."""

    def undescribed_codes(self) -> list[str]:
        """Codes of failed items without a described problem."""


def every_item_checked(visit: VisitFacts) -> str | Promise | None:
    """A visit is submitted only when each required item was looked at."""
    codes = visit.missing_codes()
    if not codes:
        return None
    return _("%(count)s items are not checked yet: %(codes)s") % {
        "count": len(codes),
        "codes": _(", ").join(codes),
    }


def every_failure_described(visit: VisitFacts) -> str | Promise | None:
    """Each failed item says what is wrong."""
    codes = visit.undescribed_codes()
    if not codes:
        return None
    return _("say what is wrong with these items: %(codes)s") % {"codes": _(", ").join(codes)}


def order_stands_for_problems(visit: VisitFacts) -> str | Promise | None:
    """A visit that found problems is concluded only with its order (一律当场下达)."""
    return _("the order to rectify has not been issued yet") if visit.order_is_due else None


def no_order_yet(visit: VisitFacts) -> str | Promise | None:
    """A visit with an order stays; the order would have to be revoked first."""
    return _("an order rests on this inspection") if visit.has_order else None


CONDUCT = "inspections.conduct_visit"
APPROVE = "inspections.approve_visit"
MANAGE = "inspections.manage_campaign"

VISIT_FLOW = Flow(
    VisitState,
    initial=VisitState.DRAFT,
    transitions=(
        Transition(
            "submit",
            gettext_lazy("submit inspection"),
            frozenset({VisitState.DRAFT}),
            VisitState.SUBMITTED,
            CONDUCT,
            guards=(every_item_checked, every_failure_described),
            likely=3,
        ),
        Transition(
            "approve",
            gettext_lazy("approve inspection"),
            frozenset({VisitState.SUBMITTED}),
            VisitState.APPROVED,
            APPROVE,
            guards=(order_stands_for_problems,),
            likely=2,
        ),
        Transition(
            "void",
            gettext_lazy("void inspection"),
            frozenset({VisitState.DRAFT, VisitState.SUBMITTED}),
            VisitState.VOID,
            CONDUCT,
            guards=(no_order_yet,),
            note_required=True,
        ),
    ),
)

_OPEN = frozenset({OrderState.ISSUED, OrderState.PARTLY, OrderState.UNCORRECTED})

ORDER_FLOW = Flow(
    OrderState,
    initial=OrderState.ISSUED,
    transitions=(
        Transition(
            "close_order",
            gettext_lazy("record: all corrected"),
            _OPEN,
            OrderState.CORRECTED,
            CONDUCT,
            likely=3,
        ),
        Transition(
            "record_partly",
            gettext_lazy("record: partly corrected"),
            _OPEN,
            OrderState.PARTLY,
            CONDUCT,
            likely=2,
        ),
        Transition(
            "record_uncorrected",
            gettext_lazy("record: not corrected"),
            _OPEN,
            OrderState.UNCORRECTED,
            CONDUCT,
            likely=1,
        ),
        Transition(
            "revoke_order",
            gettext_lazy("revoke order"),
            frozenset({OrderState.ISSUED}),
            OrderState.REVOKED,
            APPROVE,
            note_required=True,
        ),
    ),
)

MOVE_TO_STATE = {
    OrderState.CORRECTED: "close_order",
    OrderState.PARTLY: "record_partly",
    OrderState.UNCORRECTED: "record_uncorrected",
}
OPEN_ORDER_STATES = _OPEN
