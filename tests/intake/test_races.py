"""Two clerks, two clicks, one case: real threads on the real database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from rest_framework.test import APIClient

from common.anchors import all_chain_faults
from common.errors import DomainError
from common.models import IdempotencyKey
from documents.models import IssuedNumber, NumberSeries
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
    token_of,
    valid_id,
)

pytestmark = pytest.mark.django_db(transaction=True)
APPLICATIONS, KEY = "/api/v1/intake/applications/", "Idempotency-Key"


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


def test_sixteen_clients_at_once_draw_sixteen_receipts_of_one_series() -> None:
    """Through the API, with refused ones in between, whose numbers go back."""
    office = an_office()
    token = token_of(office.client)

    def hand_in(place: int, **changes: Any) -> Callable[[], Any]:
        data = {
            "point": office.point.code,
            "items": [{"code": office.item.code, "form": {"disability_kind": "肢体"}}],
            "applicant": {"name": "李四", "id_number": valid_id(), "mobile": "13837212345"},
            "materials": [{"name": "居民身份证"}],
            **changes,
        }
        client = APIClient(headers={"Authorization": f"Token {token}", KEY: f"key-{place}"})
        return lambda: client.post(APPLICATIONS, data, format="json")

    good = [hand_in(place) for place in range(16)]
    bad = [hand_in(place, materials=[{"name": "没有的材料"}]) for place in range(16, 20)]
    answers = at_once(*good[:8], *bad, *good[8:])
    assert [one.status_code for one in answers] == [201] * 8 + [400] * 4 + [201] * 8
    numbers = [one.json()["number"] for one in answers if one.status_code == 201]
    places = sorted(int(number.rsplit("-", 1)[1]) for number in numbers)
    assert places == list(range(1, 17))
    drawn = IssuedNumber.objects.order_by("number").values_list("number", flat=True)
    assert list(drawn) == places
    assert NumberSeries.objects.get().next == 17
    assert Application.objects.count() == IdempotencyKey.objects.count() == 16
    assert list(all_chain_faults()) == []


def test_one_key_sent_sixteen_times_at_once_is_one_application() -> None:
    office = an_office()
    data = {
        "point": office.point.code,
        "items": [{"code": office.item.code, "form": {"disability_kind": "肢体"}}],
        "applicant": {"name": "李四", "id_number": valid_id(), "mobile": "13837212345"},
    }
    headers = {"Authorization": f"Token {token_of(office.client)}", KEY: "one"}
    clients = [APIClient(headers=headers) for _place in range(16)]
    answers = at_once(*((lambda c=c: c.post(APPLICATIONS, data, format="json")) for c in clients))
    assert {one.status_code for one in answers} == {201}
    assert all(one.json() == answers[0].json() for one in answers)
    assert sum("Idempotent-Replay" in one.headers for one in answers) == 15
    assert Application.objects.count() == IssuedNumber.objects.count() == 1


def test_one_applicant_at_two_windows_at_once_is_one_row() -> None:
    office = an_office()
    who = an_applicant()

    def hand_in() -> Application:
        return an_application(office, actor=again(office.clerk), applicant=who)

    first, second = at_once(hand_in, hand_in)
    assert first.applicant_id == second.applicant_id
