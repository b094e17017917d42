"""What a clerk does at the window, through its own pages."""

from typing import Any

from django.test import Client
from django.urls import reverse

from intake.models import Application
from tests.factories.intake import valid_id


def browser(person: Any) -> Client:
    """A client that is logged in as this person, read anew."""
    client = Client()
    fresh = type(person).objects.get(pk=person.pk)
    client.force_login(fresh, backend="django.contrib.auth.backends.ModelBackend")
    return client


def window_data(page: Any, *items: Any, ticked: tuple[int, ...] = (0, 1, 2)) -> dict[str, Any]:
    """What a clerk types into the form he sees."""
    form = page.context["form"]
    data: dict[str, Any] = {
        "item": [item.pk for item in items],
        "s-token": form.slip["token"].value(),
        "s-post": form.posts[0].pk,
        "s-correction_due_on": form.slip["correction_due_on"].value().isoformat(),
        "s-deferred_until": form.slip["deferred_until"].value().isoformat(),
        "a-name": "张小明",
        "a-id_type": "31",
        "a-id_number": valid_id(7),
        "a-mobile": "138 3721 2345",
        "action": "accept",
    }
    for item in items:
        data[f"v{item.current_id}-disability_kind"] = "肢体"
    for place in ticked:
        data[f"m-m{place}_here"] = "on"
    return data


def open_form(clerk: Client, *items: Any) -> Any:
    return clerk.get(reverse("admin:window_form"), {"item": [item.pk for item in items]})


def taken_in(clerk: Any, *items: Any) -> Application:
    """A complete application that the clerk took in by the form at the window."""
    client = browser(clerk)
    data = window_data(open_form(client, *items), *items) | {"a-id_number": valid_id()}
    answer = client.post(reverse("admin:window_form"), data, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    made: Application = Application.objects.latest("pk")
    return made
