"""Clocks of a case: which one runs, for whom, and which one the lists show."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial

from catalogue.choices import Kind
from common import time
from deadlines.choices import OPEN_STATES, Debtor
from deadlines.choices import Unit as LimitUnit
from deadlines.models import Clock, ClockRule
from deadlines.rules import Limit, WorkCalendar, last_day_before
from deadlines.services import (
    Law,
    SubjectFacts,
    cancel_clock,
    current_calendar,
    finish_clock,
    law_on,
    reassign_clock,
    reopen_clock,
    start_clock,
)
from intake.choices import ClockPurpose
from intake.models import Case, CaseClock
from organisations.models import Unit, User

SUBJECT_KIND = "case"
WINDOW_ACCEPTANCE_RULE = "APP-02"
ONLINE_ACCEPTANCE_RULE = "APP-03"
LICENCE_ACCEPTANCE_RULE = "APP-01"
WINDOW_CORRECTION_RULE = "APP-04"
DEFERRAL_RULE = "APP-05"
LICENCE_RULE = "APP-07"
DELIVERY_RULE = "APP-10"
RENEWAL_NOTICE_RULE = "APP-14"
RENEWAL_RULE = "APP-14b"


def rule(code: str, at: datetime | None = None) -> ClockRule | None:
    """The rule of this code in force on the day of ``at`` (default now); None if there is none."""
    day = time.local_date(at or time.now())
    found: ClockRule | None = ClockRule.objects.current(code, day)
    return found


def _facts(
    case: Case, *, department: Unit, handler: User | None, debtor: str = Debtor.UNIT
) -> SubjectFacts:
    return SubjectFacts(
        kind=SUBJECT_KIND,
        label=case.item.name,
        number=case.number,
        region_code=case.region_code,
        service_point_id=case.service_point_id,
        department=department,
        handler=handler,
        topic_code=case.item.code,
        debtor=debtor,
    )


def _attach(case: Case, clock: Clock, purpose: str, *, governing: bool = True) -> Clock:
    _linked(case, clock, purpose, governing=governing).save()
    return clock


def _linked(case: Case, clock: Clock, purpose: str, *, governing: bool) -> CaseClock:
    """The clock is the case's; the link is not stored yet."""
    if governing:
        case.clock = clock
    return CaseClock(case=case, clock=clock, purpose=purpose)


def law_of_acceptance(*, online: bool, at: datetime) -> Law:
    """What governs the acceptance of whatever comes in at this moment."""
    code = ONLINE_ACCEPTANCE_RULE if online else WINDOW_ACCEPTANCE_RULE
    return law_on(time.local_date(at), (code, LICENCE_ACCEPTANCE_RULE))


def start_acceptance(case: Case, *, actor: User, online: bool, at: datetime) -> None:
    """The point owes acceptance, as :func:`owe_acceptance` says, and the clocks are the case's."""
    law = law_of_acceptance(online=online, at=at)
    CaseClock.objects.bulk_create(owe_acceptance(case, law, actor=actor, online=online, at=at))


def owe_acceptance(
    case: Case, law: Law, *, actor: User, online: bool, at: datetime
) -> list[CaseClock]:
    """The point owes acceptance: the same day at a window, one working day online.

    A licence is owed within five working days besides, through every door (行政许可法 32);
    at a window the first to end makes that one idle while 安阳条例 36 is in force.
    The links of the running clocks to the case, which need not be stored yet, neither are.
    """
    code = ONLINE_ACCEPTANCE_RULE if online else WINDOW_ACCEPTANCE_RULE
    limit = Limit(1, LimitUnit.WORKDAY) if online else Limit(0, LimitUnit.SAME_DAY)
    found, by_act = law.rules.get(code), law.rules.get(LICENCE_ACCEPTANCE_RULE)
    owed = partial(_owed_acceptance, case, law.calendar, actor=actor, at=at)
    links = [owed(limit=limit, found=found, governing=True)]
    if case.item.kind == Kind.LICENCE and by_act and (online or found is None):
        five = by_act.limit()
        links.append(owed(limit=five, found=by_act, governing=False))
    return links


def _owed_acceptance(
    case: Case,
    calendar: WorkCalendar,
    *,
    actor: User,
    at: datetime,
    limit: Limit | None,
    found: ClockRule | None,
    governing: bool,
) -> CaseClock:
    clock = start_clock(
        actor=actor,
        subject=_facts(case, department=case.service_point.unit, handler=case.handler),
        statutory=limit,
        promised=None,
        rule=found,
        started_at=at,
        calendar=calendar,
    )
    return _linked(case, clock, ClockPurpose.ACCEPTANCE, governing=governing)


def _licence_rule(case: Case, at: datetime) -> ClockRule | None:
    """What stops and extends the limit of a licence whose item names no rule of its own."""
    is_licence = case.item.kind == Kind.LICENCE and case.version.statutory_limit is not None
    return rule(LICENCE_RULE, at) if is_licence else None


