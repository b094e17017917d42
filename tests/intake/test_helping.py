"""Staff stand by an applicant: named at the window, told of every move, their doings on record."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.errors import DomainError, Forbidden, NotFound, TransitionRefused
from common.events import chain_faults
from intake.choices import HelpKind, HelpState
from intake.errors import OtherDesk
from intake.models import Application, Helping, HelpingEvent
from intake.services import begin_review, send_to_window
from intake.services.helping import (
    HELP_VERBS,
    HelpedAlready,
    HelperUnusable,
    HelpOrder,
    NothingSaid,
    begin_helping,
    end_help,
    note_help,
    pass_help,
)
from intake.transitions import HELP_FLOW
from notifications.models import InboxMessage
from organisations.choices import Role
from organisations.models import User
from tests.factories.intake import (
    Office,
    again,
    an_application,
    an_office,
    appointed,
    the_case,
    valid_id,
)
from tests.intake.test_admin import browser
from tests.intake.test_drafts import window_data

pytestmark = pytest.mark.django_db
FORM = "/admin/window/form/"
LIST = "/admin/intake/helping/"


@pytest.fixture
def office() -> Office:
    made = an_office()
    made.point.phone = "0372-2920000"
    made.point.save()
    return made


@pytest.fixture
def colleague(office: Office) -> User:
    user = appointed("it_helper", "刘洋", Role.CLERK, office.point.unit, point=office.point)
    User.objects.filter(pk=user.pk).update(phone="13903720001")
    return again(user)


def helped(office: Office, helper: User, kind: str = HelpKind.ON_BEHALF) -> Helping:
    order = HelpOrder(helper_id=helper.pk, kind=kind)
    application = an_application(office, help_order=order)
    return Helping.objects.for_list().get(application=application)


def inbox(person: User) -> list[str]:
    return list(InboxMessage.objects.filter(recipient=person).values_list("title", flat=True))


def page_data(office: Office, client: Client, **changes: str) -> dict[str, Any]:
    version = office.item.current_id
    page = client.get(FORM, {"item": office.item.pk}).content.decode()
    typed = {
        "item": office.item.pk,
        "a-name": "张小明",
        "a-id_type": "31",
        "a-id_number": valid_id(),
        "a-mobile": "13837212345",
        f"v{version}-disability_kind": "肢体",
    }
    return {**window_data(page), **typed, **changes}


def test_it_works_from_the_window_to_the_end(office: Office, colleague: User) -> None:
    clerk = browser(office.clerk)
    page = clerk.get(FORM, {"item": office.item.pk}).content.decode()
    assert f'value="on_behalf:{colleague.pk}"' in page
    assert "外街人员" not in page
    data = page_data(office, clerk, **{"s-helper": f"on_behalf:{colleague.pk}"})
    answer = clerk.post(FORM, data)
    assert answer.status_code == 302, answer.content.decode()
    helping = Helping.objects.get()
    assert (helping.helper, helping.kind) == (colleague, HelpKind.ON_BEHALF)
    assert any(helping.application.number in title for title in inbox(colleague))
    case = the_case(helping.application)
    shown = clerk.get(reverse("admin:intake_case_change", args=(case.pk,))).content.decode()
    assert "刘洋 13903720001" in shown
    mine = browser(colleague)
    listed = mine.get(LIST, {"side": "mine"}).content.decode()
    assert helping.application.number in listed
    assert office.item.name in listed
    assert "side=mine" in mine.get("/admin/").content.decode()
    for verb, note in (("note_help", "已替申请人取回体检报告"), ("end_help", "证已送到家中")):
        address = reverse("admin:intake_helping_do", args=(helping.pk, verb))
        assert address in mine.get(f"{LIST}{helping.pk}/change/").content.decode()
        assert mine.get(address).status_code == 200
        assert mine.post(address, {"note": note}).status_code == 302
    text = mine.get(f"{LIST}{helping.pk}/change/").content.decode()
    assert "已替申请人取回体检报告" in text
    helping.refresh_from_db()
    assert helping.state == HelpState.ENDED
    assert chain_faults(HelpingEvent.objects.for_subject(helping.pk)) == []
    assert helping.application.number not in mine.get(LIST, {"side": "mine"}).content.decode()


def test_whoever_holds_the_receipt_reads_whom_to_call(office: Office, colleague: User) -> None:
    application = helped(office, colleague).application
    proof = {"receipt": application.number, "check": application.check_code}
    assert "刘洋" in Client().post("/progress/", proof).content.decode()
    assert "13903720001" in Client().post("/progress/", proof).content.decode()
    helping = Helping.objects.get()
    end_help(helping_id=helping.pk, actor=colleague, note="办完了")
    assert "刘洋" not in Client().post("/progress/", proof).content.decode()


def test_without_a_number_of_his_own_the_points_is_named(office: Office) -> None:
    assert helped(office, office.clerk).telephone == "0372-2920000"


def test_the_helper_is_told_where_the_case_stands(office: Office, colleague: User) -> None:
    case = the_case(helped(office, colleague).application)
    before = len(inbox(colleague))
    begin_review(case_id=case.pk, actor=office.reviewer)
    send_to_window(case_id=case.pk, actor=office.reviewer, note="请补盖章")
    assert any(office.item.name in title for title in inbox(colleague))
    assert before >= 2


@pytest.mark.parametrize(
    "chosen", ["help:999999", "nonsense", "magic:1", "help:", ":", "help:x", "on_behalf:other"]
)
def test_nobody_else_can_be_chosen_at_the_page(office: Office, chosen: str) -> None:
    clerk = browser(office.clerk)
    helper = chosen.replace("other", str(office.other_clerk.pk))
    answer = clerk.post(FORM, page_data(office, clerk, **{"s-helper": helper}))
    assert answer.status_code == 422
    assert "张小明" in answer.content.decode()
    assert not Application.objects.exists()


def test_a_refused_helper_leaves_no_application(office: Office) -> None:
    for order in (HelpOrder(office.other_clerk.pk), HelpOrder(office.clerk.pk, "magic")):
        with pytest.raises(HelperUnusable):
            an_application(office, help_order=order)
    assert not Application.objects.exists()


def test_help_is_begun_later_from_the_case(office: Office, colleague: User) -> None:
    application = an_application(office)
    clerk, case = browser(office.clerk), the_case(application)
    address = reverse("admin:intake_helping_begin", args=(application.pk,))
    page = clerk.get(reverse("admin:intake_case_change", args=(case.pk,))).content.decode()
    assert address in page
    assert clerk.get(address).status_code == 200
    assert clerk.post(address, {"helper": "help:1x"}).status_code == 422
    data = {"helper": f"help:{colleague.pk}"}
    assert clerk.post(address, data).status_code == 302
    again_sent = clerk.post(address, data)
    assert again_sent.status_code == HelpedAlready.status
    assert Helping.objects.count() == 1


def test_it_is_passed_on_within_the_point(office: Office, colleague: User) -> None:
    helping = helped(office, office.clerk)
    for wrong in (office.other_clerk.pk, office.clerk.pk, 0):
        with pytest.raises(HelperUnusable):
            pass_help(helping_id=helping.pk, actor=office.clerk, helper_id=wrong)
    address = reverse("admin:intake_helping_do", args=(helping.pk, "pass_help"))
    clerk = browser(office.clerk)
    assert clerk.post(address, {"helper": "x"}).status_code == 422
    assert clerk.post(address, {"helper": colleague.pk, "note": "休假"}).status_code == 302
    helping.refresh_from_db()
    assert helping.helper == colleague
    assert inbox(colleague)


def test_words_are_asked_for_and_kept_short(office: Office) -> None:
    helping = helped(office, office.clerk)
    for note in ("", "  ", "字" * 1001):
        with pytest.raises(NothingSaid):
            note_help(helping_id=helping.pk, actor=office.clerk, note=note)
    address = reverse("admin:intake_helping_do", args=(helping.pk, "note_help"))
    assert browser(office.clerk).post(address, {"note": ""}).status_code == 422


def test_every_verb_by_everybody_and_after_the_end(office: Office, colleague: User) -> None:
    helping = helped(office, office.clerk)
    given: dict[str, dict[str, Any]] = {
        "note_help": {"note": "说明"},
        "pass_help": {"helper_id": colleague.pk},
        "end_help": {"note": "说明"},
    }
    for verb, arguments in given.items():
        for name, person in office.everybody().items():
            if name != "clerk":
                with pytest.raises(DomainError):
                    HELP_VERBS[verb](helping_id=helping.pk, actor=again(person), **arguments)
    end_help(helping_id=helping.pk, actor=office.clerk, note="办完了")
    for verb, arguments in given.items():
        with pytest.raises(TransitionRefused):
            HELP_VERBS[verb](helping_id=helping.pk, actor=office.clerk, **arguments)
    assert set(HELP_VERBS) == {move.name for move in HELP_FLOW.transitions}
    assert HELP_FLOW.unreachable() == set()


def test_strangers_neither_see_nor_begin_it(office: Office) -> None:
    helping = helped(office, office.clerk)
    for outsider in (office.other_clerk, office.other_reviewer):
        client = browser(outsider)
        assert helping.application.number not in client.get(LIST).content.decode()
        for verb in HELP_VERBS:
            assert client.get(f"{LIST}{helping.pk}/do/{verb}/").status_code == 404
    bare, order = an_application(office), HelpOrder(office.clerk.pk)
    address = reverse("admin:intake_helping_begin", args=(bare.pk,))
    assert browser(office.other_clerk).get(address).status_code == 404
    with pytest.raises(NotFound):
        begin_helping(application_id=bare.pk, actor=office.other_clerk, order=order)
    with pytest.raises(Forbidden):
        begin_helping(application_id=bare.pk, actor=office.reviewer, order=order)
    above = appointed(
        "it_hall", "大厅人员", Role.CLERK, office.point.unit, region=office.department.region
    )
    with pytest.raises(OtherDesk):
        begin_helping(application_id=bare.pk, actor=above, order=order)
