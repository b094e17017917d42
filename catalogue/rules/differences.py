"""What two versions of an item say differently, field by field."""

from dataclasses import dataclass
from typing import Any

from catalogue.rules.cards import PARTS, ItemCard

SAID_APART = frozenset({*PARTS, "form_definition"})


@dataclass(frozen=True)
class Difference:
    """One field: what the older and what the newer version says, as plain values."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class RowChange:
    """One row of a list that only one of the versions has, or that both spell differently."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None


def differences(older: ItemCard, newer: ItemCard) -> list[Difference]:
    """Fields whose values differ, in the order of the card; lists of rows as ``RowChange``."""
    before, after = vars(older), vars(newer)
    found = []
    for name, old in before.items():
        if old == after[name]:
            continue
        if name in SAID_APART:
            changes = row_changes(old, after[name])
            found.append(Difference(name, [c.before for c in changes], [c.after for c in changes]))
        else:
            found.append(Difference(name, old, after[name]))
    return found


def row_changes(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[RowChange]:
    """Rows that differ; rows are the same row where their first value is the same."""
    old, new = _by_name(before), _by_name(after)
    names = [*old, *(name for name in new if name not in old)]
    pairs = [(old.get(name), new.get(name)) for name in names]
    return [RowChange(was, now) for was, now in pairs if was != now]


def _by_name(rows: list[dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    found: dict[tuple[str, int], dict[str, Any]] = {}
    seen: dict[str, int] = {}
    for row in rows:
        name = str(next(iter(row.values()), ""))
        seen[name] = seen.get(name, 0) + 1
        found[name, seen[name]] = row
    return found
