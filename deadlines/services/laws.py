"""The rules of this release stand in the database, each version as it was shipped."""

import csv
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Subquery

from deadlines.choices import Debtor, Direction, RuleKind, Unit
from deadlines.models import CalendarVersion, ClockRule
from deadlines.rules import WorkCalendar
from deadlines.services.calendars import DATA, calendar_of, current_edition

logger = logging.getLogger(__name__)

Row = dict[str, str]
UNITS = {
    "WD": Unit.WORKDAY,
    "CD": Unit.CALENDAR_DAY,
    "HOUR": Unit.HOUR,
    "MONTH": Unit.MONTH,
    "SAME_DAY": Unit.SAME_DAY,
    "NAMED_DATE": Unit.NAMED_DATE,
}
WITHOUT_LIMIT = frozenset({"NAMED_DATE", "SAME_DAY"})
PLAIN = (
    "domain",
    "kind",
    "start_event",
    "applies_to",
    "debtor",
    "direction",
    "ext_approver",
    "suspend_on",
    "effect",
    "on_expiry",
    "legal_basis",
    "law_file",
    "confidence",
)


@dataclass(frozen=True)
class Law:
    """Rules in force on one day by their codes, and the calendar in force: read in one look."""

    rules: Mapping[str, ClockRule]
    calendar: WorkCalendar


def law_on(day: date, codes: Collection[str]) -> Law:
    """The newest rule of each code that is in force on the day, and the calendar in force now.

    Raises:
        NoCalendar: none has been loaded.
    """
    newest = Subquery(CalendarVersion.objects.order_by("-number").values("pk")[:1])
    rows = ClockRule.objects.in_force(day).filter(code__in=codes).annotate(edition=newest)
    rules = {rule.code: rule for rule in rows.order_by("version")}
    edition = next((rule.edition for rule in rules.values()), None) or current_edition().pk
    return Law(rules, calendar_of(edition))


def _number(text: str) -> int | None:
    return int(text) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _values(row: dict[str, str]) -> dict[str, Any]:
    return {name: row[name] for name in PLAIN} | {
        "amount": _number(row["limit"]),
        "unit": UNITS[row["unit"]],
        "promise": _number(row["promise"]),
        "end_roll": row["end_roll"] == "yes",
        "ext_amount": _number(row["ext_amount"]),
        "ext_unit": UNITS[row["ext_unit"]] if row["ext_unit"] else "",
        "ext_times": _number(row["ext_times"]) or 0,
        "effective_from": _day(row["effective_from"]),
        "effective_to": _day(row["effective_to"]),
    }


CHOSEN = {
    "kind": frozenset(RuleKind.values),
    "debtor": frozenset(Debtor.values),
    "direction": frozenset(Direction.values),
    "unit": frozenset(UNITS),
    "end_roll": frozenset({"yes", "no"}),
}
NUMBERS = ("limit", "promise", "ext_amount", "ext_times")
DAYS = ("effective_from", "effective_to")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _unreadable(row: Row) -> Iterator[str]:
    """Columns whose text is none of what may stand there."""
    if not row.get("rule_id"):
        yield "rule_id"
    yield from (name for name, words in CHOSEN.items() if row.get(name) not in words)
    yield from (name for name in NUMBERS if row[name] and not row[name].isdecimal())
    yield from (name for name in DAYS if row[name] and not _is_day(row[name]))


def _contradictory(row: Row) -> Iterator[str]:
    """Columns that cannot be right beside the others."""
    if row["promise"] and row["limit"] and int(row["promise"]) > int(row["limit"]):
        yield "promise"
    if (
        row["effective_from"]
        and row["effective_to"]
        and row["effective_to"] < row["effective_from"]
    ):
        yield "effective_to"
    if bool(row["ext_amount"]) != (row["ext_unit"] in UNITS):
        yield "ext_unit"
    if not row["limit"] and row["unit"] not in WITHOUT_LIMIT:
        yield "limit"


def _faults(rows: Sequence[Row]) -> dict[int, str]:
    """What keeps a row from being loaded, by its place."""
    found, seen = {}, set[str]()
    for place, row in enumerate(rows):
        wrong = list(_unreadable(row)) or list(_contradictory(row))
        if row.get("rule_id") in seen:
            wrong.append("rule_id")
        seen.add(row.get("rule_id", ""))
        if wrong:
            found[place] = f"{row.get('rule_id', '')}: {', '.join(wrong)}"
    return found


def rule_faults(rows: Sequence[Row]) -> list[str]:
    """Rows that cannot be loaded: the rule, and the columns that are wrong; empty if none is."""
    return list(_faults(rows).values())


def shipped_rows() -> list[Row]:
    """The rows of the shipped file, as it spells them."""
    with (DATA / "rules.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def shipped_rules(rows: Sequence[Row] | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Code and values of every row that may be loaded; the others are logged with their fault."""
    given = shipped_rows() if rows is None else rows
    faults = _faults(given)
    for place, row in enumerate(given):
        if place in faults:
            logger.error("rule not loaded: %s", faults[place])
        else:
            yield row["rule_id"], _values(row)


def _store(code: str, values: dict[str, Any], last: ClockRule | None) -> bool:
    """Whether a new version had to be stored: a known text is not stored twice."""
    if last and all(getattr(last, name) == value for name, value in values.items()):
        return False
    ClockRule.objects.create(code=code, version=last.version + 1 if last else 1, **values)
    return True


@transaction.atomic
def load_shipped_rules(rows: Sequence[Row] | None = None) -> int:
    """Every rule that can be right stands in the database; tells how many were new.

    Safe to repeat. A faulty row is logged with its fault and stops no other.
    """
    newest = {rule.code: rule for rule in ClockRule.objects.order_by("version")}
    return sum(_store(code, values, newest.get(code)) for code, values in shipped_rules(rows))
