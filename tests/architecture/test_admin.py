"""Every registered admin page opens on the sample district, within a recorded number of queries.

A bigger number is a review question: UPDATE_QUERY_COUNTS=1 writes the file anew.
"""

import json
import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection, models
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common import time
from organisations.models import User

COUNTS = Path(__file__).with_name("query_counts.json")
MOST_EVER = 40
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
OPEN_OR_REFUSED = {200, 403}


def address(model: type[models.Model], page: str, *args: object) -> str:
    """An admin page of ``model``."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def recorded() -> dict[str, int]:
    """Query budgets by model label."""
    counts: dict[str, int] = json.loads(COUNTS.read_text(encoding="utf-8"))
    return counts


def list_counts(client: Client) -> dict[str, int]:
    """How many queries each list that opens takes."""
    counts = {}
    for model in MODELS:
        with CaptureQueriesContext(connection) as queries:
            status = client.get(address(model, "changelist")).status_code
        if status == 200:
            counts[model._meta.label_lower] = len(queries)
    return counts


def pages(model: type[models.Model], user: User) -> Iterator[str]:
    """Its list, a search full of traps, its add page and the page of one row within sight."""
    yield address(model, "changelist")
    yield address(model, "changelist") + "?q=张+x'\"%25"
    yield address(model, "add")
    request = RequestFactory().get("/")
    request.user = user
    one = admin.site._registry[model].get_queryset(request).first()
    if one is not None:
        yield address(model, "change", one.pk)


def page_faults(client: Client, user: User) -> Iterator[str]:
    """Pages that neither open nor are refused."""
    for model in MODELS:
        for page in pages(model, user):
            status = client.get(page).status_code
            if status not in OPEN_OR_REFUSED:
                yield f"{page}: {status}"


def budget_faults(counts: dict[str, int]) -> Iterator[str]:
    """Lists that take more queries than recorded, or more than any list may."""
    budgets = recorded()
    for label, count in counts.items():
        allowed = min(budgets.get(label, 0), MOST_EVER)
        if count > allowed:
            yield f"{label}: {count} queries, {allowed} allowed"


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.django_db
def test_every_page_of_the_administrator_opens_within_its_budget() -> None:
    call_command("load_sample", stdout=StringIO())
    client = Client()
    user = User.objects.get(username="admin")
    client.force_login(user)
    # Time stands still, so that no session is renewed between two counts.
    with time.freeze(time.now()):
        client.get(reverse("admin:index"))
        counts = list_counts(client)
        faults = list(page_faults(client, user))
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        COUNTS.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert len(counts) > 20
    found = [*faults, *budget_faults(counts)]
    assert found == [], "\n".join(found)


def test_no_budget_is_kept_for_a_model_that_is_gone() -> None:
    assert set(recorded()) <= {model._meta.label_lower for model in MODELS}
