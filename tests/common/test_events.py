"""Event chains on a real event table: chained, unchangeable, anchored."""

from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from common.anchors import all_chain_faults, anchor_faults, write_anchor
from common.append_only import (
    REFUSAL,
    append_only_tables,
    drop_triggers,
    install_triggers,
    missing_triggers,
)
from common.events import EventBase, chain_faults
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


def _event_models() -> list[type[EventBase]]:
    return [model for model in apps.get_models() if issubclass(model, EventBase)]


@pytest.mark.postgres_only
@pytest.mark.parametrize("table", append_only_tables())
def test_no_table_is_emptied(table: str) -> None:
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match=REFUSAL):
        cursor.execute(f'TRUNCATE "{table}" CASCADE')


def _replace(model: type[Model], **columns: object) -> None:
    """As somebody at the database's own prompt would overwrite a row."""
    named, values = list(columns), list(columns.values())
    places = ", ".join(["%s"] * len(values))
    sql = f"INSERT OR REPLACE INTO {model._meta.db_table} ({', '.join(named)}) VALUES ({places})"
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(sql, values)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("key", [("id",), ("clock_id", "seq")])
def test_insert_or_replace_overwrites_nothing(clock: Clock, key: tuple[str, ...]) -> None:
    event = _events(clock)[0]
    row = ClockEvent.objects.filter(pk=event.pk).values().get()
    row["data"], row["proof"], row["note"] = "{}", "{}", "anders"
    if "id" not in key:
        del row["id"]
    with pytest.raises(DatabaseError, match=REFUSAL):
        _replace(ClockEvent, **row)
    assert ClockEvent.objects.get(pk=event.pk).note == event.note


@pytest.mark.sqlite_only
@pytest.mark.parametrize("model", _event_models(), ids=lambda model: model._meta.label)
def test_every_event_table_knows_both_of_its_keys(model: type[EventBase]) -> None:
    meta = model._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE name = %s", [f"{meta.db_table}_no_replace"]
        )
        (said,) = cursor.fetchone()
    subject = meta.get_field(model.subject_field).column
    assert '"id" = NEW."id"' in said
    assert f'"{subject}" = NEW."{subject}" AND "seq" = NEW."seq"' in said


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
