"""The data files of the sample district."""

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
Row = dict[str, str]


@cache
def rows(name: str) -> tuple[Row, ...]:
    """The rows of one data file, in its order."""
    with (DATA / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return tuple(csv.DictReader(stream))
