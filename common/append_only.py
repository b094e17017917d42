"""Rows that are written once: the database itself refuses every way of changing them.

PostgreSQL refuses UPDATE, DELETE and TRUNCATE; SQLite refuses UPDATE, DELETE and the
INSERT OR REPLACE that would remove a row without a delete trigger being asked. The
triggers are put back after every migrate, for SQLite loses them when a table is remade.
A missing one is a warning while migrating and an error in health.
"""

from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

REFUSAL = "append-only: rows of this table are never changed or deleted"

_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION yichuang_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


class AppendOnly(models.Model):
    """A model whose table refuses every change after the insert."""

    class Meta:
        abstract = True


def _append_only_models() -> dict[str, type[models.Model]]:
    found = (model for model in apps.get_models() if issubclass(model, AppendOnly))
    return {model._meta.db_table: model for model in found if not model._meta.proxy}


def append_only_tables() -> list[str]:
    """Tables of every installed append-only model, sorted."""
    return sorted(_append_only_models())


def _unique_columns(table: str) -> list[list[str]]:
    """The columns of every key that two rows can't share, the primary key first."""
    meta = _append_only_models()[table]._meta
    columns = {field.name: str(field.column) for field in meta.local_fields}
    single = [[str(field.column)] for field in meta.local_fields if field.unique]
    return single + [
        [columns[name] for name in key.fields] for key in meta.total_unique_constraints
    ]


def _taken(table: str, columns: list[str]) -> str:
    same = " AND ".join(f'"{column}" = NEW."{column}"' for column in columns)
    return f'EXISTS (SELECT 1 FROM "{table}" WHERE {same})'  # noqa: S608


def _sqlite_statements(table: str) -> Iterable[str]:
    for verb in ("UPDATE", "DELETE"):
        yield (
            f'CREATE TRIGGER IF NOT EXISTS "{table}_no_{verb.lower()}" BEFORE {verb} '
            f"ON \"{table}\" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
    taken = " OR ".join(_taken(table, columns) for columns in _unique_columns(table))
    yield (
        f'CREATE TRIGGER IF NOT EXISTS "{table}_no_replace" BEFORE INSERT ON "{table}" '
        f"WHEN {taken} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def _postgres_statements(table: str) -> Iterable[str]:
    for name, when, each in (
        ("no_change", "UPDATE OR DELETE", "ROW"),
        ("no_truncate", "TRUNCATE", "STATEMENT"),
    ):
        yield f'DROP TRIGGER IF EXISTS "{table}_{name}" ON "{table}"'
        yield (
            f'CREATE TRIGGER "{table}_{name}" BEFORE {when} ON "{table}" '
            f"FOR EACH {each} EXECUTE FUNCTION yichuang_refuse_change()"
        )


def trigger_names(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    """Names of the triggers ``table`` must carry on this database."""
    kinds = {
        "sqlite": ("no_update", "no_delete", "no_replace"),
        "postgresql": ("no_change", "no_truncate"),
    }
    return [f"{table}_{kind}" for kind in kinds[connection.vendor]]


def _existing_triggers(connection: BaseDatabaseWrapper) -> set[str]:
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


def _present_tables(connection: BaseDatabaseWrapper) -> list[str]:
    present = set(connection.introspection.table_names())
    return [table for table in append_only_tables() if table in present]


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Triggers that should stand and don't; empty when every table is guarded."""
    existing = _existing_triggers(connection)
    wanted = (
        name for table in _present_tables(connection) for name in trigger_names(connection, table)
    )
    return [name for name in wanted if name not in existing]


def install_triggers(connection: BaseDatabaseWrapper) -> None:
    """Every append-only table present refuses change; safe to repeat."""
    statements = _sqlite_statements if connection.vendor == "sqlite" else _postgres_statements
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        for table in _present_tables(connection):
            for statement in statements(table):
                cursor.execute(statement)


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """No append-only table refuses change any more; only a test flush may ask for this."""
    with connection.cursor() as cursor:
        for table in _present_tables(connection):
            for name in trigger_names(connection, table):
                place = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{place}')
