"""The time limits inspections start in the deadline engine."""

from datetime import date

from django.utils.translation import gettext as _

from common import time
from deadlines.choices import Debtor, Unit
from deadlines.models import Clock, ClockRule
from deadlines.rules import Limit
from deadlines.services import SubjectFacts, start_clock
from inspections.models import Order, Visit
from organisations.models import User

ORDER_KIND = "inspection_order"
RESULT_KIND = "inspection_result"
ORDER_RULE = "INS-02"
PUBLICATION_RULE = "INS-01"
PUBLICATION_WORKDAYS = 20


def _rule(code: str) -> ClockRule | None:
    rule: ClockRule | None = ClockRule.objects.current(code, time.today())
    return rule


def start_order_clock(order: Order, *, due_on: date, actor: User) -> Clock:
    """The party's limit runs to the day the order names; no card ever comes of it."""
    facts = SubjectFacts(
        kind=ORDER_KIND,
        label=f"{order.profile.order_title} {order.visit.subject_name}",
        number=order.number,
        region_code=order.region_code,
        service_point_id=None,
        department=order.department,
        handler=actor,
        topic_code="inspection",
        debtor=Debtor.PARTY,
    )
    return start_clock(
        actor=actor,
        subject=facts,
        statutory=Limit(amount=0, unit=Unit.NAMED_DATE, named_on=due_on),
        promised=None,
        rule=_rule(ORDER_RULE),
        started_at=order.issued_at,
        served=True,
    )


def start_publication_clock(visit: Visit, *, actor: User) -> Clock:
    """The unit has 20 working days to publish the result (总局令49号 第39条)."""
    task = _("publish the result")
    facts = SubjectFacts(
        kind=RESULT_KIND,
        label=f"{task} {visit.subject_name}",
        number=f"JC-{visit.pk}",
        region_code=visit.region_code,
        service_point_id=None,
        department=visit.department,
        handler=actor,
        topic_code="inspection",
        debtor=Debtor.UNIT,
    )
    return start_clock(
        actor=actor,
        subject=facts,
        statutory=Limit(amount=PUBLICATION_WORKDAYS, unit=Unit.WORKDAY),
        promised=None,
        rule=_rule(PUBLICATION_RULE),
        started_at=visit.approved_at,
    )


def hold_order(clock_id: int) -> None:
    """The order behind the clock is locked until the transaction ends: order first, then clock."""
    Order.objects.select_for_update().filter(clock_id=clock_id).first()


def hold_visit(clock_id: int) -> None:
    """The visit behind the publication limit is locked until the transaction ends."""
    Visit.objects.select_for_update().filter(publication_clock_id=clock_id).first()
