"""Two clerks, two clicks, one case: real threads on the real database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from common.errors import DomainError
from intake import services
from intake.choices import CaseState
from intake.models import Application, CaseEvent
from tests.factories.intake import (
    a_case_at,
    again,
    an_applicant,
    an_application,
    an_office,
    reread,
)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call gave or raised, all started together."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return call()
        except DomainError as fault:
            return fault
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_it_works_once_when_two_clerks_accept() -> None:
    office = an_office()
    case = a_case_at(CaseState.RECEIVED, office)

    def accept() -> Any:
        return services.accept_case(
            case_id=case.pk, actor=again(office.clerk), expected_version=case.row_version
        )

    outcomes = at_once(accept, accept)
    codes = sorted(getattr(one, "code", "done") for one in outcomes)
    assert codes == ["done", "stale"]
    verbs = list(CaseEvent.objects.for_subject(case.pk).values_list("verb", flat=True))
    assert verbs.count("accept_case") == 1
    assert reread(case).notices.count() == 1


def test_one_form_sent_twice_at_once_is_one_application() -> None:
    office = an_office()
    who = an_applicant()

    def hand_in() -> Application:
        return an_application(
            office, actor=again(office.clerk), applicant=who, submission_token="click"
        )

    outcomes = at_once(hand_in, hand_in)
    assert outcomes[0] == outcomes[1]
    assert Application.objects.count() == 1


def test_parallel_receipts_leave_no_gap_and_no_double() -> None:
    office = an_office()
    people = [an_applicant() for _place in range(6)]
    calls = [
        (lambda who=who: an_application(office, actor=again(office.clerk), applicant=who))
        for who in people
    ]
    outcomes = at_once(*calls)
    assert all(isinstance(one, Application) for one in outcomes), outcomes
    places = sorted(int(one.number.rsplit("-", 1)[1]) for one in outcomes)
    assert places == [1, 2, 3, 4, 5, 6]


def test_one_applicant_at_two_windows_at_once_is_one_row() -> None:
    office = an_office()
    who = an_applicant()

    def hand_in() -> Application:
        return an_application(office, actor=again(office.clerk), applicant=who)

    first, second = at_once(hand_in, hand_in)
    assert first.applicant_id == second.applicant_id
