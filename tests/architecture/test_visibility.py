"""Every row of the house belongs to somebody's sight: no queryset is open by oversight."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models

from intake.choices import CaseState
from organisations.models import User
from tests.factories.intake import Office, a_case_at, again, an_office

HOUSE = ("common", "organisations", "notifications", "documents", "deadlines", "catalogue",
         "intake", "inspections", "approvals", "supervision", "sample")  # fmt: skip
# Rows no person ever lists: nothing but the code that keeps them reads them.
OF_THE_MACHINE = {
    "common.DataKey": "the sealed key of one person's data; found by the row it seals",
    "common.IdempotencyKey": "an answer once given, looked up by client and key together",
}

# What hangs on the wall of every hall.
PUBLIC = {
    "catalogue.Item",
    "catalogue.ItemVersion",
    "catalogue.MaterialRequirement",
    "catalogue.Step",
    "catalogue.VersionBasis",
}


def house_models() -> Iterator[type[models.Model]]:
    """Every model of our own apps."""
    return (model for model in apps.get_models() if model._meta.app_label in HOUSE)


def test_it_works() -> None:
    blind = {
        model._meta.label
        for model in house_models()
        if not hasattr(model._default_manager.all(), "visible_to")
    }
    assert blind == set(OF_THE_MACHINE)


def seen(model: type[models.Model], user: User) -> int:
    return model._default_manager.visible_to(user).count()  # type: ignore[attr-defined]


@pytest.fixture
def office(db: None) -> Office:
    made = an_office()
    a_case_at(CaseState.DELIVERED, made)
    return made


PARTS_OF_A_CASE = ("CaseClock", "CaseEvent", "CaseMaterial", "Notice")


@pytest.mark.parametrize("name", PARTS_OF_A_CASE)
def test_parts_of_a_case_are_seen_with_it_only(name: str, office: Office) -> None:
    model = apps.get_model("intake", name)
    everything = model.objects.count()
    assert everything
    for insider in (office.clerk, office.reviewer, office.head, office.supervisor):
        assert seen(model, again(insider)) == everything, insider
    for outsider in (office.other_clerk, office.other_reviewer):
        assert seen(model, again(outsider)) == 0, outsider


def test_a_stranger_sees_what_hangs_on_the_wall(office: Office) -> None:
    shown = {
        model._meta.label
        for model in house_models()
        if model._meta.label not in OF_THE_MACHINE
        and model._default_manager.visible_to(AnonymousUser()).exists()  # type: ignore[attr-defined]
    }
    assert shown == PUBLIC
