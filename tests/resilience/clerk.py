"""A process of its own in which a clerk logs in and receives cases, while the broker is away.

Run as ``python -c START case-key …``; writes a JSON line a request. Intake's signal nudges a
worker here, so that every request meets the broker whether or not its own service does.
"""

import json
import sys
import time
from typing import Any

from django.test import Client
from django.urls import reverse

from common.jobs import breaker, nudge
from deadlines.tasks import sweep_clocks
from intake.models import Case
from intake.signals import case_received
from tests.factories.intake import PASSWORD

START = "import django; django.setup(); from tests.resilience.clerk import main; main()"


def nudge_a_worker(**_facts: Any) -> None:
    """After commit a worker is to be told."""
    nudge(sweep_clocks)


def say(what: str, status: int, seconds: float) -> None:
    """One line for the test that watches."""
    line = {"what": what, "status": status, "seconds": seconds, "open": int(breaker.is_open)}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def timed(what: str, client: Client, path: str, data: dict[str, Any]) -> None:
    """One request, said."""
    began = time.monotonic()
    answer = client.post(path, data)
    say(what, answer.status_code, time.monotonic() - began)


def main() -> None:
    """Log in, receive every case named."""
    case_received.connect(nudge_a_worker)
    client = Client(SERVER_NAME="localhost")
    login = {"username": "it_clerk", "password": PASSWORD}
    timed("login", client, reverse("admin:login"), login)
    for case in Case.objects.filter(pk__in=sys.argv[1:]).order_by("pk"):
        page = reverse("admin:intake_case_do", args=(case.pk, "receive_case"))
        timed("receive", client, page, {"row_version": case.row_version})
    receipt = {"receipt": "BG410503004-20261124-9999", "check": "AAAA2222"}
    timed("progress", client, reverse("intake:progress"), receipt)
