"""A load of cases: each one is what the services would have left, and only faster."""

from datetime import date, time
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import models, transaction

from common.anchors import all_chain_faults
from common.time import at_local, freeze, today
from deadlines.models import Clock
from deadlines.services import verify_clocks
from intake.choices import CaseState
from intake.models import Applicant, Application, Case
from intake.services import ApplicantInput, begin_review
from intake.services.opening import next_receipts
from sample.services.copies import Copies
from sample.services.moulds import Mould, take_mould
from sample.services.sealing import seal_people
from tests.factories.intake import Office, again, an_applicant, an_application, an_office

pytestmark = pytest.mark.django_db
MOMENT = at_local(date(2026, 11, 23), time(9, 30))
# Keys, secrets and what is made of them differ in every row the services write, too.
OF_EACH_ROW = {"id", "uuid", "mac", "previous_mac", "check_code", "link", "receipt_id"}


@pytest.fixture
def office() -> Office:
    return an_office(statutory_amount=60, promised_amount=40)


def walked(office: Office, who: ApplicantInput) -> Mould:
    """What the services leave of this person's application; then it is undone."""
    return take_mould(lambda: an_application(office, applicant=who))


def copied(office: Office, mould: Mould, *people: ApplicantInput) -> list[Application]:
    """The applications written after the mould, one a person."""
    numbers = next_receipts(office.point, MOMENT, len(people), actor=office.clerk)
    sealed = seal_people(people, mould.plain, mould.application.applicant.created_at)
    Copies(mould, sealed, numbers).store()
    return [Application.objects.get(number=number) for number in numbers]


def facts(row: models.Model, number: str) -> dict[str, Any]:
    """The row's columns without keys; the number of its application is N in every text."""
    own = (Application, Applicant, Case, Clock)
    return {
        field.attname: _spelled(getattr(row, field.attname), number)
        for field in row._meta.concrete_fields
        if field.attname not in OF_EACH_ROW
        and field.related_model not in own
        and not field.attname.startswith(("form", "agent", "data_key"))
    }


def _spelled(value: Any, number: str) -> str:
    return repr(value).replace(number, "N")


def all_facts(mould: Mould) -> dict[str, list[dict[str, Any]]]:
    number = mould.application.number
    return {
        model._meta.label: [facts(row, number) for row in rows]
        for model, rows in mould.rows.items()
    } | {"application": [facts(mould.application, number)]}


def test_it_works(office: Office) -> None:
    """Field by field the copy is what the services leave of the same person's application."""
    who, somebody = an_applicant(), an_applicant(name="某人")
    with freeze(MOMENT):
        wanted = walked(office, who)
        (copy,) = copied(office, walked(office, somebody), who)
        got = take_mould(lambda: copy)
    assert all_facts(got) == all_facts(wanted)
    assert {name: len(rows) for name, rows in all_facts(got).items()} == {
        "deadlines.Clock": 2,
        "intake.Case": 1,
        "intake.CaseMaterial": 3,
        "intake.CaseClock": 2,
        "intake.CaseEvent": 3,
        "deadlines.ClockEvent": 3,
        "notifications.InboxMessage": 1,
        "application": 1,
    }


def test_the_person_is_sealed_under_a_key_of_his_own(office: Office) -> None:
    people = [an_applicant(name="李明"), an_applicant(name="王芳")]
    with freeze(MOMENT):
        first, second = copied(office, walked(office, an_applicant()), *people)
    assert first.applicant.reveal("name") == "李明"
    assert second.applicant.reveal("name") == "王芳"
    assert first.data_key_id != second.data_key_id
    assert first.reveal("form") == second.reveal("form") != ""
    assert Applicant.objects.with_id("31", people[0].id_number).get() == first.applicant


def test_chains_and_clocks_are_sound(office: Office) -> None:
    with freeze(MOMENT):
        copied(office, walked(office, an_applicant()), *(an_applicant() for _ in range(5)))
        assert list(all_chain_faults()) == []
        assert list(verify_clocks()) == []


def test_a_copy_goes_on_like_any_case(office: Office) -> None:
    with freeze(MOMENT):
        (copy,) = copied(office, walked(office, an_applicant()), an_applicant())
        begun = begin_review(case_id=copy.cases.get().pk, actor=again(office.reviewer))
    assert begun.state == CaseState.REVIEWING
    assert list(all_chain_faults()) == []


def test_the_mould_leaves_nothing(office: Office) -> None:
    walked(office, an_applicant())
    assert not Application.objects.exists()
    assert not Applicant.objects.exists()


@pytest.mark.parametrize("cases", ["0", "-3"])
def test_no_such_number_is_refused_in_one_line(cases: str) -> None:
    with pytest.raises(CommandError, match="1"):
        call_command("generate_load", "--cases", cases)


def test_an_empty_house_is_refused_in_one_line(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("generate_load", "--cases", "5")
    assert not Case.objects.exists()


def test_a_house_in_service_is_refused(office: Office, settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("generate_load", "--cases", "5")
    assert not Case.objects.exists()


def loaded(seed: int) -> list[str]:
    """What a load of this seed leaves; then it is undone."""
    with transaction.atomic():
        call_command("generate_load", "--cases", "7", "--seed", str(seed))
        rows = Case.objects.select_related("application__applicant").order_by("number")
        found = [
            f"{case.number} {case.received_at} {case.application.applicant.reveal('id_number')}"
            for case in rows
        ]
        assert Clock.objects.running().filter(case_link__case__in=rows).count() == 7
        transaction.set_rollback(True)
    return found


def test_the_same_seed_gives_the_same_cases(office: Office) -> None:
    with freeze(at_local(today(), time(20))):
        assert loaded(4) == loaded(4)
        assert loaded(4) != loaded(5)
