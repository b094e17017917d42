"""The outbox: written with the fact, sent once it stands, tried again, given up, sent anew."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from common.anchors import all_chain_faults
from common.sealing import new_data_key
from common.time import freeze, now
from deadlines.choices import Unit
from deadlines.rules import Limit
from deadlines.services import SubjectFacts, start_clock, sweep
from notifications.choices import Channel, MessageState, Reach
from notifications.errors import AddressUnusable, NotGivenUp
from notifications.models import DeliveryEvent, InboxMessage, OutboxMessage
from notifications.parts import delivery_warning
from notifications.rules import MINUTES_BETWEEN, MOST_ATTEMPTS
from notifications.services import (
    Text,
    deliver_due,
    notify,
    post_to_address,
    resend,
    settle_contact,
    subscribe,
)
from organisations.choices import Role
from organisations.models import User
from organisations.services import system_user
from tests.factories.deadlines import Desk, a_clock, a_desk, a_person, a_post, moment
from tests.factories.notifications import HungHook, MailSink, Webhook, reached_by
from tests.resilience.broken_broker import closed_port

pytestmark = pytest.mark.django_db
FRIDAY = moment("2026-09-18", "15:00")
Start = Callable[..., Any]


@pytest.fixture
def desk() -> Desk:
    return a_desk()


@pytest.fixture
def start(settings: Any) -> Iterator[Start]:
    """Starts a server of ours and makes it the district's channel."""
    settings.NOTIFICATION_CHANNELS = dict.fromkeys(Channel.values, "")
    started = []

    def begin(server: Any, channel: str = Channel.WEBHOOK) -> Any:
        started.append(server)
        settings.NOTIFICATION_CHANNELS[channel] = server.template
        return server

    yield begin
    for server in started:
        server.close()


def tell(*users: User, **more: Any) -> None:
    given = {
        "recipients": users,
        "title": "黄牌：BG-1",
        "body": "已过承诺时限",
        "reach": Reach.AT_ONCE,
    }
    notify(**(given | more))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def the_message() -> OutboxMessage:
    return OutboxMessage.objects.for_sending().get()


def verbs() -> list[str]:
    return list(DeliveryEvent.objects.order_by("pk").values_list("verb", flat=True))


def test_it_works_over_a_webhook(desk: Desk, start: Start, settings: Any) -> None:
    hook = start(Webhook())
    settings.PUBLIC_URL = "https://yc.example"
    reached_by(desk.handler, address="robot-7")
    tell(desk.handler, desk.head, link="/admin/x/1/")
    assert deliver_due().sent == 1
    [taken] = hook.taken
    assert taken["title"] == "黄牌：BG-1"
    assert taken["message"] == "已过承诺时限\nhttps://yc.example/admin/x/1/"
    assert taken["recipient"] == "robot-7"
    message = the_message()
    assert (message.state, message.attempts, message.last_error) == (MessageState.SENT, 1, "")
    assert message.sent_at
    assert InboxMessage.objects.count() == 2
    assert verbs() == ["send"]
    assert list(all_chain_faults()) == []


def test_mail_arrives_whole(desk: Desk, start: Start) -> None:
    sink = start(MailSink(), Channel.MAIL)
    reached_by(desk.handler, Channel.MAIL, "zhang+bg@bg.gov.cn")
    tell(desk.handler)
    assert deliver_due().sent == 1
    assert "zhang+bg@bg.gov.cn" in sink.recipients[0]
    assert "From: " in sink.taken[0]


def test_nothing_configured_means_inbox_only(desk: Desk, settings: Any) -> None:
    settings.NOTIFICATION_CHANNELS = dict.fromkeys(Channel.values, "")
    reached_by(desk.handler)
    tell(desk.handler)
    assert InboxMessage.objects.count() == 1
    assert not OutboxMessage.objects.exists()


