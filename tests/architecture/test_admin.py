"""Every registered admin page opens on the sample district, within a recorded number of queries.

A bigger number is a review question: UPDATE_QUERY_COUNTS=1 writes the file anew.
"""

import json
import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common import time
from organisations.models import User

COUNTS = Path(__file__).with_name("query_counts.json")
MOST_EVER = 40
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sample")]
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)


@pytest.fixture(scope="module")
def district(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The sample district, loaded once for this file and taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_sample", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def administrator(district: None) -> Iterator[Client]:
    """The sample's administrator; time stands still so that no session is renewed between."""
    client = Client()
    client.force_login(User.objects.get(username="admin"))
    with time.freeze(time.now()):
        client.get(reverse("admin:index"))
        yield client


def address(model: type[models.Model], page: str, *args: object) -> str:
    """An admin page of ``model``."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def recorded() -> dict[str, int]:
    """Query budgets by model label."""
    counts: dict[str, int] = json.loads(COUNTS.read_text(encoding="utf-8"))
    return counts


def record(label: str, count: int) -> None:
    """The budget of ``label`` is ``count`` from now on."""
    counts = {**recorded(), label: count}
    COUNTS.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n", encoding="utf-8")


@every_model
def test_a_list_opens_within_its_budget(administrator: Client, model: type[models.Model]) -> None:
    label = model._meta.label_lower
    with CaptureQueriesContext(connection) as queries:
        response = administrator.get(address(model, "changelist"))
    if response.status_code == 403:
        pytest.skip("not the administrator's business")
    assert response.status_code == 200
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        record(label, len(queries))
    assert len(queries) <= min(recorded().get(label, 0), MOST_EVER), "\n".join(
        query["sql"] for query in queries
    )


@every_model
def test_an_add_page_opens_or_is_refused(administrator: Client, model: type[models.Model]) -> None:
    assert administrator.get(address(model, "add")).status_code in {200, 403}


@every_model
def test_a_page_of_one_thing_opens(administrator: Client, model: type[models.Model]) -> None:
    one = model._default_manager.order_by("pk").first()
    if one is None:
        pytest.skip("the sample holds none")
    response = administrator.get(address(model, "change", one.pk))
    assert response.status_code in {200, 403}


@every_model
def test_a_search_finds_or_finds_nothing(administrator: Client, model: type[models.Model]) -> None:
    response = administrator.get(address(model, "changelist"), {"q": "张 x'\"%"})
    assert response.status_code in {200, 403}


def test_no_budget_is_kept_for_a_model_that_is_gone() -> None:
    assert set(recorded()) <= {model._meta.label_lower for model in MODELS}
