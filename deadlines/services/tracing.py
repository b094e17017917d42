"""为什么是这一天: the count behind a real clock, and the question that repeats it."""

from typing import Any, cast

from common.time import local
from deadlines.choices import Unit, Verb
from deadlines.models import Clock, ClockEvent, ClockRule
from deadlines.rules import Course, Limit
from deadlines.rules.binding import bound, disagreements
from deadlines.rules.reckoning import GroundedPause, Task, reckon
from deadlines.services.calculating import Answer
from deadlines.services.calendars import calendar_of
from deadlines.services.explaining import Teller
from deadlines.services.projecting import course_of


def _told_pauses(clock: Clock, course: Course) -> tuple[GroundedPause, ...]:
    events = ClockEvent.objects.filter(clock=clock, verb=Verb.PAUSE).order_by("seq")
    return tuple(
        GroundedPause(
            pause.start,
            pause.end,
            stops_statute=pause.stops_statute,
            stops_promise=pause.stops_promise,
            is_open=pause.is_open,
            ground=cast("Any", event.data).get("ground", ""),
            article=event.legal_basis,
        )
        for pause, event in zip(course.pauses, events, strict=True)
    )


def answer_for(clock: Clock) -> Answer:
    """Why a running or finished clock ends when it does, from its own events and calendar.

    The count is the calendar's; where a served paper names another day, the answer says which
    of the two binds.
    """
    course = course_of(clock)
    terms, calendar = course.terms, calendar_of(clock.calendar_id)
    task = Task(
        start=terms.start,
        statutory=terms.statutory,
        promised=terms.promised,
        pauses=_told_pauses(clock, course),
        extensions=course.extensions,
        end_roll=terms.end_roll,
        debtor=terms.debtor,
    )
    counted = reckon(task, calendar)
    teller = Teller(calendar, clock.rule)
    held = bound(course, counted), disagreements(course, counted)
    return Answer(task, counted, clock.rule, teller, *held)


def _rule_says_it(rule: ClockRule | None, task: Task) -> bool:
    """Whether naming the rule leads to the same limits."""
    if rule is None or task.statutory is None or rule.end_roll != task.end_roll:
        return False
    silent = task.promised is None and rule.promise is not None
    return rule.limit(task.statutory.named_on) == task.statutory and not silent


def _limit_query(task: Task, rule: ClockRule | None) -> dict[str, Any]:
    limit = task.statutory
    if limit is None:
        return {}
    named = {"named_on": limit.named_on.isoformat()} if limit.named_on else {}
    if rule and _rule_says_it(rule, task):
        return {"rule": rule.code} | named
    return {"workdays": limit.amount, "unit": str(limit.unit)} | named


def _promise_query(limit: Limit | None) -> dict[str, Any]:
    plain = limit is not None and limit.unit == Unit.WORKDAY
    return {"promised_workdays": limit.amount} if plain and limit else {}


def as_question(answer: Answer) -> dict[str, Any]:
    """A task as the question that leads to it, as far as the calculator's words reach."""
    task = answer.task
    start, more = local(task.start), sum(ext.amount for ext in task.extensions)
    asked = _limit_query(task, answer.rule) | _promise_query(task.promised)
    asked |= {"start": start.date().isoformat(), "at": start.strftime("%H:%M")}
    asked |= {"extend_workdays": more} if more else {}
    asked |= {"end_roll": "1"} if task.end_roll else {}
    pauses = [(p.start.isoformat(), p.end.isoformat(), p.ground) for p in task.pauses]
    return asked | {"pauses": pauses}
