"""Rules of inspection: no query, no clock, no settings."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol, TypeVar

from inspections.choices import AnswerResult, ItemResult, OrderState, VisitOutcome

CHECKLIST_COLUMNS = ("code", "group", "item", "is_key", "method", "legal_basis")
REPEAT_MONTHS = 12


class AnswerFacts(Protocol):
    """What the submit gate asks of an answer."""

    result: str
    pk: int

    @property
    def required(self) -> bool:
        """Whether the item must be answered."""


A = TypeVar("A", bound=AnswerFacts)


def unanswered(answers: Iterable[A]) -> list[A]:
    """Required answers nobody has given yet; a default never counts as compliance."""
    return [a for a in answers if a.required and a.result == AnswerResult.UNCHECKED]


def undescribed(answers: Iterable[A], described: set[int]) -> list[A]:
    """Failed answers without a problem row: each failure needs its words (FACTS 4.6)."""
    failed = (a for a in answers if a.result == AnswerResult.FAIL)
    return [a for a in failed if a.pk not in described]


def first_outcome(*, corrected: Iterable[bool], always_order: bool) -> VisitOutcome:
    """The outcome of a first visit from its problems, each corrected on the spot or not.

    ``always_order``: 一律当场下达责令整改通知书 whenever a problem was found; without it
    a visit whose problems were all fixed on the spot needs no order (总局令49号 第33条).
    """
    found = list(corrected)
    if not found:
        return VisitOutcome.COMPLIANT
    if all(found) and not always_order:
        return VisitOutcome.FIXED_ON_SITE
    return VisitOutcome.ORDERED


def order_state(results: Iterable[str]) -> OrderState:
    """The state of an order from the latest result of each of its items."""
    given = set(results)
    if given == {ItemResult.CORRECTED}:
        return OrderState.CORRECTED
    if given & {ItemResult.CORRECTED, ItemResult.PARTLY}:
        return OrderState.PARTLY
    return OrderState.UNCORRECTED


def recheck_outcome(state: str) -> VisitOutcome:
    """The outcome of the re-inspection that left an order in ``state``."""
    return {
        OrderState.CORRECTED: VisitOutcome.CORRECTED,
        OrderState.PARTLY: VisitOutcome.PARTLY,
    }.get(OrderState(state), VisitOutcome.NOT_CORRECTED)


def repeat_window_start(day: date) -> date:
    """The first day on which an earlier problem makes this one a repeat: 12 months back."""
    try:
        return day.replace(year=day.year - REPEAT_MONTHS // 12)
    except ValueError:
        return day.replace(year=day.year - REPEAT_MONTHS // 12, day=28)


def number_of(pattern: str, *, unit: str, year: int, number: int) -> str:
    """An official number such as 安北市监责改〔2026〕12号 from the profile's pattern."""
    return pattern.format(unit=unit, year=year, number=number)


def frozen_text(content: object) -> str:
    """The one JSON text of a checklist, by which it is frozen."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(text: str) -> str:
    """64 hex digits of the text."""
    return hashlib.sha256(text.encode()).hexdigest()


def checklist_rows(text: str) -> list[dict[str, str | bool]]:
    """The items of a checklist file, in its order.

    Raises:
        ValueError: a column is missing, a code or text is empty, or a code is doubled.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = set(CHECKLIST_COLUMNS) - set(reader.fieldnames or ())
    if missing:
        raise ValueError(", ".join(sorted(missing)))
    rows = [_checklist_row(row) for row in reader]
    codes = [str(row["code"]) for row in rows]
    if not rows or not all(row["code"] and row["text"] for row in rows):
        raise ValueError("code, item")
    if len(set(codes)) != len(codes):
        raise ValueError(", ".join(sorted({c for c in codes if codes.count(c) > 1})))
    return rows


def _checklist_row(row: Mapping[str, str | None]) -> dict[str, str | bool]:
    return {
        "code": (row["code"] or "").strip(),
        "group": (row["group"] or "").strip(),
        "text": (row["item"] or "").strip(),
        "is_key": (row["is_key"] or "").strip() == "1",
        "method": (row["method"] or "").strip(),
        "clause": (row["legal_basis"] or "").strip(),
    }


def degrees(parts: Iterable[float], reference: str) -> float | None:
    """Decimal degrees from degrees, minutes, seconds and N/S/E/W; None if they make no sense."""
    values = [float(part) for part in parts]
    if len(values) != 3 or reference not in {"N", "S", "E", "W"}:
        return None
    amount = values[0] + values[1] / 60 + values[2] / 3600
    return -amount if reference in {"S", "W"} else amount
