"""Many rows of one table written at once: keys reserved ahead, values as the driver takes them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

Rows = Iterable[Sequence[Any]]


ROOMY_KIB = 1_048_576


def keep_pages_at_hand() -> None:
    """SQLite keeps up to 1 GiB of pages in this connection, for random keys touch every index anew."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = -{ROOMY_KIB}")


def reserve(model: type[models.Model], amount: int) -> list[int]:
    """Keys of ``model`` that nobody else gets, ascending; the caller is in a transaction."""
    if connection.vendor == "postgresql":
        return _drawn(model, amount)
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        (last,) = cursor.fetchone() or (0,)
    return list(range(last + 1, last + 1 + amount))


def _drawn(model: type[models.Model], amount: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, amount],
        )
        return sorted(key for (key,) in cursor.fetchall())


def stored_values(row: models.Model) -> list[Any]:
    """The row's columns in their order, as they go into the database."""
    return [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in row._meta.concrete_fields
    ]


def store(model: type[models.Model], rows: Rows) -> None:
    """Every row, its values in the order of :func:`stored_values`, stands in the table."""
    quote, fields = connection.ops.quote_name, model._meta.concrete_fields
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, f"COPY {table} ({columns}) FROM STDIN", rows)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(rows))  # noqa: S608


def _copy(cursor: Any, statement: str, rows: Rows) -> None:
    with cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row(row)
