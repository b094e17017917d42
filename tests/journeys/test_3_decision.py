"""Journey 3: the reviewer decides on one page, the window hands out, the timeline tells it."""

import pytest
from django.test import Client
from django.urls import reverse

from approvals.models import Decision, Delivery
from documents.services import read_paper
from intake.choices import CaseResult, CaseState
from intake.models import Case, CaseEvent, MaterialFile
from intake.services import MaterialInput
from tests.factories.documents import make_attachment
from tests.factories.intake import (
    Office,
    again,
    all_materials,
    an_application,
    an_office,
    reread,
    the_case,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return an_office()


def browser(person: object) -> Client:
    client = Client()
    client.force_login(again(person), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, case: Case) -> str:
    answer = client.get(reverse("admin:intake_case_change", args=(case.pk,)))
    assert answer.status_code == 200
    return str(answer.content.decode())


def do(client: Client, case: Case, verb: str, **data: object) -> object:
    url = reverse("admin:intake_case_do", args=(case.pk, verb))
    shown = client.get(url)
    assert shown.status_code == 200, verb
    sent = {"row_version": reread(case).row_version, **data}
    answer = client.post(url, sent, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer


def with_file(office: Office) -> Case:
    scan = make_attachment(actor=office.clerk)
    given = [
        MaterialInput(m.name, attachment_ids=(scan.pk,)) if m.name == "居民身份证" else m
        for m in all_materials(office.item)
    ]
    return the_case(an_application(office, materials=given))


def test_it_works(office: Office) -> None:
    case = with_file(office)
    reviewer, clerk = browser(office.reviewer), browser(office.clerk)
    do(reviewer, case, "begin_review")
    text = page(reviewer, case)
    assert "残疾类别" in text
    assert "肢体" in text
    file = MaterialFile.objects.get(material__case=case)
    address = reverse("admin:intake_case_file", args=(case.pk, file.attachment_id))
    assert address in text
    assert reviewer.get(address).content.startswith(b"\x89PNG")
    do(reviewer, case, "record_review", outcome="pass", opinion="材料属实")
    do(reviewer, case, "grant_case", opinion="符合条件，同意办理。")
    assert reread(case).state == CaseState.CLOSED
    assert reread(case).result == CaseResult.GRANTED
    do(reviewer, case, "ready_result")
    do(clerk, case, "deliver_result", method="window", receiver="张小明", proof="居民身份证")
    do(clerk, case, "archive_case")
    told = page(clerk, case)
    for name in ("王芳", "赵敏", "开始审查", "准予", "发放结果", "归档"):
        assert name in told, name
    events = CaseEvent.objects.for_subject(case.pk)
    assert all(event.post_label for event in events)
    decision, delivery = Decision.objects.get(), Delivery.objects.get()
    assert read_paper(decision.paper).startswith(b"%PDF")
    assert read_paper(delivery.paper).startswith(b"%PDF")
    assert delivery.reveal("receiver") == "张小明"
    assert decision.number in told


def test_a_refusal_names_reasons_and_remedies(office: Office) -> None:
    case = the_case(an_application(office))
    reviewer = browser(office.reviewer)
    do(reviewer, case, "begin_review")
    url = reverse("admin:intake_case_do", args=(case.pk, "refuse_case"))
    assert reviewer.post(url, {"opinion": ""}).status_code == 422
    do(reviewer, case, "refuse_case", opinion="评定等级不符合标准。")
    data = Decision.objects.get().paper.reveal_json("data")
    assert data["result"] == "refused"
    assert data["review_organ"] == "安阳市北关区人民政府"
    assert reread(case).result == CaseResult.REFUSED


def test_the_window_gets_a_case_back_with_a_reason_and_sends_it_on(office: Office) -> None:
    case = the_case(an_application(office))
    reviewer, clerk = browser(office.reviewer), browser(office.clerk)
    do(reviewer, case, "send_to_window", note="身份证复印件看不清")
    assert "身份证复印件看不清" in page(clerk, case)
    refused = reviewer.get(reverse("admin:intake_case_do", args=(case.pk, "begin_review")))
    assert refused.status_code == 302
    do(clerk, case, "send_on", note="已重新扫描")
    do(reviewer, case, "begin_review")
    assert reread(case).state == CaseState.REVIEWING


def test_personal_data_are_masked_until_a_reason_is_given(office: Office) -> None:
    case = the_case(an_application(office))
    reviewer = browser(office.reviewer)
    number = case.application.applicant.reveal("id_number")
    assert number not in page(reviewer, case)
    url = reverse("admin:intake_case_reveal", args=(case.pk,))
    assert number not in reviewer.post(url, {"reason": ""}, follow=True).content.decode()
    assert number in reviewer.post(url, {"reason": "核对评定表"}).content.decode()
    event = CaseEvent.objects.for_subject(case.pk).last()
    assert (event.verb, event.note) == ("reveal_applicant", "核对评定表")


def test_two_reviewers_on_one_case(office: Office) -> None:
    case = the_case(an_application(office))
    first, second = browser(office.reviewer), browser(office.head)
    url = reverse("admin:intake_case_do", args=(case.pk, "send_to_window"))
    seen = second.get(url).context["form"]["row_version"].value()
    do(first, case, "reassign_case", department=office.other_department.code, note="转交")
    answer = second.post(url, {"row_version": seen, "note": "写了很长的理由"})
    assert answer.status_code in {404, 409}
    case = the_case(an_application(office))
    url = reverse("admin:intake_case_do", args=(case.pk, "begin_review"))
    stale = case.row_version
    do(first, case, "send_to_window", note="退回")
    browser(office.clerk).post(
        reverse("admin:intake_case_do", args=(case.pk, "send_on")), {"note": "好了"}
    )
    answer = second.post(url, {"row_version": stale})
    assert answer.status_code == 409
    assert "同事" in answer.content.decode()
    assert reread(case).state == CaseState.ACCEPTED