def start_handling(case: Case, *, actor: User, at: datetime) -> Clock:
    """The department owes the decision within the limits of the version."""
    version = case.version
    clock = start_clock(
        actor=actor,
        subject=_facts(case, department=case.department, handler=None),
        statutory=version.statutory_limit,
        promised=version.promised_limit,
        rule=version.statutory_rule or _licence_rule(case, at),
        started_at=at,
        served=True,
    )
    return _attach(case, clock, ClockPurpose.HANDLING)


def start_named_day(
    case: Case, *, actor: User, purpose: str, due_on: date, rule_code: str, at: datetime
) -> Clock:
    """The applicant owes something by a day a served paper names."""
    clock = start_clock(
        actor=actor,
        subject=_facts(
            case,
            department=case.service_point.unit,
            handler=case.handler,
            debtor=Debtor.APPLICANT,
        ),
        statutory=Limit(0, LimitUnit.NAMED_DATE, named_on=due_on),
        promised=None,
        rule=rule(rule_code, at) if rule_code else None,
        started_at=at,
        served=True,
    )
    return _attach(case, clock, purpose, governing=purpose == ClockPurpose.CORRECTION)


def start_renewal(case: Case, *, actor: User, at: datetime) -> Clock | None:
    """The organ owes the decision before the licence ends, if renewal was asked for in time.

    The holder asks 30 days before (APP-14, its figure is data); silence then renews
    (行政许可法 50). None where the form names no last day, or it was too late.
    """
    ends, found = case.licence_ends_on, rule(RENEWAL_RULE, at)
    notice = rule(RENEWAL_NOTICE_RULE, at)
    ahead = notice.limit() if notice else None
    if ends is None or found is None or ahead is None or ends < time.local_date(at):
        return None
    latest = last_day_before(ends, ahead, Debtor.APPLICANT, current_calendar())
    if time.local_date(case.received_at) > latest:
        return None
    clock = start_clock(
        actor=actor,
        subject=_facts(case, department=case.department, handler=case.handler),
        statutory=found.limit(named_on=ends),
        promised=None,
        rule=found,
        started_at=at,
    )
    return _attach(case, clock, ClockPurpose.RENEWAL, governing=False)


def start_delivery(case: Case, *, actor: User, at: datetime) -> Clock:
    """The organ owes delivery of a licence within ten working days (行政许可法 44)."""
    clock = start_clock(
        actor=actor,
        subject=_facts(case, department=case.department, handler=case.handler),
        statutory=Limit(10, LimitUnit.WORKDAY),
        promised=None,
        rule=rule(DELIVERY_RULE, at),
        started_at=at,
    )
    return _attach(case, clock, ClockPurpose.DELIVERY)


def _live_ids(case: Case, purposes: tuple[str, ...]) -> list[int]:
    links = CaseClock.objects.filter(case=case, clock__state__in=OPEN_STATES)
    if purposes:
        links = links.filter(purpose__in=purposes)
    return list(links.order_by("pk").values_list("clock_id", flat=True))


def finish(case: Case, *purposes: str, actor: User, at: datetime) -> None:
    """Live clocks of these purposes are finished at the moment."""
    for clock_id in _live_ids(case, purposes):
        _refresh(case, finish_clock(clock_id=clock_id, actor=actor, at=at))


def cancel(
    case: Case, *purposes: str, actor: User, reason: str, at: datetime | None = None
) -> list[int]:
    """Live clocks of these purposes (all of them if none is named) are cancelled; their keys."""
    cancelled = _live_ids(case, purposes)
    for clock_id in cancelled:
        _refresh(case, cancel_clock(clock_id=clock_id, actor=actor, reason=reason, at=at))
    return cancelled


def reopen(
    clock_ids: Iterable[int], *, actor: User, reason: str, annuls_effect: bool = False
) -> None:
    """The clocks that an effect of the law closed run on as if it had not come."""
    for clock_id in clock_ids:
        reopen_clock(clock_id=clock_id, actor=actor, reason=reason, annuls_effect=annuls_effect)


def hand_over(case: Case, *, actor: User, handler: User | None = None) -> None:
    """The running handling clock is owed by the case's present department and handler."""
    for clock_id in _live_ids(case, (ClockPurpose.HANDLING, ClockPurpose.RENEWAL)):
        moved = reassign_clock(
            clock_id=clock_id, actor=actor, department=case.department, handler=handler
        )
        _refresh(case, moved)


def _refresh(case: Case, clock: Clock) -> None:
    if case.clock_id == clock.pk:
        case.clock = clock


def live_handling_id(case: Case) -> int | None:
    """The key of the running or paused handling clock."""
    return next(iter(_live_ids(case, (ClockPurpose.HANDLING,))), None)
