"""Finding an item among 20,000: what a clerk types, beside the least SQL that reads the names.

Measures, in a temporary database with N items in force (default 20,000; names made of the
sample's, each with a number), the time of the first twenty hits for each kind of typing: p50
and p95 of 40 rounds over different words, and of one plain ``LIKE`` over the name column. One
JSON line a kind: ``{"bench", "vendor", "items", "kind", "p50_ms", "p95_ms", "plain_ms",
"ratio"}``. ``make bench-catalogue_search``; DATABASE_URL of an empty PostgreSQL database
measures there.
"""

import csv
import statistics
import sys
import time as machine_time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection
from ground import department, ground, say

from catalogue.choices import VersionState
from catalogue.models import Item, ItemVersion
from common import pinyin, time

ITEMS, HITS, ROUNDS = 20_000, 20, 40
NAMES = Path(__file__).resolve().parent.parent / "sample/data/items.csv"
KINDS: dict[str, Callable[[str], str]] = {
    "name": lambda name: name[:4],
    "substring": lambda name: name[2:5],
    "initials": lambda name: pinyin.initials(name)[:5],
    "pinyin": lambda name: pinyin.full(name)[:12],
    "one sign wrong": lambda name: name[:2] + "错" + name[3:5],
    "one letter wrong": lambda name: pinyin.initials(name)[:2] + "x" + pinyin.initials(name)[3:6],
    "nothing": lambda name: name[0] + "没有这样的事项",
}


def fill(size: int) -> list[str]:
    """``size`` items are in force; their different names."""
    with NAMES.open(encoding="utf-8-sig", newline="") as file:
        names = [row["事项名称"] for row in csv.DictReader(file)]
    unit, now = department(), time.now()
    items = []
    for number in range(size):
        name = f"{names[number % len(names)]}{number // len(names) or ''}"
        letters, whole = pinyin.initials(name)[:200], pinyin.full(name)[:1200]
        items.append(
            Item(
                code=f"S{number}",
                name=name,
                initials=letters,
                pinyin=whole,
                department=unit,
                kind="20",
            )
        )
    Item.objects.bulk_create(items, batch_size=1_000)
    versions = ItemVersion.objects.bulk_create(
        (
            ItemVersion(
                item=item, number=1, name=item.name, state=VersionState.PUBLISHED, published_at=now
            )
            for item in items
        ),
        batch_size=500,
    )
    for item, version in zip(items, versions, strict=True):
        item.current = version
    Item.objects.bulk_update(items, ["current"], batch_size=1_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return names


def timed(work: Callable[[], Any]) -> float:
    """Milliseconds of one round."""
    began = machine_time.perf_counter()
    work()
    return (machine_time.perf_counter() - began) * 1000


def plain() -> float:
    """Milliseconds of the least SQL that looks at every name, best of five."""
    table = Item._meta.db_table

    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {table} WHERE name LIKE %s", ["%没有这样%"])  # noqa: S608
            cursor.fetchall()

    return min(timed(read) for _round in range(5))


def main(size: int) -> None:
    """One line a kind of typing."""
    names = fill(size)
    step = max(len(names) // ROUNDS, 1)
    least = plain()
    for kind, typed in KINDS.items():
        words = [typed(name) for name in names[::step][:ROUNDS]]
        found = sorted(
            timed(lambda word=word: list(Item.objects.live().search(word).for_list()[:HITS]))
            for word in words
        )
        say(
            bench="catalogue_search",
            vendor=connection.vendor,
            items=size,
            kind=kind,
            p50_ms=round(statistics.median(found), 1),
            p95_ms=round(found[int(len(found) * 0.95) - 1], 1),
            plain_ms=round(least, 1),
            ratio=round(statistics.median(found) / least, 1),
        )


if __name__ == "__main__":
    with ground():
        main(int(sys.argv[1]) if sys.argv[1:] else ITEMS)
