"""A second count, day by day and minute by minute, over other people's calendar data.

It shares nothing with the product but the table of rules: chinesecalendar says which
days are working days, and every limit is walked, never calculated.
"""

import calendar as civil
import csv
import shlex
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from chinese_calendar import is_workday

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
RULES = Path(__file__).resolve().parents[2] / "deadlines" / "data" / "rules.csv"
UNITS = {"WD": "workday", "CD": "calendar_day", "HOUR": "hour", "MONTH": "month"}
PROMISE_ONLY = ("现场勘验", "技术审查")


def rules() -> dict[str, dict[str, str]]:
    """The table of rules by number."""
    with RULES.open(encoding="utf-8") as stream:
        return {row["rule_id"]: row for row in csv.DictReader(stream)}


def options(text: str) -> dict[str, Any]:
    """The options of a command line."""
    found: dict[str, Any] = {"pause": []}
    words = iter(shlex.split(text.replace("=", " ")))
    for word in words:
        name = word.removeprefix("--")
        if name == "end-roll":
            found[name] = True
        elif name == "pause":
            found["pause"].append(next(words).split(":"))
        else:
            found[name] = next(words)
    return found


def paused(asked: dict[str, Any], *, statute: bool) -> set[date]:
    """The days that pauses take out."""
    days: set[date] = set()
    for first, last, *ground in asked["pause"]:
        if statute and ground and ground[0] in PROMISE_ONLY:
            continue
        day = date.fromisoformat(first) + DAY
        while day <= date.fromisoformat(last):
            days.add(day)
            day += DAY
    return days


def walked(start: date, amount: int, out: set[date], *, workdays: bool) -> date:
    """The amount-th day after the start that counts."""
    day = start
    while amount:
        day += DAY
        if day not in out and (not workdays or is_workday(day)):
            amount -= 1
    return day


def months_later(start: date, amount: int) -> date:
    """The corresponding day, found month by month."""
    year, month = start.year, start.month
    for _step in range(amount):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return date(year, month, min(start.day, civil.monthrange(year, month)[1]))


def rolled(day: date, out: set[date]) -> date:
    """The first working day from ``day`` on that no later pause takes out."""
    first = day
    while not is_workday(day) or (day in out and day != first):
        day += DAY
    return day


def after_hours(start: datetime, amount: int, out: set[date]) -> datetime:
    """Minute by minute, day and night, whole paused days left out."""
    minutes, moment = amount * 60, start
    while minutes:
        minutes -= moment.date() not in out
        moment += MINUTE
    return moment


def before(event: date, amount: int, unit: str, debtor: str) -> date:
    """Counted back: a unit leaves whole days between, an applicant counts to the day itself."""
    day = event
    while amount:
        day -= DAY
        amount -= unit != "workday" or is_workday(day)
    return day - DAY if debtor == "unit" else day


def terms(asked: dict[str, Any]) -> dict[str, Any]:
    """Length, unit, roll and direction, of the rule or of the command line."""
    row = rules().get(asked.get("rule", ""))
    if row is None:
        named = asked.get("named-on", "")
        return {
            "amount": int(asked["workdays"]) if asked.get("workdays") else 0,
            "unit": asked.get("unit", "workday"),
            "roll": asked.get("end-roll", False),
            "named": named,
            "promise": asked.get("promised-workdays", ""),
            "back": False,
            "debtor": "unit",
        }
    return {
        "amount": int(row["limit"] or 0),
        "unit": UNITS.get(row["unit"], row["unit"].lower()),
        "roll": row["end_roll"] == "yes",
        "named": asked.get("named-on", ""),
        "promise": asked.get("promised-workdays", row["promise"]),
        "back": row["direction"] == "backward",
        "debtor": row["debtor"],
    }


def statute_of(asked: dict[str, Any], given: dict[str, Any]) -> date | datetime:
    """The end of the statutory limit."""
    start, out = date.fromisoformat(asked["start"]), paused(asked, statute=True)
    amount, unit = given["amount"] + int(asked.get("extend-workdays", 0)), given["unit"]
    if given["back"]:
        return before(start, amount, unit, given["debtor"])
    if unit == "hour":
        begun = datetime.fromisoformat(f"{asked['start']} {asked['at']}")
        return after_hours(begun, amount, out)
    if unit == "workday":
        return walked(start, amount, out, workdays=True)
    if unit == "month":
        amount = (months_later(start, amount) - start).days
    if given["named"]:
        amount = (date.fromisoformat(given["named"]) - start).days
    due = walked(start, amount, out, workdays=False)
    return rolled(due, out) if given["roll"] else due


def expected(text: str) -> tuple[str, str]:
    """The statutory and the promised due of a command line."""
    asked = options(text)
    given = terms(asked)
    law = statute_of(asked, given)
    if isinstance(law, datetime):
        return f"{law.isoformat()}+08:00", ""
    if not given["promise"]:
        return law.isoformat(), ""
    start, out = date.fromisoformat(asked["start"]), paused(asked, statute=False)
    act = walked(start, int(given["promise"]), out, workdays=True)
    return law.isoformat(), min(act, law).isoformat()
