"""Many rows of the clocks written at once: the same bytes as the single writes, far sooner."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.models import F
from django.db.models.functions import Cast
from django.db.models.lookups import Lookup
from psycopg.types.json import Jsonb

from common import crypto
from common.canonical import canonical_json
from deadlines.models import Clock, ClockEvent
from organisations.models import User

OWN_COLUMNS = ("clock_id", "seq", "data", "previous_mac", "mac")
ALIKE_COLUMNS = ("actor_id", "post_label", "at", "verb", "note", "legal_basis", "proof")
NO_PROOF = "{}"
MARKS = "<rows>"
# Control characters that neither canonical JSON nor anything else in these columns holds.
PARTED, NO_VALUE = "\x1f", "\x1e"
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

    Days and instants come as the database spells them, for its driver would parse each one.
    """
    timed = {name for name in names if isinstance(_field(Clock, name), models.DateField)}
    return [Cast(F(name), models.TextField()) if name in timed else name for name in names]


def _as_spelled(value: Any) -> Any:
    """A prepared value as PostgreSQL spells it, in a session that keeps UTC."""
    if isinstance(value, datetime):
        moment = value.astimezone(UTC)
        part = f"{moment:.%f}".rstrip("0") if moment.microsecond else ""
        return f"{moment:%Y-%m-%d %H:%M:%S}{part}+00"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value.obj) if isinstance(value, Jsonb) else value


class Prepared:
    """Values of clocks as the database takes them; the same day or instant is prepared once."""

    def __init__(self, names: Sequence[str]) -> None:
        self.columns = [(name, _field(Clock, name), dict[Any, Any]()) for name in names]

    def of(self, columns: Mapping[str, Any]) -> tuple[Any, ...]:
        """The values of one clock, in the order of the names."""
        return tuple(self._one(columns[name], field, kept) for name, field, kept in self.columns)

    def _one(self, value: Any, field: Any, kept: dict[Any, Any]) -> Any:
        if isinstance(value, dict):
            return _prepared(field, value)
        if value not in kept:
            kept[value] = _prepared(field, value)
        return kept[value]


def _prepared(field: Any, value: Any) -> Any:
    stored = field.get_db_prep_save(value, connection)
    return _as_spelled(stored) if _is_served() else stored


def _run(
    statement: str,
    model: type[models.Model],
    names: Sequence[str],
    rows: Rows,
    alike: Sequence[Any] = (),
) -> None:
    """The statement is carried out for every row; ``alike`` are values that all rows share.

    SQLite is quickest row by row; a server gets each column as one text that it takes apart,
    in one statement, which the marks of ``names`` stand for.
    """
    with connection.cursor() as cursor:
        if _is_served():
            kinds = [_field(model, name).rel_db_type(connection) for name in names]
            columns = ", ".join(_taken_apart(kind) for kind in kinds)
            texts = [_joined(column) for column in zip(*rows, strict=True)]
            cursor.execute(statement.replace(MARKS, f"unnest({columns})"), [*alike, *texts])
        else:
            cursor.executemany(statement, [(*row, *alike) for row in rows] if alike else rows)


def _taken_apart(kind: str) -> str:
    return f"CAST(string_to_array(%s, chr({ord(PARTED)}), chr({ord(NO_VALUE)})) AS {kind}[])"


def _joined(column: Sequence[Any]) -> str:
    """A column as one text; the driver would otherwise look at every value of an array."""
    return PARTED.join(
        [NO_VALUE if v is None else v if isinstance(v, str) else str(v) for v in column]
    )


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
        stored = _field(ClockEvent, "at").get_db_prep_save(at, connection)
        said = [str(verb), "", legal_basis[:300]]
        self.alike = [actor.pk, label, stored, *said, NO_PROOF]
        moment = at.astimezone(UTC).isoformat(timespec="microseconds")
        self.middle = canonical_json([actor.pk, label, moment, *said])[1:-1]
        self.name = canonical_json(ClockEvent._meta.label_lower)
        self.rows: list[tuple[Any, ...]] = []

    def add(self, clock_id: int, seq: int, previous: str, text: str) -> None:
        """One more event waits to be stored; ``text`` is the canonical JSON of its data."""
        spelled = f'["{previous}",{self.name},{clock_id},{seq},{self.middle},{text},{NO_PROOF}]'
        mac = crypto.hmac_sm3(settings.CHAIN_KEY, spelled.encode()).hex()
        self.rows.append((clock_id, seq, text, previous, mac))

    def store(self) -> None:
        """The waiting events stand in their chains."""
        if not self.rows:
            return
        table = connection.ops.quote_name(ClockEvent._meta.db_table)
        columns = ", ".join(_quoted(ClockEvent, (*OWN_COLUMNS, *ALIKE_COLUMNS)))
        alike = ", ".join(["%s"] * len(ALIKE_COLUMNS))
        own = ", ".join(["%s"] * len(OWN_COLUMNS))
        served = f"SELECT given.*, {alike} FROM {MARKS} AS given"  # noqa: S608
        source = served if _is_served() else f"VALUES ({own}, {alike})"
        statement = f"INSERT INTO {table} ({columns}) {source}"
        _run(statement, ClockEvent, OWN_COLUMNS, self.rows, self.alike)