def test_the_sender_says_how_far_a_message_reaches(desk: Desk, start: Start) -> None:
    start(Webhook())
    reached_by(desk.handler)
    tell(desk.handler, reach=Reach.INBOX)
    assert not OutboxMessage.objects.exists()


def test_a_contact_point_out_of_use_is_left_alone(desk: Desk, start: Start) -> None:
    hook = start(Webhook())
    reached_by(desk.handler)
    tell(desk.handler)
    settle_contact(user=desk.handler, channel=Channel.WEBHOOK, active=False)
    tell(desk.handler)
    assert deliver_due().given_up == 1
    assert hook.taken == []
    assert the_message().state == MessageState.DEAD


def test_the_database_refuses_to_tell_the_same_twice(desk: Desk, start: Start) -> None:
    start(Webhook())
    reached_by(desk.handler)
    for _ in range(2):
        tell(desk.handler, dedupe_key="clock:1:1:yellow")
    message = the_message()
    message.pk, message.uuid = None, uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        message.save(force_insert=True)
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize(
    "columns",
    [
        {"contact": None},
        {"state": MessageState.SENT},
        {"state": MessageState.DEAD},
        {"next_attempt_at": None},
        {"sent_at": FRIDAY},
    ],
)
def test_the_database_refuses_what_can_not_be(
    desk: Desk, start: Start, columns: dict[str, Any]
) -> None:
    start(Webhook())
    reached_by(desk.handler)
    tell(desk.handler)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMessage.objects.update(**columns)


def test_attempts_can_not_be_rewritten(desk: Desk, start: Start) -> None:
    start(Webhook())
    reached_by(desk.handler)
    tell(desk.handler)
    deliver_due()
    with pytest.raises(DatabaseError), transaction.atomic():
        DeliveryEvent.objects.update(note="nothing happened")


def test_five_hundred_then_two_hundred(desk: Desk, start: Start) -> None:
    hook = start(Webhook(500))
    reached_by(desk.handler)
    with freeze(FRIDAY):
        tell(desk.handler)
        assert deliver_due().failed == 1
        message = the_message()
        assert message.next_attempt_at == FRIDAY + timedelta(minutes=MINUTES_BETWEEN[0])
        assert "500" in message.last_error
        assert "robot-7" not in message.last_error
        assert deliver_due().sent == 0
    with freeze(FRIDAY + timedelta(minutes=1)):
        assert deliver_due().sent == 1
    assert len(hook.taken) == 2
    assert verbs() == ["fail", "send"]


def test_nobody_listens_until_it_is_given_up_and_sent_anew_from_the_admin(
    desk: Desk, start: Start, settings: Any
) -> None:
    settings.NOTIFICATION_CHANNELS = {
        Channel.WEBHOOK: f"json://127.0.0.1:{closed_port()}/?:recipient={{address}}"
    }
    keeper = a_person("keeper", "管理员")
    a_post("管理", Role.ADMINISTRATOR, desk.department, keeper)
    reached_by(desk.handler)
    moments = [FRIDAY]
    with freeze(FRIDAY):
        tell(desk.handler)
    for minutes in (0, *MINUTES_BETWEEN):
        moments.append(moments[-1] + timedelta(minutes=minutes))
        with freeze(moments[-1]):
            deliver_due()
    message = the_message()
    assert (message.state, message.attempts) == (MessageState.DEAD, MOST_ATTEMPTS)
    assert verbs() == ["fail"] * MOST_ATTEMPTS + ["give_up"]
    hook = start(Webhook())
    page = reverse("admin:notifications_outboxmessage_change", args=[message.pk])
    button = reverse("admin:notifications_outboxmessage_resend", args=[message.pk])
    with freeze(moment("2026-09-21", "10:00")):
        client = signed_in(keeper)
        assert "?state=dead" in client.get(reverse("admin:index")).content.decode()
        assert button in client.get(page).content.decode()
        assert client.get(button).status_code == 405
        assert client.post(button, follow=True).status_code == 200
        assert deliver_due().sent == 1
        assert "?state=dead" not in client.get(reverse("admin:index")).content.decode()
        assert button not in client.get(page).content.decode()
    assert hook.taken[0]["recipient"] == "robot-7"
    assert verbs()[-2:] == ["resend", "send"]
    assert DeliveryEvent.objects.get(verb="resend").actor_id == keeper.pk
    assert list(all_chain_faults()) == []


