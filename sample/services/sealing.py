"""What is new in every copy: people, each sealed under a key of his own.

Sealing is most of the work of a load and asks the database nothing, so a second process does it
while the first one writes.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import django
import psycopg
from django.db import connection

from common import crypto
from common.keys import DataKey
from intake.models import Applicant, Application
from intake.services import ApplicantInput
from intake.services.applicants import unstored_applicant
from intake.services.opening import fresh_check_code
from sample.services.sheets import stored_values

WORTH_A_PROCESS = 50_000
"""From so many cases on a second process pays for its start of two seconds."""
APPLICANT_KEY = [field.primary_key for field in Applicant._meta.concrete_fields].index(True)


@dataclass(frozen=True)
class SealedPeople:
    """Rows as the database takes them: data keys, applicants without key, sealed columns by name."""

    keys: list[list[Any]]
    applicants: list[list[Any]]
    applications: dict[str, list[Any]]

    def placed(self, places: Sequence[int]) -> Iterator[list[Any]]:
        """The applicants' rows under these keys."""
        for row, place in zip(self.applicants, places, strict=True):
            yield [*row[:APPLICANT_KEY], place, *row[APPLICANT_KEY + 1 :]]


WRAPPERS = (memoryview, psycopg.Binary)
Seal = Callable[[Sequence[ApplicantInput], Mapping[str, str], datetime], Future[SealedPeople]]


def seal_people(
    people: Sequence[ApplicantInput], plain: Mapping[str, str], moment: datetime
) -> SealedPeople:
    """Everybody first seen at ``moment``, and ``plain`` sealed for each of them."""
    keys = [_new_key(moment) for _person in people]
    applicants = [unstored_applicant(who, key) for who, key in zip(people, keys, strict=True)]
    for applicant in applicants:
        applicant.created_at = moment
    return SealedPeople(
        [_portable(stored_values(key)) for key in keys],
        [_portable(stored_values(applicant)) for applicant in applicants],
        _applications(keys, plain),
    )


def _portable(values: Iterable[Any]) -> list[Any]:
    """The same values; the drivers' wrappers of bytes can't go from process to process."""
    return [_bytes(value) if isinstance(value, WRAPPERS) else value for value in values]


def _bytes(wrapped: Any) -> bytes:
    return bytes(getattr(wrapped, "obj", wrapped))


def _new_key(moment: datetime) -> DataKey:
    key = DataKey(created_at=moment)
    key.wrap(crypto.new_key())
    return key


def _applications(keys: Sequence[DataKey], plain: Mapping[str, str]) -> dict[str, list[Any]]:
    """What stands in an application under its applicant's key, and its secret."""
    rows = []
    for key in keys:
        row = Application(data_key=key, check_code=fresh_check_code())
        for name, text in plain.items():
            row.seal(name, text)
        rows.append(row)
    names = ("uuid", "data_key_id", "check_code", *plain)
    return {name: _portable(_prepared(row, name) for row in rows) for name in names}


def _prepared(row: Application, name: str) -> Any:
    field: Any = row._meta.get_field(name.removesuffix("_id"))
    return field.get_db_prep_save(getattr(row, field.attname), connection)


class _AtOnce(Executor):
    """Does the work where it is asked for."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The result stands already."""
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


@contextmanager
def sealer(cases: int) -> Iterator[Seal]:
    """What seals people, for a load of so many cases."""
    with _executor(cases) as hand:
        yield lambda people, plain, moment: hand.submit(seal_people, people, plain, moment)


def _executor(cases: int) -> Executor:
    if cases < WORTH_A_PROCESS:
        return _AtOnce()
    # A forked child would share the parent's connection to the database.
    fresh = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=fresh, initializer=django.setup)
