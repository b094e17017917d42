"""Contact points in the admin, the command, a real worker, and what the settings may say."""

import json
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from config import environment
from notifications.choices import Channel, MessageState, Reach
from notifications.models import ContactPoint, OutboxMessage
from notifications.rules import filled_in, fits, pause_after
from notifications.services import notify
from notifications.tasks import deliver_messages
from organisations.choices import Role
from organisations.models import User
from tests.factories.deadlines import Desk, a_desk, a_person, a_post
from tests.factories.notifications import Webhook, reached_by
from tests.worker import LiveWorker

pytestmark = pytest.mark.django_db
ADD = "admin:notifications_contactpoint_add"


@pytest.fixture
def desk() -> Desk:
    return a_desk()


@pytest.fixture
def hook(settings: Any) -> Iterator[Webhook]:
    server = Webhook()
    settings.NOTIFICATION_CHANNELS = {Channel.WEBHOOK: server.template}
    yield server
    server.close()


@pytest.fixture
def keeper(desk: Desk) -> Client:
    person = a_person("keeper", "管理员")
    a_post("管理", Role.ADMINISTRATOR, desk.department, person)
    client = Client()
    client.force_login(User.objects.get(pk=person.pk))
    return client


def test_it_works_from_the_admin_to_the_channel(desk: Desk, hook: Webhook, keeper: Client) -> None:
    typed = {
        "user": desk.handler.pk,
        "channel": "webhook",
        "new_address": "robot-77",
        "active": "on",
    }
    assert keeper.post(reverse(ADD), typed).status_code == 302
    contact = ContactPoint.objects.get()
    page = keeper.get(reverse("admin:notifications_contactpoint_change", args=[contact.pk]))
    assert "robot-77" not in page.content.decode()
    assert "ro****77" in page.content.decode()
    notify(recipients=[desk.handler], title="黄牌", reach=Reach.AT_ONCE)
    out = StringIO()
    call_command("deliver_messages", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"sent": 1, "failed": 0, "given_up": 0}
    assert hook.taken[0]["recipient"] == "robot-77"
    assert hook.taken[0]["message"] == "黄牌"


def test_an_empty_address_keeps_the_one_on_file(desk: Desk, keeper: Client) -> None:
    contact = reached_by(desk.handler, address="robot-1")
    page = reverse("admin:notifications_contactpoint_change", args=[contact.pk])
    assert keeper.post(page, {"new_address": ""}).status_code == 302
    contact = ContactPoint.objects.select_related("data_key").get()
    assert (contact.reveal("address"), contact.active) == ("robot-1", False)


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("mail", "nobody"),
        ("mail", ""),
        ("sms", "call me"),
        ("webhook", "a&to=b"),
        ("mail", "a@b\nc"),
    ],
)
def test_an_address_that_does_not_fit_is_said_at_its_field(
    desk: Desk, keeper: Client, channel: str, address: str
) -> None:
    typed = {"user": desk.handler.pk, "channel": channel, "new_address": address, "active": "on"}
    answer = keeper.post(reverse(ADD), typed)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors.keys() == {"new_address"}
    assert not ContactPoint.objects.exists()


def test_a_second_contact_point_on_one_channel_is_refused(desk: Desk, keeper: Client) -> None:
    reached_by(desk.handler, address="robot-1")
    typed = {
        "user": desk.handler.pk,
        "channel": "webhook",
        "new_address": "robot-2",
        "active": "on",
    }
    assert keeper.post(reverse(ADD), typed).status_code == 200
    assert ContactPoint.objects.get().reveal("address") == "robot-1"


def test_a_clerk_keeps_no_contact_points(desk: Desk) -> None:
    client = Client()
    client.force_login(desk.handler)
    assert client.get(reverse(ADD)).status_code == 403
    reached_by(desk.head)
    assert ContactPoint.objects.visible_to(desk.handler).count() == 0


@pytest.mark.parametrize(
    ("channel", "template", "usable"),
    [
        ("mail", "mailtos://u:p@smtp.x.cn?from=a@x.cn&to={address}", True),
        ("mail", "jsons://x/{address}", False),
        ("wecom", "wecombot://{address}/", True),
        ("sms", "jsons://gateway/send", False),
    ],
)
def test_a_channel_that_can_not_work_is_an_error_of_the_system_check(
    settings: Any, channel: str, template: str, usable: bool
) -> None:
    settings.NOTIFICATION_CHANNELS = {channel: template}
    found = [fault.id for fault in run_checks() if fault.id == "notifications.E001"]
    assert found == ([] if usable else ["notifications.E001"])


def test_the_environment_names_every_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SMS", "jsons://gateway/?:mobile={address}")
    found = environment.Environment().channels()
    assert set(found) == set(Channel.values)
    assert [name for name, template in found.items() if template] == [Channel.SMS]


def test_nothing_in_an_address_breaks_out_of_its_place() -> None:
    url = filled_in("mailto://h?to={address}", "a@b.cn?cc=evil@x.cn&x=/../")
    assert "cc=" not in url.partition("to=")[2].partition("&cto")[0].replace("cc%3D", "")
    assert not fits(Channel.MAIL, "a@b.cn?cc=evil@x.cn")


def test_pauses_grow_and_end() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, 9)]
    assert pauses[-1] is None
    assert sorted(pauses[:-1]) == pauses[:-1]


@pytest.mark.django_db(transaction=True)
def test_the_commit_wakes_a_real_worker(
    desk: Desk,
    hook: Webhook,
    start_worker: Callable[..., LiveWorker],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NOTIFY_WEBHOOK", hook.template)
    worker = start_worker()
    reached_by(desk.handler)
    with transaction.atomic():
        notify(recipients=[desk.handler], title="黄牌", body="x", reach=Reach.AT_ONCE)
    worker.wait_for(lambda: OutboxMessage.objects.filter(state=MessageState.SENT).exists())
    assert len(hook.taken) == 1
    deliver_messages()
    assert len(hook.taken) == 1


def test_a_test_message_says_whether_a_contact_point_works(
    desk: Desk, hook: Webhook, keeper: Client
) -> None:
    contact = reached_by(desk.handler, address="robot-77")
    address = reverse("admin:notifications_contactpoint_test", args=[contact.pk])
    page = keeper.get(reverse("admin:notifications_contactpoint_change", args=[contact.pk]))
    assert address in page.content.decode()
    answer = keeper.post(address, follow=True)
    assert "测试消息已发出" in answer.content.decode()
    call_command("deliver_messages", stdout=StringIO())
    assert [taken["title"] for taken in hook.taken] == ["测试消息"]
    assert OutboxMessage.objects.get().state == MessageState.SENT


def test_no_test_message_goes_where_nothing_can(desk: Desk, hook: Webhook, keeper: Client) -> None:
    contact = reached_by(desk.handler, address="robot-77")
    address = reverse("admin:notifications_contactpoint_test", args=[contact.pk])
    stranger = Client()
    stranger.force_login(desk.head)
    assert stranger.post(address).status_code == 403
    assert keeper.get(address).status_code == 405
    gone = reverse("admin:notifications_contactpoint_test", args=[contact.pk + 1])
    assert keeper.post(gone).status_code == 404
    ContactPoint.objects.update(active=False)
    assert "停用" in keeper.post(address, follow=True).content.decode()
    assert not OutboxMessage.objects.exists()
