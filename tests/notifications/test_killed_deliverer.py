"""A deliverer that dies between sending and saying so: the message goes out again, on record."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from common.anchors import all_chain_faults
from common.time import freeze, now
from config.environment import BASE_DIR
from notifications.choices import Channel, MessageState, Reach
from notifications.models import DeliveryEvent, OutboxMessage
from notifications.rules import LEASE, MOST_ATTEMPTS
from notifications.services import deliver_due, notify
from organisations.services import system_user
from tests.factories.deadlines import Desk, a_desk
from tests.factories.notifications import Webhook, reached_by
from tests.worker import same_house

DOOMED = """
import os, signal, django
django.setup()
from notifications.services import delivering
delivering._settle = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
delivering.deliver_due()
"""
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk() -> Desk:
    system_user("delivery")
    return a_desk()


@pytest.fixture
def hook(settings: Any) -> Iterator[Webhook]:
    server = Webhook()
    settings.NOTIFICATION_CHANNELS = {Channel.WEBHOOK: server.template}
    yield server
    server.close()


def told(desk: Desk) -> OutboxMessage:
    reached_by(desk.handler)
    notify(recipients=[desk.handler], title="红牌：BG-1", body="已过", reach=Reach.AT_ONCE)
    return OutboxMessage.objects.get()


def deliver_and_die(hook: Webhook, var_dir: Path) -> int:
    """A process sends for real and is killed where it would say so; the signal that ended it."""
    house = same_house(connection.settings_dict, var_dir)
    own = {"DJANGO_SETTINGS_MODULE": "config.settings", "NOTIFY_WEBHOOK": hook.template}
    command = [sys.executable, "-c", DOOMED]
    return -subprocess.run(command, env=house | own, cwd=BASE_DIR, check=False).returncode


def test_killed_between_send_and_mark(desk: Desk, hook: Webhook, var_dir: Path) -> None:
    message = told(desk)
    assert deliver_and_die(hook, var_dir) == signal.SIGKILL
    assert len(hook.taken) == 1
    message.refresh_from_db()
    assert (message.state, message.claimed, message.attempts) == (MessageState.WAITING, True, 1)
    assert deliver_due().sent == 0
    with freeze(now() + LEASE + timedelta(seconds=1)):
        assert deliver_due().sent == 1
    assert len(hook.taken) == 2
    message.refresh_from_db()
    assert (message.state, message.claimed, message.attempts) == (MessageState.SENT, False, 2)
    verbs = DeliveryEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["lose", "send"]
    assert list(all_chain_faults()) == []


def test_a_message_that_kills_is_given_up_in_the_end(
    desk: Desk, hook: Webhook, var_dir: Path
) -> None:
    message = told(desk)
    OutboxMessage.objects.update(attempts=MOST_ATTEMPTS - 1)
    assert deliver_and_die(hook, var_dir) == signal.SIGKILL
    with freeze(now() + LEASE + timedelta(seconds=1)):
        assert deliver_due().given_up == 1
    assert len(hook.taken) == 1
    message.refresh_from_db()
    assert (message.state, message.claimed) == (MessageState.DEAD, False)
    verbs = DeliveryEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["lose", "give_up"]
