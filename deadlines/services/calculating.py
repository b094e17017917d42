"""期限计算器: what somebody typed becomes a task, its dues and their explanation.

Page, API and command read their input here, so all three accept and refuse the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock_time
from functools import lru_cache
from typing import Any

from django.db import DatabaseError
from django.utils.translation import gettext as _

from common.errors import DomainError, InvalidInput
from common.time import TZ, at_local, local
from deadlines.choices import Debtor, Direction, Unit
from deadlines.errors import DateOutsideCalendar, NoCalendar
from deadlines.models import ClockRule
from deadlines.rules import Dues, Extension, Limit, WorkCalendar, counted_from
from deadlines.rules.binding import Disagreement
from deadlines.rules.explain import Note, explain
from deadlines.rules.reckoning import GroundedPause, Task, answer_to, stopped_by
from deadlines.services.calendars import current_calendar
from deadlines.services.explaining import Teller
from deadlines.services.laws import UNITS

Raw = Mapping[str, Any]
DAY_LENGTH = len("2021-12-03")
PAUSE_PARTS = (2, 3)
TRUTHS = {"": False, "0": False, "false": False, "1": True, "true": True, "on": True}


@dataclass(frozen=True)
class Answer:
    """The dues of one question, and what they were counted from."""

    task: Task
    dues: Dues
    rule: ClockRule | None
    teller: Teller
    binding: Dues | None = None
    disagreements: Sequence[Disagreement] = ()

    @property
    def ends(self) -> Dues:
        """The dues that bind: those counted, unless a served paper holds against them."""
        return self.binding or self.dues

    @property
    def notes(self) -> list[Note]:
        """What every day was."""
        return explain(self.task, self.dues, self.teller.calendar)

    @property
    def by_unit(self) -> bool:
        """Whether a unit owes the act."""
        return self.task.debtor == Debtor.UNIT

    @property
    def hours(self) -> bool:
        """Whether the statutory limit ends at an instant rather than with a day."""
        return self.task.statutory is not None and self.task.statutory.unit == Unit.HOUR

    def head(self) -> dict[str, Any]:
        """The dues as every door names them."""
        dues = self.dues
        at = local(dues.statutory.at).isoformat() if self.hours and dues.statutory else None
        return {
            "statutory_due_on": dues.statutory_on.isoformat() if dues.statutory_on else None,
            "statutory_due_at": at,
            "promised_due_on": dues.promised_on.isoformat() if dues.promised_on else None,
            "provisional": dues.provisional,
        }

    def as_data(self) -> dict[str, Any]:
        """The dues with the explanation day by day."""
        return self.head() | {"explanation": [self.teller.line(note) for note in self.notes]}


class FieldFault(InvalidInput):
    """One value that cannot be read, named by its field."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}", fields={field: [message]})


def _text(raw: Raw, field: str) -> str:
    value = raw.get(field)
    if value is None:
        return ""
    if not isinstance(value, str) or "\0" in value:
        raise FieldFault(field, _("this must be text"))
    return value.strip()


@lru_cache(maxsize=20_000)
def _parsed_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == DAY_LENGTH and text[4] == "-" else None
    except ValueError:
        return None


def _day_from(text: Any, field: str) -> date:
    day = _parsed_day(text.strip()) if isinstance(text, str) else None
    if day is None:
        raise FieldFault(field, _("write the day as 2021-12-03"))
    return day


def _day(raw: Raw, field: str) -> date | None:
    value = raw.get(field)
    return None if value is None or value == "" else _day_from(value, field)


def _clock(raw: Raw) -> clock_time | None:
    text = _text(raw, "at")
    try:
        parsed = datetime.strptime(text, "%H:%M").replace(tzinfo=TZ) if text else None
    except ValueError:
        raise FieldFault("at", _("write the time as 16:20")) from None
    return parsed.time() if parsed else None


