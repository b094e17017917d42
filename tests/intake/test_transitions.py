"""Every (state, verb, role), read from the table; and that no service walks around it."""

import inspect
from datetime import timedelta
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import transaction

from common import time
from common.errors import DomainError, TransitionRefused
from intake.choices import CaseState, Side
from intake.models import Case, CaseEvent
from intake.registry import VerbHandler, handler_of, handlers_of, register_verb
from intake.services.records import hold, offers
from intake.transitions import CASE_FLOW
from organisations.models import User
from organisations.registry import granted
from tests.factories.intake import Office, a_case_at, again, an_office

MOVES = CASE_FLOW.transitions
HANDLED = [move for move in MOVES if move.side != Side.LAW]
HERE = {"clerk": Side.WINDOW, "reviewer": Side.DEPARTMENT, "head": Side.DEPARTMENT}
ROLES = {
    "clerk": "clerk",
    "other_clerk": "clerk",
    "reviewer": "reviewer",
    "other_reviewer": "reviewer",
    "head": "head",
    "supervisor": "supervisor",
    "administrator": "administrator",
    "client": "client",
    "other_client": "client",
}


def side_fits(who: str, move: Any, case: Case, office: Office) -> bool:
    if who in {"client", "other_client"}:
        return case.application.created_by == getattr(office, who)
    if who == "administrator":
        return True
    if who == "supervisor":
        return move.side in {Side.WINDOW, Side.EITHER}
    return (move.side == Side.EITHER and who in HERE) or HERE.get(who) == move.side


def expected(who: str, move: Any, case: Case, office: Office) -> bool:
    return (
        case.state in move.sources
        and move.permission in granted(ROLES[who])
        and side_fits(who, move, case, office)
        and not any(guard(case) for guard in move.guards)
    )


@pytest.mark.django_db
@pytest.mark.parametrize("state", CaseState.values)
def test_every_verb_by_every_role(state: str) -> None:
    office = an_office()
    case = a_case_at(state, office)
    people = office.everybody()
    for move in MOVES:
        for who, person in people.items():
            may = expected(who, move, case, office)
            assert held(case, move.name, person) is may, (state, move.name, who)
    for who, person in people.items():
        shown = {offer.transition.name for offer in offers(case, person) if offer.allowed}
        wanted = {move.name for move in MOVES if expected(who, move, case, office)}
        assert shown == wanted, (state, who)


def held(case: Case, name: str, person: User) -> bool:
    try:
        with transaction.atomic():
            hold(case.pk, name, actor=person)
    except DomainError:
        return False
    return True


@pytest.mark.django_db
def test_no_service_walks_around_the_table() -> None:
    office = an_office()
    for move in HANDLED:
        wrong = next(state for state in WALKED if state not in move.sources)
        case = a_case_at(wrong, office)
        before = CaseEvent.objects.count()
        with pytest.raises(TransitionRefused):
            service_of(move.name)(case_id=case.pk, actor=everyone(), **dummies(move.name))
        case.refresh_from_db()
        assert case.state == wrong
        assert CaseEvent.objects.count() == before


WALKED = (CaseState.RETURNED, CaseState.RECEIVED)


def everyone() -> User:
    return again(User.objects.get(username="system:sample"))


def service_of(name: str) -> Any:
    return handler_of(name).form_class.service


def dummies(name: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "due_on": time.today() + timedelta(days=3),
        "told_until": time.today() + timedelta(days=3),
        "ground": "other" if name == "terminate_case" else "听证",
        "materials": [],
        "demands": [],
        "amount": 1,
        "department": None,
        "result": "granted",
        "approve": name == "approve_extension",
        "method": "window",
    }
    wanted = inspect.signature(service_of(name)).parameters.values()
    return (
        {
            parameter.name: values.get(parameter.name, "x")
            for parameter in wanted
            if parameter.default is parameter.empty and parameter.name not in {"case_id", "actor"}
        }
        | ({"result": "refused"} if name == "refuse_case" else {})
        | ({"on_spot": False} if name == "grant_case" else {})
    )


def test_each_move_has_exactly_one_handler() -> None:
    assert all(len(handlers_of(move.name)) == 1 for move in HANDLED)
    assert not any(handlers_of(move.name) for move in MOVES if move.side == Side.LAW)
    assert not [fault for fault in run_checks() if fault.id.startswith("intake.")]


def test_a_second_handler_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    held_before = dict(__import__("intake.registry").registry._handlers)
    monkeypatch.setattr(
        "intake.registry._handlers", {name: list(rows) for name, rows in held_before.items()}
    )
    register_verb(VerbHandler("accept_case", object))
    assert [fault.id for fault in run_checks() if fault.id.startswith("intake.")] == ["intake.E001"]


def test_every_state_is_reachable_and_the_archive_is_the_end() -> None:
    assert CASE_FLOW.unreachable() == set()
    assert not [move for move in MOVES if CaseState.ARCHIVED in move.sources]
    diagram = CASE_FLOW.diagram()
    assert "accepted --> reviewing: begin_review" in diagram
    assert "received --> accepted: deem_accepted" in diagram
    assert "withdrawn --> correcting: annul_effect" in diagram


def test_an_annulment_leads_back_to_where_the_law_can_take_a_case_from() -> None:
    back = CASE_FLOW.by_name("annul_effect").restores
    for name in ("deem_accepted", "deem_withdrawn"):
        assert CASE_FLOW.by_name(name).sources <= back
    with pytest.raises(TransitionRefused):
        CASE_FLOW.apply(CASE_FLOW.by_name("annul_effect"), object())
