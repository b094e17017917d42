"""A whole catalogue in and out, and a search in it.

Writes a workbook of N items with their parts (default 10,000; made of the sample's), imports it
into an empty temporary database (``first``: staged, stored and published), imports it again
(``second``: every item unchanged), exports the catalogue in each form, then adds items until
20,000 are in force and searches by each kind of typing (p50 and p95 of 40 words). JSON lines:
``{"bench", "vendor", "run", "items", "rows_per_s", "wall_s", "cpu_s", "peak_mb"}`` and
``{"bench", "run": "search", "items", "kind", "p50_ms", "p95_ms"}``; ``peak_mb`` is the most
memory the process has held so far. ``make bench-catalogue``; BENCH_ITEMS=1000 for a quick look;
DATABASE_URL of an empty PostgreSQL database measures there.
"""

import csv
import io
import os
import resource
import statistics
import time as machine_time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from catalogue_search import HITS, KINDS, NAMES, ROUNDS, fill, timed
from django.db import connection
from ground import department, ground, say
from openpyxl import Workbook

from catalogue.models import Item
from catalogue.resources import FORMATS, export_items, stage_file
from catalogue.resources.columns import COLUMN_OF, FIELD_OF
from catalogue.resources.headings import heading_word
from catalogue.resources.sheets import SHEETS
from catalogue.services import ImportOptions, apply_import
from common.models import Job
from organisations.models import User
from organisations.services import system_user

ITEMS, SEARCHED = 10_000, 20_000


def rows(size: int) -> Iterator[dict[str, str]]:
    """The sample's rows by field, again and again under new codes."""
    with NAMES.open(encoding="utf-8-sig", newline="") as file:
        sample = list(csv.DictReader(file))
    for number in range(size):
        cells = {
            FIELD_OF[heading_word(name)]: cell
            for name, cell in sample[number % len(sample)].items()
        }
        round_of = number // len(sample) or ""
        yield {
            **cells,
            "code": f"I-{number}",
            "name": f"{cells['name']}{round_of}",
            "parent_code": "",
            "department": "B",
        }


def workbook(size: int) -> bytes:
    """A file of ``size`` items with a sheet for each part."""
    book = Workbook(write_only=True)
    items = book.create_sheet("事项")
    parts = {sheet.part: book.create_sheet(sheet.name) for sheet in SHEETS}
    for sheet in SHEETS:
        parts[sheet.part].append(sheet.headings)
    fields: list[str] = []
    for cells in rows(size):
        if not fields:
            fields = [name for name in cells if name not in parts]
            items.append([COLUMN_OF[name].heading for name in fields])
        items.append([cells[name] or None for name in fields])
        for sheet in SHEETS:
            for entry in COLUMN_OF[sheet.part].widget.clean(cells.get(sheet.part, "")):
                parts[sheet.part].append([cells["code"], *sheet.row(entry)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def measured(run: str, size: int, work: Callable[[], Any], **more: Any) -> Any:
    """What the work gives; one line of figures."""
    began, busy = machine_time.perf_counter(), machine_time.process_time()
    found = work()
    wall = machine_time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(
        bench="catalogue",
        vendor=connection.vendor,
        run=run,
        items=size,
        rows_per_s=round(size / wall),
        wall_s=round(wall, 1),
        cpu_s=round(machine_time.process_time() - busy, 1),
        peak_mb=round(peak),
        **more,
    )
    return found


def imported(data: bytes, actor: User) -> Job:
    """The file is staged, stored and published."""
    options = ImportOptions(publish=True)
    job = stage_file(actor=actor, name="事项.xlsx", data=data, options=options)
    return apply_import(job_id=job.pk, actor=actor)


def found(word: str) -> list[Item]:
    """The first hits of what was typed."""
    return list(Item.objects.live().search(word).for_list()[:HITS])


def search() -> None:
    """One line a kind of typing."""
    with NAMES.open(encoding="utf-8-sig", newline="") as file:
        names = [row["事项名称"] for row in csv.DictReader(file)]
    words = names[:: max(len(names) // ROUNDS, 1)][:ROUNDS]
    live = Item.objects.live().count()
    for kind, typed in KINDS.items():
        times = sorted(timed(partial(found, typed(name))) for name in words)
        say(
            bench="catalogue",
            vendor=connection.vendor,
            run="search",
            items=live,
            kind=kind,
            p50_ms=round(statistics.median(times), 1),
            p95_ms=round(times[int(len(times) * 0.95) - 1], 1),
        )


def main(size: int) -> None:
    """Import, import again, export, search."""
    department()
    actor, data = system_user("import"), workbook(size)
    for run, fate in (("first", "new"), ("second", "unchanged")):
        job = measured(
            run, size, lambda: imported(data, actor), file_mb=round(len(data) / 2**20, 1)
        )
        if job.report["summary"][fate] != size:
            raise SystemExit(f"{run}: {job.report['summary']}")
    for form in FORMATS:
        measured(f"export {form}", size, lambda form=form: export_items(user=actor, form=form))
    fill(max(SEARCHED - size, 0))
    search()


if __name__ == "__main__":
    with ground():
        main(int(os.environ.get("BENCH_ITEMS", ITEMS)))
