"""The inbox: told once, read by its owner only, counted in the header."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from common.errors import NotFound
from common.site import frame_context
from notifications.models import InboxMessage
from notifications.services import mark_all_read, mark_read, notify, unread_count
from organisations.models import User
from tests.factories.deadlines import Desk, a_desk

pytestmark = pytest.mark.django_db
LIST = "admin:notifications_inboxmessage_changelist"
OPEN = "admin:notifications_inboxmessage_change"


@pytest.fixture
def desk() -> Desk:
    return a_desk()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def tell(*users: User, **more: Any) -> InboxMessage:
    notify(**({"recipients": users, "title": "提醒：BG-1", "body": "第一行\n第二行"} | more))
    return InboxMessage.objects.order_by("pk").last()


def test_it_works(desk: Desk) -> None:
    message = tell(desk.handler)
    assert unread_count(desk.handler) == 1
    mark_read(message_id=message.pk, actor=desk.handler)
    assert unread_count(desk.handler) == 0


def test_the_same_key_is_told_once_to_each(desk: Desk) -> None:
    for _ in range(2):
        tell(desk.handler, desk.head, desk.handler, dedupe_key="clock:1:1:remind")
    assert InboxMessage.objects.count() == 2
    tell(desk.handler)
    tell(desk.handler)
    assert unread_count(desk.handler) == 3


def test_nobody_reads_another_ones_message(desk: Desk) -> None:
    message = tell(desk.handler)
    with pytest.raises(NotFound):
        mark_read(message_id=message.pk, actor=desk.head)
    assert signed_in(desk.head).get(reverse(OPEN, args=[message.pk])).status_code == 404
    assert "BG-1" not in signed_in(desk.head).get(reverse(LIST)).content.decode()
    message.refresh_from_db()
    assert message.read_at is None


def test_opening_marks_read_and_leads_on(desk: Desk) -> None:
    message = tell(desk.handler, link="/admin/")
    answer = signed_in(desk.handler).get(reverse(OPEN, args=[message.pk]))
    assert (answer.status_code, answer.url) == (302, "/admin/")
    message.refresh_from_db()
    assert message.read_at is not None


def test_the_first_opening_counts(desk: Desk) -> None:
    message = tell(desk.handler)
    first = mark_read(message_id=message.pk, actor=desk.handler).read_at
    assert mark_read(message_id=message.pk, actor=desk.handler).read_at == first


@pytest.mark.parametrize("link", ["", "https://elsewhere.example/"])
def test_without_a_link_of_ours_the_text_is_shown(desk: Desk, link: str) -> None:
    message = tell(desk.handler, link=link)
    answer = signed_in(desk.handler).get(reverse(OPEN, args=[message.pk]))
    assert answer.status_code == 200
    assert "第二行" in answer.content.decode()


def test_the_list_shows_what_is_new(desk: Desk) -> None:
    tell(desk.handler)
    page = signed_in(desk.handler).get(reverse(LIST)).content.decode()
    assert "● " in page.replace("</span>", " ")
    assert "第一行" in page
    assert "BG-1" in signed_in(desk.handler).get(reverse(LIST), {"read": "no"}).content.decode()
    assert (
        "BG-1" not in signed_in(desk.handler).get(reverse(LIST), {"read": "yes"}).content.decode()
    )


def test_all_are_marked_read_at_once(desk: Desk) -> None:
    kept = tell(desk.head)
    message = tell(desk.handler)
    data = {"action": "mark_every_message_read", "_selected_action": [message.pk]}
    assert signed_in(desk.handler).post(reverse(LIST), data).status_code == 302
    assert unread_count(desk.handler) == 0
    kept.refresh_from_db()
    assert kept.read_at is None
    assert mark_all_read(actor=desk.head) == 1


def test_the_header_counts_unread_messages(desk: Desk) -> None:
    tell(desk.handler)
    request = RequestFactory().get("/admin/")
    request.user = desk.handler
    [count] = [c for c in frame_context(request)["header_counts"] if c["url"] == reverse(LIST)]
    assert count["count"] == 1


def test_messages_are_neither_written_nor_deleted_by_hand(desk: Desk) -> None:
    message = tell(desk.handler)
    client = signed_in(desk.handler)
    assert client.get(reverse("admin:notifications_inboxmessage_add")).status_code == 403
    assert client.post(
        reverse("admin:notifications_inboxmessage_delete", args=[message.pk]), {"post": "yes"}
    ).status_code in (403, 404)
    assert InboxMessage.objects.filter(pk=message.pk).exists()