def _amount(raw: Raw, field: str) -> int | None:
    value = raw.get(field)
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = value.strip()
        digits = value.removeprefix("-")
        value = int(value) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None
    if isinstance(value, bool) or not isinstance(value, int):
        raise FieldFault(field, _("write a whole number"))
    if value < 0:
        raise FieldFault(field, _("a time limit cannot be negative"))
    return value


def _flag(raw: Raw, field: str) -> bool:
    value = raw.get(field, "")
    known = TRUTHS.get(str(value or "").lower())
    if known is None:
        raise FieldFault(field, _("write true or false"))
    return known


def _unit(raw: Raw) -> Unit:
    text = _text(raw, "unit")
    if not text:
        return Unit.WORKDAY
    found = UNITS.get(text.upper()) or next(
        (unit for unit in Unit if text in (unit.value, unit.label)), None
    )
    if found is None:
        listed = ", ".join(Unit.values)
        raise FieldFault("unit", _("write one of these units: %(units)s") % {"units": listed})
    return found


def _pause_parts(item: Any) -> Sequence[Any]:
    parts = item.split(":", 2) if isinstance(item, str) else item
    if not isinstance(parts, (list, tuple)) or len(parts) not in PAUSE_PARTS:
        raise FieldFault("pauses", _("write a pause as FROM:TO or FROM:TO:GROUND"))
    return parts


def _pause(item: Any, rule: ClockRule | None) -> GroundedPause:
    first, last, *rest = _pause_parts(item)
    ground = rest[0] if rest and rest[0] is not None else ""
    if not isinstance(ground, str):
        raise FieldFault("pauses", _("this must be text"))
    try:
        stops = stopped_by(ground.strip(), rule.grounds if rule else None)
    except DomainError as fault:
        raise FieldFault("pauses", fault.message) from None
    return GroundedPause(
        _day_from(first, "pauses"),
        _day_from(last, "pauses"),
        stops_statute=stops["stops_statute"],
        stops_promise=stops["stops_promise"],
        ground=ground.strip(),
    )


def _pauses(raw: Raw, rule: ClockRule | None) -> tuple[GroundedPause, ...]:
    given = raw.get("pauses")
    if not given:
        return ()
    if not isinstance(given, (list, tuple)):
        raise FieldFault("pauses", _("write a pause as FROM:TO or FROM:TO:GROUND"))
    return tuple(_pause(item, rule) for item in given)


def _extensions(raw: Raw, rule: ClockRule | None) -> tuple[Extension, ...]:
    amount = _amount(raw, "extend_workdays")
    if not amount:
        return ()
    if rule is None:
        return (Extension(amount),)
    if not rule.ext_amount or not rule.ext_times:
        raise FieldFault("extend_workdays", _("the law allows no extension of this limit"))
    if amount > rule.ext_amount:
        words = {"most": rule.ext_amount, "amount": amount}
        text = _("an extension may be 1 to %(most)s, not %(amount)s") % words
        raise FieldFault("extend_workdays", text)
    return (Extension(amount),)


def _free_limit(raw: Raw) -> Limit | None:
    unit, amount, named_on = _unit(raw), _amount(raw, "workdays"), _day(raw, "named_on")
    if unit == Unit.SAME_DAY:
        return Limit(0, unit)
    if unit == Unit.NAMED_DATE or (named_on and amount is None):
        if named_on is None:
            raise FieldFault("named_on", _("give the day that the paper names"))
        return Limit(0, Unit.NAMED_DATE, named_on)
    return None if amount is None else Limit(amount, unit)


def _rule_limit(raw: Raw, rule: ClockRule) -> Limit:
    if raw.get("workdays") not in (None, ""):
        raise FieldFault("workdays", _("give either a rule or a limit of your own, not both"))
    named_on = _day(raw, "named_on")
    if rule.unit == Unit.NAMED_DATE and named_on is None:
        raise FieldFault("named_on", _("give the day that the paper names"))
    limit = rule.limit(named_on)
    if limit is None:
        raise FieldFault("rule", _("this rule has no length of its own"))
    return limit


