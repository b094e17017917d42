"""Many rows of the clocks written at once: the same bytes as the single writes, far sooner."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.models import F
from django.db.models.functions import Cast
from django.db.models.lookups import Lookup

from common import crypto
from common.canonical import canonical_json
from deadlines.models import Clock, ClockEvent
from organisations.models import User

EVENT_COLUMNS = (
    "clock_id",
    "seq",
    "actor_id",
    "post_label",
    "at",
    "verb",
    "note",
    "legal_basis",
    "data",
    "proof",
    "previous_mac",
    "mac",
)
MARKS = "<rows>"
Rows = Sequence[Sequence[Any]]


def _is_served() -> bool:
    return connection.vendor == "postgresql"


def _field(model: type[models.Model], name: str) -> Any:
    """The field behind a column such as ``calendar_id``."""
    return model._meta.get_field("id" if name == "pk" else name.removesuffix("_id"))


def _quoted(model: type[models.Model], names: Sequence[str]) -> list[str]:
    return [connection.ops.quote_name(str(_field(model, name).column)) for name in names]


def raw_rows(rows: models.QuerySet[Any]) -> list[tuple[Any, ...]]:
    """The rows of a ``values_list`` as the driver gives them: no object, no conversion."""
    statement, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


class Among(Lookup):
    """Whether a key is one of many, which are handed over as one parameter."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A server takes them as an array."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*params, list(self.rhs))

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """SQLite takes them as JSON."""
        column, params = self.process_lhs(compiler, connection)
        keys = json.dumps(list(self.rhs))
        return f"{column} IN (SELECT value FROM json_each(%s))", (*params, keys)  # noqa: S608


def as_stored(names: Sequence[str]) -> list[Any]:
    """Columns of clocks for :func:`raw_rows`, in the very values that :class:`Prepared` makes.

    SQLite keeps days and instants as text, and its driver would parse each one.
    """
    if connection.vendor != "sqlite":
        return list(names)
    timed = {name for name in names if isinstance(_field(Clock, name), models.DateField)}
    return [Cast(F(name), models.TextField()) if name in timed else name for name in names]


class Prepared:
    """Values of clocks as the database takes them; the same day or instant is prepared once."""

    def __init__(self, names: Sequence[str]) -> None:
        self.columns = [(name, _field(Clock, name), dict[Any, Any]()) for name in names]

    def of(self, columns: Mapping[str, Any]) -> tuple[Any, ...]:
        """The values of one clock, in the order of the names."""
        return tuple(self._one(columns[name], field, kept) for name, field, kept in self.columns)

    def _one(self, value: Any, field: Any, kept: dict[Any, Any]) -> Any:
        if isinstance(value, dict):
            return field.get_db_prep_save(value, connection)
        if value not in kept:
            kept[value] = field.get_db_prep_save(value, connection)
        return kept[value]


def _run(statement: str, model: type[models.Model], names: Sequence[str], rows: Rows) -> None:
    """The statement is carried out for every row.

    SQLite is quickest row by row; a server gets each column as one array, in one statement,
    which the marks of ``names`` stand for.
    """
    with connection.cursor() as cursor:
        if _is_served():
            kinds = [_field(model, name).rel_db_type(connection) for name in names]
            arrays = ", ".join(f"CAST(%s AS {kind}[])" for kind in kinds)
            columns = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(statement.replace(MARKS, f"unnest({arrays})"), columns)
        else:
            cursor.executemany(statement, rows)


def store_columns(names: Sequence[str], rows: Rows) -> None:
    """The columns ``names`` of many clocks are stored: prepared values, then the clock's key.

    The caller holds the clocks' locks.
    """
    if not rows:
        return
    table, columns = connection.ops.quote_name(Clock._meta.db_table), _quoted(Clock, names)
    if _is_served():
        sets = ", ".join(f"{column} = given.{column}" for column in columns)
        given = ", ".join([*columns, "id"])
        rest = f"FROM {MARKS} AS given ({given}) WHERE {table}.id = given.id"
    else:
        sets, rest = ", ".join(f"{column} = %s" for column in columns), "WHERE id = %s"
    _run(f"UPDATE {table} SET {sets} {rest}", Clock, (*names, "id"), rows)  # noqa: S608


class EventWriter:
    """The next event of many clocks, alike in actor, time, verb and basis.

    Byte for byte what ``ClockEvent.append`` would write; the caller holds the clocks' locks
    and knows number and MAC of each one's last event.
    """

    def __init__(self, *, actor: User, at: datetime, verb: str, legal_basis: str) -> None:
        label = str(actor.post_label or "")[:120]
        self.alike = [actor.pk, label, at, str(verb), "", legal_basis[:300]]
        moment = at.astimezone(UTC).isoformat(timespec="microseconds")
        said = [actor.pk, label, moment, str(verb), "", legal_basis[:300]]
        self.middle = canonical_json(said)[1:-1]
        self.name = canonical_json(ClockEvent._meta.label_lower)
        self.rows: list[tuple[Any, ...]] = []

    def add(self, clock_id: int, seq: int, previous: str, text: str) -> None:
        """One more event waits to be stored; ``text`` is the canonical JSON of its data."""
        spelled = f'["{previous}",{self.name},{clock_id},{seq},{self.middle},{text},{{}}]'
        mac = crypto.hmac_sm3(settings.CHAIN_KEY, spelled.encode()).hex()
        self.rows.append((clock_id, seq, *self.alike, text, "{}", previous, mac))

    def store(self) -> None:
        """The waiting events stand in their chains."""
        if not self.rows:
            return
        table = connection.ops.quote_name(ClockEvent._meta.db_table)
        columns = ", ".join(_quoted(ClockEvent, EVENT_COLUMNS))
        marks = ", ".join(["%s"] * len(EVENT_COLUMNS))
        source = f"SELECT * FROM {MARKS}" if _is_served() else f"VALUES ({marks})"  # noqa: S608
        statement = f"INSERT INTO {table} ({columns}) {source}"
        _run(statement, ClockEvent, EVENT_COLUMNS, list(self._prepared()))

    def _prepared(self) -> Iterable[tuple[Any, ...]]:
        place = EVENT_COLUMNS.index("at")
        at = _field(ClockEvent, "at").get_db_prep_save(self.alike[2], connection)
        for row in self.rows:
            yield (*row[:place], at, *row[place + 1 :])
