"""Everything the deadline engine is timed by, one after another: ``make bench-deadlines``.

``BENCH_CLOCKS`` bounds the sizes (default 1,000,000: some five minutes); each part is a
script of its own that says what it measures.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCAN_SIZES = (10_000, 100_000, 1_000_000)
MOST = int(os.environ.get("BENCH_CLOCKS", max(SCAN_SIZES)))


def run(part: str, *sizes: int) -> int:
    """The exit code of one part; its lines go to our own output."""
    command = [sys.executable, str(HERE / f"{part}.py"), *map(str, sizes)]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own scripts


def main() -> int:
    """The worst exit code of all parts."""
    scans = [size for size in SCAN_SIZES if size <= MOST] or [MOST]
    return max(
        run("add_workdays"),
        run("sweep_scan", *scans),
        run("stages", min(MOST, 2_000)),
        run("reprojection", min(MOST, 100_000)),
    )


if __name__ == "__main__":
    sys.exit(main())
