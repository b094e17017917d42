"""Robots that answer 200 to what they drop: what the body says counts."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from apprise.plugins.feishu import NotifyFeishu

from notifications.choices import Channel, MessageState, Reach
from notifications.models import OutboxMessage
from notifications.services import deliver_due, notify
from notifications.services.robots import ROBOTS
from tests.factories.deadlines import Desk, a_desk
from tests.factories.notifications import Webhook, reached_by

pytestmark = pytest.mark.django_db
TEMPLATES = {
    Channel.DINGTALK: "dingtalk://SECabc123@{address}/",
    Channel.WECOM: "wecombot://{address}/",
    Channel.FEISHU: "feishu://{address}/",
}
PLUGINS = {**ROBOTS, Channel.FEISHU: NotifyFeishu}
TAKEN = {
    Channel.DINGTALK: b'{"errcode":0,"errmsg":"ok"}',
    Channel.WECOM: b'{"errcode":0,"errmsg":"ok"}',
    Channel.FEISHU: b'{"code":0,"msg":"success"}',
}
DROPPED = {
    Channel.DINGTALK: b'{"errcode":310000,"errmsg":"keywords not in content"}',
    Channel.WECOM: b'{"errcode":45009,"errmsg":"api freq out of limit"}',
    Channel.FEISHU: b'{"code":9499,"msg":"Bad Request"}',
}


@pytest.fixture
def desk() -> Desk:
    return a_desk()


@pytest.fixture
def hook() -> Iterator[Webhook]:
    server = Webhook()
    yield server
    server.close()


def told(desk: Desk, hook: Webhook, channel: str, settings: Any, patch: Any) -> OutboxMessage:
    """One message over the channel, whose robot stands at our own server."""
    settings.NOTIFICATION_CHANNELS = {channel: TEMPLATES[Channel(channel)]}
    here = f"http://127.0.0.1:{hook.server_port}/robot?token={{token}}{{key}}"
    here = here.removesuffix("{key}") if channel != Channel.WECOM else here.replace("{token}", "")
    patch.setattr(PLUGINS[Channel(channel)], "notify_url", here)
    reached_by(desk.handler, channel, "abcdef123456")
    notify(recipients=[desk.handler], title="黄牌：BG-1", body="已过承诺时限", reach=Reach.AT_ONCE)
    deliver_due()
    return OutboxMessage.objects.get()


@pytest.mark.parametrize("channel", TEMPLATES)
def test_it_works(
    desk: Desk, hook: Webhook, channel: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook.answer = TAKEN[Channel(channel)]
    message = told(desk, hook, channel, settings, monkeypatch)
    assert (message.state, message.last_error) == (MessageState.SENT, "")
    assert "已过承诺时限" in str(hook.taken)
    assert "黄牌：BG-1" in str(hook.taken)
    assert "abcdef123456" in hook.asked[0]


@pytest.mark.parametrize("channel", TEMPLATES)
def test_what_a_robot_drops_waits_for_another_attempt(
    desk: Desk, hook: Webhook, channel: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook.answer = DROPPED[Channel(channel)]
    message = told(desk, hook, channel, settings, monkeypatch)
    assert (message.state, message.attempts) == (MessageState.WAITING, 1)
    assert any(code in message.last_error for code in ("310000", "45009", "9499"))
    assert "abcdef123456" not in message.last_error


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b"<html>", b'{"errcode":null}'])
@pytest.mark.parametrize("channel", ROBOTS)
def test_an_answer_nobody_can_read_is_no_yes(
    desk: Desk,
    hook: Webhook,
    channel: str,
    answer: bytes,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hook.answer = answer
    message = told(desk, hook, channel, settings, monkeypatch)
    assert message.state == MessageState.WAITING
    assert message.last_error


def test_a_signature_is_quoted_once(
    desk: Desk, hook: Webhook, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook.answer = TAKEN[Channel.DINGTALK]
    told(desk, hook, Channel.DINGTALK, settings, monkeypatch)
    [signature] = parse_qs(urlsplit(hook.asked[0]).query)["sign"]
    assert "%" not in signature
    assert signature.endswith("=")
