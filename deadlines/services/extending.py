"""The verb that lengthens a limit (行政许可法第42条 and its like)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import time
from deadlines.choices import Verb
from deadlines.errors import ExtensionRefused
from deadlines.models import Clock
from deadlines.services.projecting import course_of
from deadlines.services.verbs import happen, taken_up
from organisations.models import User


def _refuse_bad_extension(clock: Clock, amount: int, at: datetime) -> None:
    rule, course = clock.rule, course_of(clock)
    if rule is None or not rule.ext_amount or clock.statutory_due_at is None:
        raise ExtensionRefused(_("the law allows no extension of this limit"))
    if at >= clock.statutory_due_at:
        raise ExtensionRefused(_("the limit has run out; it can no longer be extended"))
    if len(course.extensions) >= rule.ext_times:
        raise ExtensionRefused(_("this limit has already been extended as often as allowed"))
    if not 0 < amount <= rule.ext_amount:
        raise ExtensionRefused(
            _("an extension may be 1 to %(most)s, not %(amount)s")
            % {"most": rule.ext_amount, "amount": amount}
        )


@transaction.atomic
def extend_clock(
    *,
    clock_id: int,
    actor: User,
    amount: int,
    reason: str,
    moves_promise: bool = False,
    at: datetime | None = None,
) -> Clock:
    """The statutory due lies ``amount`` later; the promised one too if the act says so.

    Raises:
        ClockClosed: the clock is no longer running.
        ExtensionRefused: too long, too often, too late, or not provided for.
    """
    moment = at or time.now()
    clock = taken_up(clock_id, Verb.EXTEND, actor, moment)
    _refuse_bad_extension(clock, amount, moment)
    data = {"amount": amount, "moves_promise": int(moves_promise)}
    basis = clock.rule.legal_basis if clock.rule else ""
    return happen(
        clock, actor=actor, verb=Verb.EXTEND, at=moment, data=data, note=reason, legal_basis=basis
    )
