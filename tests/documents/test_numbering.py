"""Official numbers are gapless, and a gap is explained."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from common.errors import InvalidInput, NotFound
from documents.errors import NumberAlreadyVoid
from documents.models import IssuedNumber, NumberSeries
from documents.services import next_number, void_number
from organisations.models import User
from organisations.services import system_user

SERIES = {"series_key": "order", "organ_code": "SJ", "year": 2026}


@pytest.fixture
def actor(db: None) -> User:
    return system_user("sample")


def numbers() -> list[int]:
    return list(IssuedNumber.objects.order_by("number").values_list("number", flat=True))


def test_it_works(actor: User) -> None:
    assert [next_number(**SERIES, actor=actor) for _time in range(3)] == [1, 2, 3]


def test_year_organ_and_series_count_apart(actor: User) -> None:
    next_number(**SERIES, actor=actor)
    assert next_number(**{**SERIES, "year": 2027}, actor=actor) == 1
    assert next_number(**{**SERIES, "organ_code": "CL"}, actor=actor) == 1
    assert next_number(**{**SERIES, "series_key": "decision"}, actor=actor) == 1


def test_a_failed_transaction_gives_its_number_back(actor: User) -> None:
    next_number(**SERIES, actor=actor)

    @transaction.atomic
    def fail_later() -> None:
        next_number(**SERIES, actor=actor)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_later()
    assert next_number(**SERIES, actor=actor) == 2
    assert numbers() == [1, 2]


def test_a_void_number_stays_with_its_reason(actor: User) -> None:
    next_number(**SERIES, actor=actor)
    void_number(**SERIES, number=1, reason=" 打印作废 ", actor=actor)
    assert next_number(**SERIES, actor=actor) == 2
    row = IssuedNumber.objects.get(number=1)
    assert (row.void_reason, row.voided_by) == ("打印作废", actor)
    with pytest.raises(NumberAlreadyVoid):
        void_number(**SERIES, number=1, reason="再次", actor=actor)


def test_voiding_needs_a_reason_and_a_number(actor: User) -> None:
    next_number(**SERIES, actor=actor)
    with pytest.raises(InvalidInput):
        void_number(**SERIES, number=1, reason=" ", actor=actor)
    with pytest.raises(NotFound):
        void_number(**SERIES, number=9, reason="无", actor=actor)


def test_the_database_refuses_a_second_equal_number(actor: User) -> None:
    next_number(**SERIES, actor=actor)
    NumberSeries.objects.update(next=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        next_number(**SERIES, actor=actor)


def test_the_database_refuses_a_void_without_reason(actor: User) -> None:
    next_number(**SERIES, actor=actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedNumber.objects.update(void_reason="无人")


@pytest.mark.django_db(transaction=True)
def test_racing_clerks_draw_each_number_once() -> None:
    clerk = system_user("sample")
    drawn: list[int] = []

    def draw() -> None:
        try:
            drawn.extend(next_number(**SERIES, actor=clerk) for _time in range(10))
        finally:
            connection.close()

    threads = [threading.Thread(target=draw) for _clerk in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(drawn) == list(range(1, 41))
    assert numbers() == list(range(1, 41))