def test_the_action_of_the_list_sends_anew_what_was_given_up(desk: Desk, start: Start) -> None:
    start(Webhook())
    keeper = a_person("keeper", "管理员")
    a_post("管理", Role.ADMINISTRATOR, desk.department, keeper)
    reached_by(desk.handler)
    tell(desk.handler)
    tell(desk.handler)
    first = OutboxMessage.objects.order_by("pk").first()
    OutboxMessage.objects.filter(pk=first.pk).update(state=MessageState.DEAD, next_attempt_at=None)
    client = signed_in(keeper)
    keys = [str(pk) for pk in OutboxMessage.objects.values_list("pk", flat=True)]
    listed = reverse("admin:notifications_outboxmessage_changelist")
    client.post(listed, {"action": "send_anew", "_selected_action": keys})
    assert OutboxMessage.objects.waiting().count() == 2
    assert verbs() == ["resend"]


def test_only_the_administrator_sends_anew(desk: Desk, start: Start) -> None:
    start(Webhook())
    reached_by(desk.handler)
    tell(desk.handler)
    assert delivery_warning() == ""
    OutboxMessage.objects.update(state=MessageState.DEAD, next_attempt_at=None)
    assert delivery_warning() in Client().get("/healthz/").json()["warnings"]
    client = signed_in(desk.handler)
    pk = the_message().pk
    button = reverse("admin:notifications_outboxmessage_resend", args=[pk])
    assert client.post(button).status_code == 403
    listed = reverse("admin:notifications_outboxmessage_changelist")
    assert client.get(listed).status_code == 403
    assert the_message().state == MessageState.DEAD
    assert OutboxMessage.objects.visible_to(desk.handler).count() == 1
    assert OutboxMessage.objects.visible_to(desk.head).count() == 0


def test_what_waits_is_not_sent_anew(desk: Desk, start: Start) -> None:
    start(Webhook())
    reached_by(desk.handler)
    tell(desk.handler)
    with pytest.raises(NotGivenUp):
        resend(message_id=the_message().pk, actor=desk.handler)


