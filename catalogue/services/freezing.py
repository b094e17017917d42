"""The database itself refuses to rewrite what a published version says.

An UPDATE is refused for the content columns of a version that left the draft and for its
parts. Rows put in or taken out change the digest, which ``altered_versions`` checks.
"""

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

from catalogue.models import ItemVersion
from catalogue.services.cards import PART_MODELS

REFUSAL = "frozen: a published version never changes"
MOVING = {"id", "state", "published_at", "publish_on", "submitted_by"}
_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION yichuang_refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def _content_columns() -> list[str]:
    return [
        str(field.column) for field in ItemVersion._meta.concrete_fields if field.name not in MOVING
    ]


def _version_condition(distinct: str) -> str:
    changed = " OR ".join(
        f'OLD."{column}" {distinct} NEW."{column}"' for column in _content_columns()
    )
    return f"OLD.state NOT IN ('draft', 'review', 'scheduled') AND ({changed})"


def _part_statement() -> str:
    versions = ItemVersion._meta.db_table
    # The table's name is ours; a trigger takes no parameters.
    return f"(SELECT state FROM \"{versions}\" WHERE id = OLD.version_id) NOT IN ('draft', 'review', 'scheduled')"  # noqa: S608


def _sqlite_statements() -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    table = ItemVersion._meta.db_table
    yield f'DROP TRIGGER IF EXISTS "{table}_frozen"'
    yield (
        f'CREATE TRIGGER "{table}_frozen" BEFORE UPDATE ON "{table}" '
        f"WHEN {_version_condition('IS NOT')} {refuse}"
    )
    for part in _part_tables():
        yield f'DROP TRIGGER IF EXISTS "{part}_frozen"'
        yield (
            f'CREATE TRIGGER "{part}_frozen" BEFORE UPDATE ON "{part}" '
            f"WHEN {_part_statement()} {refuse}"
        )


def _postgres_statements() -> Iterator[str]:
    yield _POSTGRES_FUNCTION
    yield from _postgres_parts_function()
    table = ItemVersion._meta.db_table
    yield f'DROP TRIGGER IF EXISTS "{table}_frozen" ON "{table}"'
    yield (
        f'CREATE TRIGGER "{table}_frozen" BEFORE UPDATE ON "{table}" FOR EACH ROW '
        f"WHEN ({_version_condition('IS DISTINCT FROM')}) "
        "EXECUTE FUNCTION yichuang_refuse_frozen()"
    )
    for part in _part_tables():
        yield f'DROP TRIGGER IF EXISTS "{part}_frozen" ON "{part}"'
        yield (
            f'CREATE TRIGGER "{part}_frozen" BEFORE UPDATE ON "{part}" FOR EACH ROW '
            "EXECUTE FUNCTION yichuang_refuse_frozen_part()"
        )


def _postgres_parts_function() -> Iterator[str]:
    """A trigger condition may not hold a subquery on PostgreSQL, so the function asks."""
    yield (
        "CREATE OR REPLACE FUNCTION yichuang_refuse_frozen_part() RETURNS trigger "
        f"LANGUAGE plpgsql AS $$ BEGIN IF {_part_statement()} THEN "
        f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN NEW; END $$"
    )


def _part_tables() -> list[str]:
    return [model._meta.db_table for model in PART_MODELS.values()]


def install_freeze(connection: BaseDatabaseWrapper) -> None:
    """Published versions are guarded in this database; safe to repeat."""
    if ItemVersion._meta.db_table not in connection.introspection.table_names():
        return
    sqlite = connection.vendor == "sqlite"
    statements = _sqlite_statements() if sqlite else _postgres_statements()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def lift_freeze(connection: BaseDatabaseWrapper) -> None:
    """SQLite can remake the tables: it reads every trigger while one of them has no name yet."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for table in (ItemVersion._meta.db_table, *_part_tables()):
            cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_frozen"')
