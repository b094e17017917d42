"""Official numbers: one locked counter per series, organ and year; no gap without a reason."""

from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from common import time
from common.errors import InvalidInput, NotFound
from documents.errors import NumberAlreadyVoid
from documents.models import IssuedNumber, NumberSeries, Paper
from documents.querysets import IssuedNumberQuerySet
from organisations.models import User

Series = tuple[str, str, int]


def next_number(*, series_key: str, organ_code: str, year: int, actor: User) -> int:
    """The next number is drawn and on record; it goes back if the caller's transaction fails.

    The counter row stays locked until the caller commits: draw late, after application,
    case and clock (the lock order of the house).
    """
    facts: dict[str, Any] = {"series_key": series_key, "organ_code": organ_code, "year": year}
    return draw_number(**facts, actor=actor).number


def draw_number(*, series_key: str, organ_code: str, year: int, actor: User) -> IssuedNumber:
    """The next number as its row, for the paper that will bear it; as :func:`next_number`."""
    (row,) = _draw((series_key, organ_code, year), 1, actor)
    return row


def next_numbers(
    *, series_key: str, organ_code: str, year: int, amount: int, actor: User
) -> list[int]:
    """So many numbers in a row are drawn and on record, as by :func:`next_number`."""
    rows = _draw((series_key, organ_code, year), amount, actor)
    return [row.number for row in rows]


@transaction.atomic
def _draw(series: Series, amount: int, actor: User) -> list[IssuedNumber]:
    series_id, drawn = _advance(series, amount)
    moment = time.now()
    return IssuedNumber.objects.bulk_create(
        IssuedNumber(series_id=series_id, number=number, issued_by=actor, issued_at=moment)
        for number in drawn
    )


def _advance(series: Series, amount: int) -> tuple[int, range]:
    """The counter, made or locked and moved on by one statement: its key, the numbers passed."""
    table = connection.ops.quote_name(NumberSeries._meta.db_table)
    names = [connection.ops.quote_name(name) for name in ("key", "organ_code", "year")]
    following, key = connection.ops.quote_name("next"), ", ".join(names)
    statement = (
        f"INSERT INTO {table} ({key}, {following}) VALUES (%s, %s, %s, %s) "  # noqa: S608
        f"ON CONFLICT ({key}) DO UPDATE SET {following} = {table}.{following} + %s "
        f"RETURNING id, {following}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*series, 1 + amount, amount])
        series_id, stop = cursor.fetchone()
    return series_id, range(stop - amount, stop)


@transaction.atomic
def void_number(
    *,
    series_key: str,
    organ_code: str,
    year: int,
    number: int,
    reason: str,
    actor: User,
) -> IssuedNumber:
    """The number is void for good and keeps its place in the series, with the reason.

    Raises:
        InvalidInput: no reason was given.
        NotFound: the number was never drawn.
        NumberAlreadyVoid: it was voided before.
    """
    series = IssuedNumber.objects.of_series(series_key, organ_code, year)
    return _void(series.filter(number=number), reason, actor)


@transaction.atomic
def void_paper(*, paper: Paper, reason: str, actor: User) -> IssuedNumber:
    """The number the paper bears is void for good; whoever checks the paper is told.

    Raises:
        InvalidInput: no reason was given.
        NotFound: the paper bears no number of a series.
        NumberAlreadyVoid: it was voided before.
    """
    return _void(IssuedNumber.objects.filter(paper=paper), reason, actor)


def _void(rows: IssuedNumberQuerySet, reason: str, actor: User) -> IssuedNumber:
    if not reason.strip():
        raise InvalidInput(fields={"reason": [_("say why the number is void")]})
    row: IssuedNumber | None = rows.locked().first()
    if row is None:
        raise NotFound
    if row.voided_at is not None:
        raise NumberAlreadyVoid
    text = reason.strip()
    row.void_reason, row.voided_by, row.voided_at = text, actor, time.now()
    row.save(update_fields=["void_reason", "voided_by", "voided_at"])
    return row