def test_a_hung_server_costs_a_bounded_time(
    desk: Desk, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.rules.READ_SECONDS", 1)
    start(HungHook())
    reached_by(desk.handler)
    tell(desk.handler)
    assert deliver_due().failed == 1
    assert the_message().state == MessageState.WAITING


def test_a_server_that_drips_is_cut_off(
    desk: Desk, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.services.channels.CALL_SECONDS", 1)
    start(HungHook())
    reached_by(desk.handler)
    tell(desk.handler)
    with translation.override("en"):
        assert deliver_due().failed == 1
    assert "may have arrived" in the_message().last_error


def test_a_troubled_channel_does_not_hold_up_the_others(
    desk: Desk, start: Start, settings: Any
) -> None:
    bad = start(Webhook(*[503] * 9))
    sink = start(MailSink(), Channel.MAIL)
    reached_by(desk.handler)
    for _ in range(5):
        tell(desk.handler)
    reached_by(desk.head, Channel.MAIL, "head@bg.gov.cn")
    tell(desk.head)
    result = deliver_due()
    assert (result.sent, result.failed) == (1, 3)
    assert len(bad.taken) == 3
    assert len(sink.taken) == 1


def test_an_address_outside_lies_sealed_and_goes_with_its_person(start: Start) -> None:
    hook = start(Webhook(), Channel.SMS)
    key = new_data_key()
    text = Text("办件已受理", dedupe_key="case:1")
    for _ in range(2):
        assert post_to_address(channel=Channel.SMS, address="13812345678", data_key=key, text=text)
    message = the_message()
    assert b"13812345678" not in bytes(message.address)
    assert message.to_label == "13****78"
    with freeze(moment("2026-09-21", "10:00")):
        OutboxMessage.objects.update(next_attempt_at=now())
        assert deliver_due().sent == 1
    assert hook.taken[0]["recipient"] == "13812345678"
    key.erase()
    key.save()
    assert the_message().plain_address == ""


def test_an_erased_person_is_not_written_to(start: Start) -> None:
    hook = start(Webhook(), Channel.SMS)
    key = new_data_key()
    with freeze(FRIDAY):
        post_to_address(
            channel=Channel.SMS, address="13812345678", data_key=key, text=Text("办件已受理")
        )
        key.erase()
        key.save()
        assert deliver_due().given_up == 1
    assert hook.taken == []


def test_an_unusable_address_is_refused(start: Start) -> None:
    start(Webhook(), Channel.SMS)
    with pytest.raises(AddressUnusable):
        post_to_address(
            channel=Channel.SMS, address="138&x=1", data_key=new_data_key(), text=Text("x")
        )


def test_without_the_channel_nothing_is_posted(start: Start) -> None:
    start(Webhook())
    key = new_data_key()
    sent = post_to_address(channel=Channel.SMS, address="13812345678", data_key=key, text=Text("x"))
    assert not sent
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        # The evening before National Day; a make-up Saturday is no rest, and 09-20 is a make-up Sunday.
        (("2026-09-30", "18:10"), ("2026-10-08", "08:30")),
        (("2026-10-09", "17:30"), ("2026-10-10", "08:30")),
        (("2026-09-18", "07:00"), ("2026-09-18", "08:30")),
        (("2026-09-18", "17:29"), ("2026-09-18", "17:29")),
        (("2026-09-18", "17:30"), ("2026-09-20", "08:30")),
    ],
)
def test_outside_channels_wait_for_office_hours(
    desk: Desk, start: Start, written: tuple[str, str], sent: tuple[str, str]
) -> None:
    start(Webhook())
    reached_by(desk.handler)
    with freeze(moment(*written)):
        tell(desk.handler, reach=Reach.OFFICE_HOURS)
    assert the_message().next_attempt_at == moment(*sent)


def test_an_urgent_one_goes_at_any_hour(desk: Desk, start: Start) -> None:
    hook = start(Webhook())
    reached_by(desk.handler)
    with freeze(moment("2026-10-01", "02:00")):
        tell(desk.handler, reach=Reach.AT_ONCE)
        tell(desk.handler, reach=Reach.OFFICE_HOURS)
        assert deliver_due().sent == 1
    assert len(hook.taken) == 1


def test_what_was_held_up_into_the_night_waits_for_the_morning(desk: Desk, start: Start) -> None:
    hook = start(Webhook())
    reached_by(desk.handler)
    with freeze(FRIDAY):
        tell(desk.handler, reach=Reach.OFFICE_HOURS)
    with freeze(moment("2026-09-18", "23:00")):
        assert deliver_due().sent == 0
    assert hook.taken == []
    with freeze(moment("2026-09-20", "08:30")):
        assert deliver_due().sent == 1


def test_a_stage_reaches_whoever_is_concerned_once_after_days_of_downtime(
    desk: Desk, start: Start
) -> None:
    hook = start(Webhook())
    reached_by(desk.handler, address="robot-a")
    reached_by(desk.supervisor, address="robot-b")
    a_clock(desk, start="2021-12-03")
    at = moment("2022-01-10", "10:00")
    with freeze(at):
        sweep(at=at)
        assert deliver_due().sent == 2
    assert sorted(message["recipient"] for message in hook.taken) == ["robot-a", "robot-b"]


