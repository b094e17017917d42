"""/healthz/: red as soon as something that must hold doesn't."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from common import time
from common.append_only import append_only_tables, trigger_names
from deadlines.services import sweep

pytestmark = pytest.mark.django_db


def checks(client: Client) -> tuple[int, dict[str, str]]:
    """Status and verdicts."""
    response = client.get("/healthz/")
    return response.status_code, response.json()["checks"]


def test_it_works(client: Client) -> None:
    sweep()
    assert checks(client) == (
        200,
        {"database": "ok", "migrations": "ok", "append_only": "ok", "deadlines": "ok"},
    )


def test_a_house_that_never_swept_is_red(client: Client) -> None:
    status, found = checks(client)
    assert status == 503
    assert found["deadlines"] == "no sweep has ended yet"


def test_an_old_sweep_is_red(client: Client) -> None:
    sweep()
    with time.travel(time.now() + timedelta(minutes=6)):
        status, found = checks(client)
    assert status == 503
    assert found["deadlines"].startswith("the last sweep ended 36")


def test_an_unguarded_event_table_is_red(client: Client) -> None:
    sweep()
    table = append_only_tables()[0]
    place = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{trigger_names(connection, table)[0]}"{place}')
    status, found = checks(client)
    assert status == 503
    assert found["append_only"] == "1 triggers are missing; run migrate"


@pytest.mark.parametrize(("day", "warned"), [("2026-10-31", 0), ("2026-11-01", 1)])
def test_a_missing_calendar_is_a_warning_and_no_alarm(
    client: Client, day: str, warned: int
) -> None:
    with time.freeze(time.at_local(date.fromisoformat(day))):
        sweep()
        answer = client.get("/healthz/")
    assert answer.status_code == 200
    assert len(answer.json()["warnings"]) == warned
    assert all("2027" in text for text in answer.json()["warnings"])


def test_it_tells_no_secret(client: Client) -> None:
    text = client.get("/healthz/").content.decode()
    assert str(connection.settings_dict["NAME"]) not in text
