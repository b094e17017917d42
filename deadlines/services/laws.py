"""The rules of this release stand in the database, each version as it was shipped."""

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction

from deadlines.choices import Unit
from deadlines.models import ClockRule
from deadlines.services.calendars import DATA

UNITS = {
    "WD": Unit.WORKDAY,
    "CD": Unit.CALENDAR_DAY,
    "HOUR": Unit.HOUR,
    "MONTH": Unit.MONTH,
    "SAME_DAY": Unit.SAME_DAY,
    "NAMED_DATE": Unit.NAMED_DATE,
}
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


def shipped_rules() -> Iterator[tuple[str, dict[str, Any]]]:
    """Code and values of every shipped rule."""
    with (DATA / "rules.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            yield row["rule_id"], _values(row)


def _store(code: str, values: dict[str, Any], last: ClockRule | None) -> bool:
    """Whether a new version had to be stored: a known text is not stored twice."""
    if last and all(getattr(last, name) == value for name, value in values.items()):
        return False
    ClockRule.objects.create(code=code, version=last.version + 1 if last else 1, **values)
    return True


@transaction.atomic
def load_shipped_rules() -> int:
    """Every shipped rule stands in the database; tells how many were new. Safe to repeat."""
    newest = {rule.code: rule for rule in ClockRule.objects.order_by("version")}
    return sum(_store(code, values, newest.get(code)) for code, values in shipped_rules())