def test_a_limit_of_hours_speaks_at_night_and_one_of_days_does_not(
    desk: Desk, start: Start
) -> None:
    hook = start(Webhook())
    reached_by(desk.handler)
    night = moment("2026-11-21", "03:00")
    for number, limit in (("H-1", Limit(4, Unit.HOUR)), ("D-1", Limit(1, Unit.WORKDAY))):
        begun = night - timedelta(days=4)
        facts = SubjectFacts(
            kind="probe",
            label="热线签收",
            number=number,
            region_code=desk.department.region_id,
            department=desk.department,
            handler=desk.handler,
        )
        with freeze(begun):
            start_clock(
                actor=system_user("sample"),
                subject=facts,
                promised=None,
                statutory=limit,
                started_at=begun,
            )
    with freeze(night):
        sweep(at=night)
        assert deliver_due().sent == 1
    assert "H-1" in hook.taken[0]["title"] + hook.taken[0]["message"]
    assert OutboxMessage.objects.waiting().get().next_attempt_at == moment("2026-11-23", "08:30")


def test_writing_for_many_takes_a_constant_number_of_queries(
    desk: Desk, start: Start, django_assert_max_num_queries: Any
) -> None:
    start(Webhook())
    people = [a_person(f"many_{number}", f"人{number}") for number in range(12)]
    for person in people:
        reached_by(person)
    with django_assert_max_num_queries(8):
        tell(*people)
    assert OutboxMessage.objects.count() == 12


@pytest.mark.parametrize("name", ["outboxmessage", "contactpoint", "subscription"])
def test_a_longer_list_takes_no_more_queries(
    desk: Desk, start: Start, name: str, settings: Any
) -> None:
    start(Webhook())
    start(Webhook(), Channel.SMS)
    keeper = a_person("keeper", "管理员")
    a_post("管理", Role.ADMINISTRATOR, desk.department, keeper)
    client, listed = signed_in(keeper), reverse(f"admin:notifications_{name}_changelist")
    counts = []
    with freeze(now()):
        client.get(listed)
        for number in range(6):
            person = a_person(f"list_{number}", f"人{number}")
            reached_by(person)
            tell(person)
            key, matter = new_data_key(), {"subject_kind": "case", "subject_id": f"BG-{number}"}
            far = {"channel": Channel.SMS, "address": "13812345678", "data_key": key}
            subscribe(**matter, **far)
            post_to_address(text=Text("x", **matter), **far)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(listed).status_code == 200
            counts.append(len(queries))
    assert len(set(counts)) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_on_rollback(desk: Desk, start: Start) -> None:
    hook = start(Webhook())
    reached_by(desk.handler)
    with transaction.atomic():
        tell(desk.handler)
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()
    assert deliver_due().sent == 0
    assert hook.taken == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_inside_a_transaction(desk: Desk, start: Start) -> None:
    hook = start(Webhook())
    reached_by(desk.handler)
    tell(desk.handler)
    with pytest.raises(RuntimeError), transaction.atomic():
        deliver_due()
    assert hook.taken == []


@pytest.mark.django_db(transaction=True)
def test_two_racing_deliverers_send_each_message_once(desk: Desk, start: Start) -> None:
    hook = start(Webhook())
    people = [a_person(f"race_{number}", f"人{number}") for number in range(6)]
    for number, person in enumerate(people):
        reached_by(person, address=f"robot-{number}")
    tell(*people)
    barrier = Barrier(2)

    def run() -> int:
        barrier.wait()
        try:
            return deliver_due().sent
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as racers:
        counts = [race.result(60) for race in [racers.submit(run) for _ in range(2)]]
    assert sum(counts) == 6
    assert sorted(message["recipient"] for message in hook.taken) == [
        f"robot-{number}" for number in range(6)
    ]
    assert verbs() == ["send"] * 6
