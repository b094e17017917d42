"""Event chains on a real event table: chained, unchangeable, anchored."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from common.anchors import all_chain_faults, anchor_faults, write_anchor
from common.append_only import drop_triggers, install_triggers, missing_triggers
from common.events import chain_faults
from deadlines.models import Clock, ClockEvent
from deadlines.services import finish_clock
from organisations.services import system_user
from tests.factories.deadlines import a_clock, a_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Clock:
    """A finished clock: two events at least."""
    running = a_clock(a_desk())
    return finish_clock(clock_id=running.pk, actor=system_user("sample"))


def _events(clock: Clock) -> list[ClockEvent]:
    return list(ClockEvent.objects.for_subject(clock.pk))


def test_it_works(clock: Clock) -> None:
    events = _events(clock)
    assert len(events) >= 2
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert chain_faults(events) == []


@pytest.mark.parametrize("change", [{"note": "anders"}, {"verb": "x"}])
def test_the_database_refuses_a_change(clock: Clock, change: dict[str, str]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ClockEvent.objects.filter(clock=clock).update(**change)


def test_the_database_refuses_a_deletion(clock: Clock) -> None:
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute(f"DELETE FROM {ClockEvent._meta.db_table}")


def test_replacing_a_row_is_no_way_around(clock: Clock) -> None:
    event = _events(clock)[0]
    event.note = "anders"
    with pytest.raises(DatabaseError), transaction.atomic():
        event.save(force_update=True)


def _as_the_owner_of_the_database(sql: str, *values: object) -> None:
    drop_triggers(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    install_triggers(connection)


def test_an_altered_fact_is_found(clock: Clock) -> None:
    table = ClockEvent._meta.db_table
    _as_the_owner_of_the_database(f"UPDATE {table} SET note = %s WHERE seq = 1", "anders")
    assert any("altered" in fault for fault in all_chain_faults())
    with pytest.raises(CommandError):
        call_command("verify_events")


def test_a_removed_event_is_found(clock: Clock) -> None:
    table = ClockEvent._meta.db_table
    _as_the_owner_of_the_database(f"DELETE FROM {table} WHERE seq = 1")
    assert list(all_chain_faults())


def test_a_cut_tail_is_shown_by_the_anchor(clock: Clock, tmp_path: Path) -> None:
    anchor = write_anchor(tmp_path, date(2026, 11, 24))
    assert anchor_faults(anchor) == []
    table, last = ClockEvent._meta.db_table, _events(clock)[-1]
    _as_the_owner_of_the_database(f"DELETE FROM {table} WHERE id = %s", last.pk)
    assert list(all_chain_faults()) == []
    assert len(anchor_faults(anchor)) == 1


def test_missing_triggers_are_named_and_put_back(clock: Clock) -> None:
    drop_triggers(connection)
    assert missing_triggers(connection)
    install_triggers(connection)
    assert missing_triggers(connection) == []


def test_flush_is_refused_outside_a_test_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("django.core.mail.outbox")
    with pytest.raises(CommandError):
        call_command("flush", interactive=False)
