"""The right to be forgotten: refused too early, complete once done, and on record."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common import time
from common.errors import DomainError, Forbidden, PersonErased
from common.events import chain_faults
from deadlines.services import sweep
from documents.models import Attachment, Paper
from documents.services import read_attachment, read_paper
from intake.choices import CaseState
from intake.errors import CaseNotFound, CasesOpen
from intake.models import Applicant, Case, CaseEvent
from intake.querysets import OVER
from intake.services import (
    ApplicantInput,
    MaterialInput,
    annul_effect,
    erase_applicant,
    withdraw_case,
)
from intake.services.applicants import reveal_applicant
from tests.factories.documents import make_attachment
from tests.factories.intake import (
    Office,
    a_case_at,
    again,
    all_materials,
    an_applicant,
    an_application,
    an_office,
    reread,
    the_case,
)
from tests.factories.window import browser

pytestmark = pytest.mark.django_db
WHY = "本人申请删除，档案保管期限已满"
SAID = "已抹除"
TRACES = ("张小明", "张*明", "13837212345", "138****2345", "身份证正面")


@pytest.fixture
def office() -> Office:
    return an_office()


def a_withdrawn_case(office: Office, who: ApplicantInput, scan: Attachment | None = None) -> Case:
    given = all_materials(office.item)
    if scan:
        given[1] = MaterialInput(given[1].name, attachment_ids=(scan.pk,))
    case = the_case(an_application(office, applicant=who, materials=given))
    return withdraw_case(case_id=case.pk, actor=office.clerk, note="不办了")


def erase(case: Case, office: Office, **changes: Any) -> None:
    erase_applicant(
        **{"case_id": case.pk, "actor": again(office.administrator), "reason": WHY, **changes}
    )


def test_it_works(office: Office) -> None:
    """Every case of the person says who erased when and why; nothing else of him is left."""
    who = an_applicant()
    scan = make_attachment(actor=office.clerk, name="张小明身份证正面.png")
    first, second = a_withdrawn_case(office, who, scan), a_withdrawn_case(office, who)
    erase(first, office)
    person = Applicant.objects.get()
    assert person.is_erased
    assert [person.reveal(name) for name in ("name", "id_number", "mobile")] == ["", "", ""]
    assert person.name_index == person.name_initials == person.id_index == person.mobile_index == ""
    assert str(Attachment.objects.get()) == SAID
    for read, row in ((read_attachment, scan), (read_paper, first.application.receipt)):
        with pytest.raises(DomainError, match="个人信息"):
            read(type(row).objects.get(pk=row.pk))
    for case in (first, second):
        events = list(CaseEvent.objects.for_subject(case.pk))
        assert (events[-1].verb, events[-1].note) == ("erase_applicant", WHY)
        assert events[-1].actor == office.administrator
        assert "第四十七条" in events[-1].legal_basis
        assert chain_faults(events) == []


def test_the_same_person_comes_again_as_somebody_new(office: Office) -> None:
    who = an_applicant()
    case = a_withdrawn_case(office, who)
    erase(case, office)
    again_here = the_case(an_application(office, applicant=who))
    assert again_here.application.applicant_id != case.application.applicant_id
    assert again_here.application.applicant.reveal("name") == "张小明"


@pytest.mark.parametrize("state", CaseState.values)
def test_it_waits_until_every_case_is_over(office: Office, state: str) -> None:
    case = a_case_at(state, office)
    if state in OVER:
        erase(case, office)
    else:
        with pytest.raises(CasesOpen, match=case.number) as refused:
            erase(case, office)
        assert refused.value.details["cases"] == [case.number]
    assert reread(case).applicant_erased is (state in OVER)
    assert CaseEvent.objects.filter(verb="erase_applicant").exists() is (state in OVER)


def test_who_may_not_and_what_is_not_there(office: Office) -> None:
    case = a_withdrawn_case(office, an_applicant())
    for person in (office.clerk, office.head, office.reviewer, office.supervisor, office.client):
        with pytest.raises(Forbidden):
            erase(case, office, actor=again(person))
    with pytest.raises(CaseNotFound):
        erase(case, office, case_id=case.pk + 1000)
    erase(case, office)
    with pytest.raises(PersonErased):
        erase(case, office)
    with pytest.raises(PersonErased):
        reveal_applicant(case_id=case.pk, actor=office.clerk, reason="核对")
    assert CaseEvent.objects.for_subject(case.pk).filter(verb="reveal_applicant").count() == 0


def test_a_file_that_shows_another_persons_material_stays(office: Office) -> None:
    shared = make_attachment(actor=office.clerk, name="委托书.png")
    gone = a_withdrawn_case(office, an_applicant(), shared)
    a_withdrawn_case(office, an_applicant(name="李四"), shared)
    erase(gone, office)
    kept = Attachment.objects.get()
    assert str(kept) == "委托书.png"
    assert read_attachment(kept)


def test_nothing_begins_anew_for_an_erased_person(office: Office) -> None:
    case = a_case_at(CaseState.CORRECTING, office)
    with time.travel(time.now() + timedelta(days=60)):
        sweep()
        assert reread(case).state == CaseState.WITHDRAWN
        erase(case, office)
        with pytest.raises(DomainError, match="个人信息"):
            annul_effect(case_id=case.pk, actor=again(office.head), note="误判")


def pages(office: Office, case: Case) -> Iterator[tuple[str, str]]:
    """Everything a person can open about the case, with what stands there."""
    client, key = browser(office.administrator), {"args": (case.pk,)}
    for address in (
        reverse("admin:index"),
        reverse("admin:intake_case_changelist"),
        reverse("admin:intake_application_changelist"),
        reverse("admin:intake_application_change", args=(case.application_id,)),
        reverse("admin:approvals_decision_changelist"),
        reverse("admin:documents_paper_changelist"),
        reverse("admin:documents_attachment_changelist"),
        reverse("admin:notifications_inboxmessage_changelist"),
        reverse("admin:intake_case_change", **key),
        reverse("admin:intake_case_do", args=(case.pk, "archive_case")),
        f"{reverse('admin:search')}?q={case.number}",
        f"{reverse('admin:search')}?q=zxm",
        f"{reverse('admin:intake_case_changelist')}?q=张小明",
        f"/api/v1/intake/cases/{case.number}/",
        "/api/v1/intake/cases/",
        "/api/v1/intake/applications/",
    ):
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        yield address, answer.content.decode()
    receipt = {"receipt": case.application.number, "check": case.application.check_code}
    yield "progress", Client().post(reverse("intake:progress"), receipt).content.decode()


def test_no_door_shows_a_trace_and_none_breaks(office: Office) -> None:
    scan = make_attachment(actor=office.clerk, name="张小明身份证正面.png")
    case = a_case_at(CaseState.DELIVERED, office)
    case.materials.first().files.create(attachment=scan, added_by=office.clerk)
    person = case.application.applicant
    secrets = (*TRACES, person.reveal("id_number"), person.masked_id)
    before = dict(pages(office, case))
    assert any(trace in text for text in before.values() for trace in secrets)
    erase(case, office)
    after = dict(pages(office, reread(case)))
    for address, text in after.items():
        shown = [trace for trace in secrets if trace in text]
        assert shown in ([], ["张小明"] if "q=" in address else []), (address, shown)
    assert SAID in after[reverse("admin:intake_case_change", args=(case.pk,))]
    assert SAID in after["progress"]
    assert case.number not in after[f"{reverse('admin:search')}?q=zxm"]


def test_files_and_papers_say_it_in_words(office: Office) -> None:
    scan = make_attachment(actor=office.clerk, name="张小明身份证正面.png")
    case = a_withdrawn_case(office, an_applicant(), scan)
    erase(case, office)
    client = browser(office.administrator)
    addresses = [reverse("admin:intake_case_file", args=(case.pk, scan.pk)), f"/files/{scan.pk}/"]
    addresses += [reverse("documents:paper", args=(row.pk,)) for row in Paper.objects.all()]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 410, address
        assert "个人信息已依法删除" in answer.content.decode()


def test_the_administrators_door(office: Office) -> None:
    """Asked twice, refused in words, and done once."""
    case = a_withdrawn_case(office, who := an_applicant())
    open_case = the_case(an_application(office, applicant=who))
    client = browser(office.administrator)
    door = reverse("admin:intake_case_erase", args=(case.pk,))
    shown = client.get(reverse("admin:intake_case_change", args=(case.pk,))).content.decode()
    assert door in shown
    asked = client.get(door).content.decode()
    assert case.number in asked
    assert open_case.number in asked
    assert client.post(door, {"reason": WHY}).status_code == 422
    assert client.post(door, {"reason": "", "sure": "on"}).status_code == 422
    early = client.post(door, {"reason": WHY, "sure": "on"})
    assert early.status_code == 409
    assert open_case.number in early.content.decode()
    assert WHY in early.content.decode()
    withdraw_case(case_id=open_case.pk, actor=office.clerk, note="不办了")
    done = client.post(door, {"reason": WHY, "sure": "on"}, follow=True).content.decode()
    assert "个人信息已抹除" in done
    assert door not in done
    assert client.post(door, {"reason": WHY, "sure": "on"}).status_code == 410


def test_the_door_is_closed_to_others(office: Office) -> None:
    case = a_withdrawn_case(office, an_applicant())
    door = reverse("admin:intake_case_erase", args=(case.pk,))
    assert browser(office.head).get(door).status_code == 403
    assert browser(office.other_clerk).get(door).status_code == 404
    shown = reverse("admin:intake_case_change", args=(case.pk,))
    assert door not in browser(office.clerk).get(shown).content.decode()
