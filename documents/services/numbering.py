"""Official numbers: one locked counter per series, organ and year; no gap without a reason."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common import time
from common.errors import InvalidInput, NotFound
from documents.errors import NumberAlreadyVoid
from documents.models import IssuedNumber, NumberSeries, Paper
from documents.querysets import IssuedNumberQuerySet
from organisations.models import User


def next_number(*, series_key: str, organ_code: str, year: int, actor: User) -> int:
    """The next number is drawn and on record; it goes back if the caller's transaction fails.

    The counter row stays locked until the caller commits: draw late, after application,
    case and clock (the lock order of the house).
    """
    drawn = next_numbers(
        series_key=series_key, organ_code=organ_code, year=year, amount=1, actor=actor
    )
    return drawn.start


def draw_number(*, series_key: str, organ_code: str, year: int, actor: User) -> IssuedNumber:
    """The next number as its row, for the paper that will bear it; as :func:`next_number`."""
    facts: dict[str, Any] = {"series_key": series_key, "organ_code": organ_code, "year": year}
    return IssuedNumber.objects.of_series(**facts).get(number=next_number(**facts, actor=actor))


@transaction.atomic
def next_numbers(*, series_key: str, organ_code: str, year: int, amount: int, actor: User) -> range:
    """So many numbers in a row are drawn and on record, as by :func:`next_number`."""
    NumberSeries.objects.get_or_create(key=series_key, organ_code=organ_code, year=year)
    series = NumberSeries.objects.locked().get(key=series_key, organ_code=organ_code, year=year)
    drawn, moment = range(series.next, series.next + amount), time.now()
    IssuedNumber.objects.bulk_create(
        IssuedNumber(series=series, number=number, issued_by=actor, issued_at=moment)
        for number in drawn
    )
    series.next = drawn.stop
    series.save(update_fields=["next"])
    return drawn


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
