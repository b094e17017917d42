"""Somebody asks at the wrong place: nobody is sent away, nothing is lost (首问负责)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from common import time
from common.errors import DomainError, Forbidden, NotFound, PersonErased
from common.events import chain_faults
from deadlines.choices import ClockState
from deadlines.registry import links_for
from deadlines.services import sweep
from intake.choices import FirstContactState
from intake.errors import OtherPlace, ReceiverUnusable, SubmittedAlready, WishMissing
from intake.models import FirstContact, FirstContactEvent
from intake.services import (
    Receiver,
    answer_at_once,
    answer_contact,
    erase_old_contacts,
    hand_on_contact,
    hand_over_contact,
    record_first_contact,
    reveal_contact,
    take_contact,
)
from intake.services.first_contacts import VERBS
from intake.transitions import FIRST_CONTACT_FLOW
from notifications.models import InboxMessage
from organisations.models import User
from tests.factories.catalogue import make_department
from tests.factories.intake import Office, again, an_office
from tests.intake.test_admin import browser

pytestmark = pytest.mark.django_db
NEW = "/admin/intake/firstcontact/new/"
LIST = "/admin/intake/firstcontact/"
TOKEN = "t" * 32


@pytest.fixture
def office() -> Office:
    return an_office()


def recorded(office: Office, **changes: Any) -> FirstContact:
    given: dict[str, Any] = {
        "token": TOKEN,
        "wanted": "补办不动产权证",
        "name": "张小明",
        "telephone": "138 3721 2345",
        **changes,
    }
    return record_first_contact(actor=office.clerk, **given)


def at_department(office: Office) -> FirstContact:
    return recorded(office, receiver=Receiver(unit=office.department))


def taken(office: Office) -> FirstContact:
    return take_contact(contact_id=at_department(office).pk, actor=office.reviewer)


def answered(office: Office) -> FirstContact:
    return answer_contact(contact_id=taken(office).pk, actor=office.reviewer, note="已电话答复")


WAYS: dict[str, Callable[[Office], FirstContact]] = {
    FirstContactState.RECORDED: recorded,
    FirstContactState.HANDED_OVER: at_department,
    FirstContactState.TAKEN: taken,
    FirstContactState.ANSWERED: answered,
}


def inbox(person: User) -> list[str]:
    return list(InboxMessage.objects.filter(recipient=person).values_list("title", flat=True))


def test_it_works_from_the_window_to_the_answer(office: Office) -> None:
    clerk = browser(office.clerk)
    found = clerk.get("/admin/window/", {"q": "不动产权证"}).content.decode()
    assert f"{NEW}?wanted=" in found
    assert 'value="不动产权证"' in clerk.get(NEW, {"wanted": "不动产权证"}).content.decode()
    data = {
        "token": TOKEN,
        "wanted": "补办不动产权证",
        "name": "张小明",
        "telephone": "13837212345",
        "unit": office.department.pk,
        "note": "老人行动不便，请电话联系",
    }
    assert clerk.post(NEW, data).status_code == 302
    contact = FirstContact.objects.get()
    assert inbox(office.reviewer) == ["转交您处：补办不动产权证"]
    reviewer = browser(office.reviewer)
    assert "补办不动产权证" in reviewer.get("/admin/").content.decode()
    for verb, note in (("take_contact", ""), ("answer_contact", "已告知材料，约定上门")):
        page = reviewer.get(f"{LIST}{contact.pk}/change/").content.decode()
        address = reverse("admin:intake_firstcontact_do", args=(contact.pk, verb))
        assert address in page
        assert reviewer.get(address).status_code == 200
        assert reviewer.post(address, {"note": note}).status_code == 302
    contact.refresh_from_db()
    assert contact.state == FirstContactState.ANSWERED
    page = clerk.get(f"{LIST}{contact.pk}/change/").content.decode()
    assert "已告知材料，约定上门" in page
    assert "张*明 138****2345" in page
    assert len(inbox(office.clerk)) == 2
    events = list(FirstContactEvent.objects.for_subject(contact.pk))
    assert chain_faults(events) == []
    assert [event.verb for event in events] == [
        "record_contact",
        "hand_over_contact",
        "take_contact",
        "answer_contact",
    ]


def test_name_and_telephone_are_sealed(office: Office) -> None:
    contact = recorded(office)
    stored = str(FirstContact.objects.filter(pk=contact.pk).values())
    assert "张小明" not in stored
    assert "13837212345" not in stored
    assert contact.known_person() == {"name": "张小明", "telephone": "13837212345"}


def test_neither_name_nor_telephone_is_asked_of_anybody(office: Office) -> None:
    contact = recorded(office, name="", telephone="")
    assert (contact.state, contact.masked_person) == (FirstContactState.RECORDED, "")


def test_the_same_page_sent_twice_is_one(office: Office) -> None:
    assert recorded(office) == recorded(office)
    assert FirstContact.objects.count() == 1
    with pytest.raises(SubmittedAlready):
        record_first_contact(actor=office.other_clerk, token=TOKEN, wanted="别的事")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"wanted": " "}, "wanted"),
        ({"wanted": "字" * 201}, "wanted"),
        ({"name": "字" * 61}, "name"),
        ({"telephone": "12"}, "telephone"),
    ],
)
def test_what_cannot_be_right_is_said_beside_its_field(
    office: Office, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(WishMissing) as fault:
        recorded(office, **changes)
    assert list(fault.value.fields) == [field]
    assert not FirstContact.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"wanted": ""},
        {"wanted": "字" * 201},
        {"telephone": "x"},
        {"unit": "999999"},
        {"point": "nonsense"},
        {"token": ""},
        {"unit": "", "point": "both"},
    ],
)
def test_bad_input_at_the_page_keeps_what_was_typed(
    office: Office, changes: dict[str, Any]
) -> None:
    data = {"token": TOKEN, "wanted": "补办不动产权证", "unit": office.department.pk, **changes}
    if data.get("point") == "both":
        data |= {"point": office.other_point.pk, "unit": office.department.pk}
    answer = browser(office.clerk).post(NEW, data)
    assert answer.status_code in {400, 422}
    assert data["wanted"] in answer.content.decode()
    assert not FirstContact.objects.exists()


def test_a_place_where_nobody_works_is_no_place_to_hand_to(office: Office) -> None:
    empty = Receiver(unit=make_department("空单位"))
    both = Receiver(unit=office.department, point=office.other_point)
    contact = recorded(office)
    for receiver in (Receiver(), both, empty, Receiver(point=office.point)):
        with pytest.raises(ReceiverUnusable):
            hand_over_contact(contact_id=contact.pk, actor=office.clerk, receiver=receiver)
    contact.refresh_from_db()
    assert (contact.state, contact.receiver) == (FirstContactState.RECORDED, "")
    page = browser(office.clerk).get(NEW).content.decode()
    assert "空单位" not in page
    assert office.other_point.name in page


def test_the_next_step_is_always_owed_by_somebody(office: Office) -> None:
    contact = recorded(office)
    first = contact.clock
    assert first is not None
    assert (first.department, first.handler, first.due_on) == (
        office.point.unit,
        office.clerk,
        time.today(),
    )
    contact = hand_over_contact(
        contact_id=contact.pk, actor=office.clerk, receiver=Receiver(unit=office.department)
    )
    second = contact.clock
    assert second is not None
    assert (second.department, second.state) == (office.department, ClockState.RUNNING)
    contact = take_contact(contact_id=contact.pk, actor=office.reviewer)
    assert contact.clock is not None
    assert contact.clock.handler == office.reviewer
    contact = answer_contact(contact_id=contact.pk, actor=office.reviewer, note="已答复")
    states = set(contact.clocks.values_list("state", flat=True))
    assert (contact.clocks.count(), states) == (3, {str(ClockState.FINISHED)})
    links = links_for(list(contact.clocks.all()))
    assert {link.url for link in links.values()} == {f"{LIST}{contact.pk}/change/"}
    assert len(links) == 3


def test_a_contact_left_alone_is_warned_of(office: Office) -> None:
    at_department(office)
    with time.travel(time.now() + timedelta(days=15)):
        sweep()
    assert len(inbox(office.reviewer)) > 1


def test_who_is_not_the_right_one_hands_on_with_the_reason(office: Office) -> None:
    contact = at_department(office)
    onward = Receiver(point=office.other_point)
    with pytest.raises(WishMissing):
        hand_on_contact(contact_id=contact.pk, actor=office.reviewer, receiver=onward, note=" ")
    contact = hand_on_contact(
        contact_id=contact.pk, actor=office.reviewer, receiver=onward, note="户籍在解放路街道"
    )
    assert contact.receiver == office.other_point.name
    assert inbox(office.other_clerk) == ["转交您处：补办不动产权证"]
    assert inbox(office.clerk)
    with pytest.raises(NotFound):
        take_contact(contact_id=contact.pk, actor=office.reviewer)
    take_contact(contact_id=contact.pk, actor=office.other_clerk)


def test_what_comes_back_lies_at_the_first_place_again(office: Office) -> None:
    contact = at_department(office)
    home = Receiver(point=office.point)
    hand_on_contact(contact_id=contact.pk, actor=office.head, receiver=home, note="该事项已下放")
    assert FirstContact.objects.waiting_for(again(office.clerk)).get() == contact
    take_contact(contact_id=contact.pk, actor=office.clerk)


def test_the_first_place_may_answer_after_all(office: Office) -> None:
    contact = answer_at_once(contact_id=recorded(office).pk, actor=office.clerk, note="已答复")
    assert contact.state == FirstContactState.ANSWERED


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_in_every_state_by_everybody(office: Office, verb: str) -> None:
    move = FIRST_CONTACT_FLOW.by_name(verb)
    may = {"giver": "clerk", "receiver": "reviewer"}[str(move.side)]
    given: dict[str, Any] = {"note": "说明"}
    if "hand" in verb:
        given["receiver"] = Receiver(unit=office.other_department)
    for state, way in WAYS.items():
        contact = way(office)
        FirstContact.objects.filter(pk=contact.pk).update(token=f"{state:>32}")
        for name, person in office.everybody().items():
            if name not in {may, "head"}:
                with pytest.raises(DomainError):
                    VERBS[verb](contact_id=contact.pk, actor=again(person), **given)
        contact.refresh_from_db()
        assert contact.state == state
        actor = again(getattr(office, may))
        if state in move.sources:
            moved = VERBS[verb](contact_id=contact.pk, actor=actor, **given)
            assert moved.state == move.target
        else:
            with pytest.raises(DomainError):
                VERBS[verb](contact_id=contact.pk, actor=actor, **given)


def test_every_state_is_reached() -> None:
    assert FIRST_CONTACT_FLOW.unreachable() == set()
    assert set(VERBS) == {move.name for move in FIRST_CONTACT_FLOW.transitions}


def test_both_sides_see_it_and_nobody_else(office: Office) -> None:
    contact = at_department(office)
    address = f"{LIST}{contact.pk}/change/"
    for insider in (office.clerk, office.reviewer, office.head, office.supervisor):
        assert browser(insider).get(address).status_code == 200, insider
        assert contact.number in browser(insider).get(LIST).content.decode()
    for outsider in (office.other_clerk, office.other_reviewer):
        client = browser(outsider)
        assert "补办不动产权证" not in client.get(address, follow=True).content.decode()
        assert contact.number not in client.get(LIST).content.decode()
        for verb in VERBS:
            assert client.get(f"{LIST}{contact.pk}/do/{verb}/").status_code == 404
        assert client.post(f"{LIST}{contact.pk}/reveal/", {"reason": "x"}).status_code == 404


def test_lists_show_each_side_its_own(office: Office) -> None:
    contact = at_department(office)
    for person, side, shown in (
        (office.clerk, "asked", True),
        (office.clerk, "waiting", False),
        (office.reviewer, "waiting", True),
        (office.reviewer, "asked", False),
    ):
        text = browser(person).get(LIST, {"side": side}).content.decode()
        assert (contact.number in text) is shown, (person, side)


def test_the_telephone_is_shown_with_a_reason_on_record(office: Office) -> None:
    contact = at_department(office)
    reviewer = browser(office.reviewer)
    address = f"{LIST}{contact.pk}/reveal/"
    assert "13837212345" not in reviewer.post(address, {"reason": ""}).content.decode()
    assert "13837212345" in reviewer.post(address, {"reason": "电话答复"}).content.decode()
    assert FirstContactEvent.objects.for_subject(contact.pk).last().note == "电话答复"
    with pytest.raises(Forbidden):
        reveal_contact(contact_id=contact.pk, actor=office.supervisor, reason="看看")


def test_thirty_days_after_the_answer_nobody_can_read_who_it_was(office: Office) -> None:
    contact = answered(office)
    waiting = recorded(office, token="u" * 32, wanted="别的事")
    with time.travel(time.now() + timedelta(days=30, minutes=1)):
        assert erase_old_contacts() == 1
        assert erase_old_contacts() == 0
        with pytest.raises(PersonErased):
            reveal_contact(contact_id=contact.pk, actor=office.clerk, reason="回访")
    contact = FirstContact.objects.get(pk=contact.pk)
    assert (contact.masked_person, contact.known_person(), bytes(contact.person)) == (
        "已抹除",
        {},
        b"",
    )
    assert FirstContact.objects.get(pk=waiting.pk).known_person()
    events = list(FirstContactEvent.objects.for_subject(contact.pk))
    assert chain_faults(events) == []
    assert "已抹除" in browser(office.clerk).get(f"{LIST}{contact.pk}/change/").content.decode()


def test_a_department_records_nothing_and_a_stranger_sees_no_page(office: Office) -> None:
    assert browser(office.reviewer).get(NEW).status_code == 403
    assert browser(office.clerk).get(f"{LIST}999999/do/take_contact/").status_code == 404
    contact = recorded(office)
    assert browser(office.clerk).get(f"{LIST}{contact.pk}/do/nonsense/").status_code == 404
    answer = browser(office.clerk).post(f"{LIST}{contact.pk}/do/take_contact/", {"note": "我来"})
    assert answer.status_code in {403, 409}
    contact = hand_over_contact(
        contact_id=contact.pk, actor=office.clerk, receiver=Receiver(unit=office.department)
    )
    with pytest.raises(OtherPlace):
        take_contact(contact_id=contact.pk, actor=office.clerk)
