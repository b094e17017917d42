"""A process of its own that sweeps and stops dead between a claim and its commit.

Run as ``python -c START place``: at the rung of that place it says "claimed" and waits to be
killed, its transaction open.
"""

import sys
import time
from itertools import count
from typing import Any

from deadlines.services import sweep
from deadlines.signals import stage_fired

START = "import django; django.setup(); from tests.resilience.sweeping import main; main()"
LONGER_THAN_ANY_TEST = 600


def main() -> None:
    """Sweep; stop at the rung whose place was named."""
    places = count(1)

    def stop(**_facts: Any) -> None:
        if next(places) == int(sys.argv[1]):
            sys.stdout.write("claimed\n")
            sys.stdout.flush()
            time.sleep(LONGER_THAN_ANY_TEST)

    stage_fired.connect(stop)
    sweep()
