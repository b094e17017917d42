"""Bad input x door: admin, API and command line refuse it in the same words; nothing has changed."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from approvals.models import ExtensionRequest, SpecialProcedure
from approvals.services import answer_extension, request_extension
from catalogue.choices import Kind
from common.time import freeze, now, today
from deadlines.choices import Ground
from deadlines.models import Clock, ClockEvent, StageFire
from intake.choices import CaseState
from intake.models import Case, CaseEvent
from organisations.models import User
from tests.factories.catalogue import published_item
from tests.factories.intake import PROCEDURES, Office, a_case_at, an_office, reread
from tests.factories.window import browser

pytestmark = pytest.mark.django_db
Door = Callable[[Case, str, dict[str, Any], User], tuple[bool, str]]
KEPT = (Case, CaseEvent, Clock, ClockEvent, StageFire, ExtensionRequest, SpecialProcedure)


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.fixture
def case(office: Office) -> Case:
    """A licence under review, that may be extended once by ten days."""
    office.item = published_item(
        office.department,
        code="XK-1",
        name="许可事项",
        kind=Kind.LICENCE,
        special_procedures=PROCEDURES,
    )
    return a_case_at(CaseState.REVIEWING, office)


def rows() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in KEPT]


def by_admin(case: Case, verb: str, given: dict[str, Any], actor: User) -> tuple[bool, str]:
    """The step's page."""
    address = reverse("admin:intake_case_do", args=(case.pk, verb))
    answer = browser(actor).post(address, given)
    return answer.status_code == 302, answer.content.decode()


def by_api(case: Case, verb: str, given: dict[str, Any], actor: User) -> tuple[bool, str]:
    """The step's address; a refusal is a problem document."""
    address = f"/api/v1/intake/cases/{case.number}/{verb}/"
    answer = browser(actor).post(address, given, content_type="application/json")
    if answer.status_code != 200:
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"]
    return answer.status_code == 200, json.dumps(answer.json(), ensure_ascii=False)


def by_command(case: Case, verb: str, given: dict[str, Any], actor: User) -> tuple[bool, str]:
    """``manage.py case``; a refusal ends with 1."""
    out = StringIO()
    fields = [f"{name}={value}" for name, value in given.items()]
    told = {"username": actor.username, "fields": fields, "stdout": out}
    try:
        call_command("case", case.number, verb, **told)
    except SystemExit as end:
        return end.code != 1, out.getvalue()
    return True, out.getvalue()


DOORS: dict[str, Door] = {"admin": by_admin, "api": by_api, "command": by_command}


def extended(case: Case, office: Office) -> None:
    request_extension(case_id=case.pk, actor=office.reviewer, amount=5, reason="复杂")
    answer_extension(case_id=case.pk, actor=office.head, approve=True, note="同意")


def expired(case: Case, _office: Office) -> datetime:
    due: datetime = reread(case).clock.statutory_due_at
    return due + timedelta(hours=9)


def a_pause(ground: str, days: int = 5) -> Callable[[], dict[str, Any]]:
    return lambda: {
        "ground": ground,
        "told_until": (today() + timedelta(days=days)).isoformat(),
        "reason": "需要",
    }


def more(amount: object) -> Callable[[], dict[str, Any]]:
    return lambda: {"amount": amount, "reason": "案情复杂"}


def result() -> dict[str, Any]:
    return {"result": "已出结果"}


BAD: list[tuple[str, Any, str, Callable[[], dict[str, Any]], str]] = [
    ("an extension over the maximum", None, "request_extension", more(11), "10"),
    ("an extension by a negative number", None, "request_extension", more(-3), "1"),
    ("an extension by no number", None, "request_extension", more("很多"), "整数"),
    ("a second extension", extended, "request_extension", more(1), "延长"),
    ("an extension after expiry", expired, "request_extension", more(5), "届满"),
    ("a pause on a ground no law knows", None, "suspend_case", a_pause("领导出差"), "领导出差"),
    (
        "a pause on a ground the guide does not list",
        None,
        "suspend_case",
        a_pause(Ground.TECHNICAL_REVIEW),
        "特别程序",
    ),
    (
        "a pause that ends before it starts",
        None,
        "suspend_case",
        a_pause(Ground.HEARING, -1),
        "早于",
    ),
    ("a pause with no end", None, "suspend_case", lambda: {"ground": "听证", "reason": "x"}, ""),
    ("a pause after expiry", expired, "suspend_case", a_pause(Ground.HEARING), "届满"),
    ("a resume without a pause", None, "resume_case", result, "不能"),
    ("an answer nobody asked for", None, "approve_extension", lambda: {"note": "同意"}, ""),
]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("_told", "before", "verb", "given", "word"), BAD)
def test_it_works(
    case: Case,
    office: Office,
    _told: str,
    before: Any,
    verb: str,
    given: Callable[[], dict[str, Any]],
    word: str,
    door: str,
) -> None:
    at = (before(case, office) if before else None) or now()
    actor = office.head if verb == "approve_extension" else office.reviewer
    with freeze(at):
        kept = rows()
        done, said = DOORS[door](case, verb, given(), actor)
        assert not done
        assert word in said
        assert rows() == kept


@pytest.mark.parametrize("door", DOORS)
def test_what_is_right_is_done_through_every_door(case: Case, office: Office, door: str) -> None:
    do = DOORS[door]
    due = case.clock.statutory_due_on
    assert do(case, "suspend_case", a_pause(Ground.HEARING)(), office.reviewer)[0]
    assert reread(case).state == CaseState.SUSPENDED
    assert do(case, "resume_case", result(), office.reviewer)[0]
    assert do(case, "request_extension", more(5)(), office.reviewer)[0]
    assert do(case, "approve_extension", {"note": "同意"}, office.head)[0]
    assert reread(case).clock.statutory_due_on > due


@pytest.mark.parametrize("door", DOORS)
def test_strangers_change_nothing(case: Case, office: Office, door: str) -> None:
    kept = rows()
    for stranger in (office.other_reviewer, office.other_clerk, office.clerk, office.supervisor):
        assert not DOORS[door](case, "suspend_case", a_pause(Ground.HEARING)(), stranger)[0]
    assert rows() == kept


def test_the_command_names_the_person_who_acts(case: Case, office: Office) -> None:
    by_command(case, "suspend_case", a_pause(Ground.HEARING)(), office.reviewer)
    assert CaseEvent.objects.for_subject(case.pk).last().actor == office.reviewer
    for given in ({"username": "niemand"}, {"username": office.reviewer.username, "fields": ["x"]}):
        with pytest.raises(CommandError):
            call_command("case", case.number, "resume_case", stdout=StringIO(), **given)


def test_the_command_shows_a_case(case: Case, office: Office) -> None:
    out = StringIO()
    call_command("case", case.number, username=office.reviewer.username, stdout=out)
    told = json.loads(out.getvalue())
    assert told["number"] == case.number
    assert told["statutory_due_on"] == case.clock.statutory_due_on.isoformat()
    assert "suspend_case" in told["verbs"]