def _start(day: date, raw: Raw, limits: tuple[Limit | None, ...]) -> datetime:
    clock = _clock(raw)
    if clock is None and any(limit and limit.unit == Unit.HOUR for limit in limits):
        raise FieldFault("at", _("a limit in hours needs the time of its start, such as 16:20"))
    try:
        return at_local(day, clock or clock_time(0))
    except OverflowError:
        raise DateOutsideCalendar from None


class Calculator:
    """Answers questions on one calendar and one state of the rules; made once for a batch."""

    def __init__(self) -> None:
        self.calendar = _calendar_or_refusal()
        self._versions: dict[str, list[ClockRule]] = {}
        self._tellers: dict[int | None, Teller] = {}

    def answer(self, raw: Any) -> Answer:
        """Dues and explanation of what somebody typed.

        Raises:
            InvalidInput: a value cannot be read; ``fields`` names it.
            DomainError: the rules refuse it, as a service would.
        """
        if not isinstance(raw, Mapping):
            raise InvalidInput(_("write an object with the names of the fields"))
        start_day = _day_from(raw.get("start"), "start")
        rule = self._rule(raw, start_day)
        task = _rule_task(raw, start_day, rule, self.calendar) if rule else _free(raw, start_day)
        return Answer(task, answer_to(task, self.calendar), rule, self.teller(rule))

    def teller(self, rule: ClockRule | None) -> Teller:
        """Who tells the explanation for this rule."""
        key = rule.pk if rule else None
        if key not in self._tellers:
            self._tellers[key] = Teller(self.calendar, rule)
        return self._tellers[key]

    def _rule(self, raw: Raw, start: date) -> ClockRule | None:
        code = _text(raw, "rule")
        in_force = _day(raw, "in_force") or start
        if not code:
            return None
        if code not in self._versions:
            rows = ClockRule.objects.filter(code=code).order_by("-version")
            self._versions[code] = list(rows)
        known = self._versions[code]
        if not known:
            raise FieldFault("rule", _("there is no rule %(rule)s") % {"rule": code})
        found = next((rule for rule in known if _governs(rule, in_force)), None)
        if found is None:
            words = {"rule": code, "day": in_force.isoformat()}
            raise FieldFault("rule", _("the rule %(rule)s was not in force on %(day)s") % words)
        return found


def _calendar_or_refusal() -> WorkCalendar:
    try:
        return current_calendar()
    except DatabaseError:
        raise NoCalendar from None


def _governs(rule: ClockRule, day: date) -> bool:
    begun = rule.effective_from is None or rule.effective_from <= day
    return begun and (rule.effective_to is None or rule.effective_to >= day)


def _promise(raw: Raw) -> Limit | None:
    amount = _amount(raw, "promised_workdays")
    return None if amount is None else Limit(amount, Unit.WORKDAY)


def _free(raw: Raw, day: date) -> Task:
    limits = (_free_limit(raw), _promise(raw))
    return Task(
        start=_start(day, raw, limits),
        statutory=limits[0],
        promised=limits[1],
        pauses=_pauses(raw, None),
        extensions=_extensions(raw, None),
        end_roll=_flag(raw, "end_roll"),
    )


def _rule_task(raw: Raw, day: date, rule: ClockRule, calendar: WorkCalendar) -> Task:
    limits = (_rule_limit(raw, rule), _promise(raw) or rule.promised_limit())
    start = _start(day, raw, limits)
    closing = rule.figures().closing
    return Task(
        start=counted_from(start, rule.late_receipt, closing, calendar),
        statutory=limits[0],
        promised=limits[1],
        pauses=_pauses(raw, rule),
        extensions=_extensions(raw, rule),
        end_roll=rule.end_roll,
        backward=rule.direction == Direction.BACKWARD,
        debtor=rule.debtor,
    )


def rules_to_choose(day: date) -> list[ClockRule]:
    """The rules in force on ``day``, newest version each, by code."""
    rows = ClockRule.objects.in_force(day).order_by("code", "version")
    return list({rule.code: rule for rule in rows}.values())
