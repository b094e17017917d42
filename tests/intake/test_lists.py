"""Many cases at once: every row through its own service, every row in the report."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.models import Job
from common.tables import as_csv
from intake.choices import CaseState
from intake.forms import many
from intake.forms.many import MOST_ROWS, Chosen, move_for_many, moves_for_many, read_rows
from intake.models import Case, CaseEvent
from intake.registry import handler_of
from intake.services import begin_review, withdraw_case
from intake.transitions import CASE_FLOW
from tests.factories.intake import Office, a_case_at, again, an_application, an_office, reread
from tests.factories.window import browser

pytestmark = pytest.mark.django_db
LIST = "/admin/intake/case/"
OF_ONE_FIELD = {"row_version", "note"}


@pytest.fixture
def office() -> Office:
    return an_office()


def chosen(*cases: Case) -> list[str]:
    return [str(Chosen(case.pk, case.row_version, case.number)) for case in cases]


def do(client: Client, verb: str, rows: list[str], **more: str) -> Any:
    return client.post(reverse("admin:intake_case_many", args=(verb,)), {"row": rows, **more})


def report_of(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 302, answer.content.decode()
    rows: list[dict[str, Any]] = Job.objects.latest("pk").report["rows"]
    return rows


def ticked(client: Client, verb: str, *cases: Case, **more: str) -> Any:
    """The list as posted by a browser: ticks, and what every row showed."""
    seen = {f"seen-{case.pk}": text for case, text in zip(cases, chosen(*cases), strict=True)}
    keys = [case.pk for case in cases]
    return client.post(LIST, {"action": verb, "_selected_action": keys, "index": 0, **seen, **more})


def test_it_works_from_the_list_to_the_report(office: Office) -> None:
    cases = [a_case_at(CaseState.ACCEPTED, office) for _place in range(2)]
    reviewer = browser(office.reviewer)
    page = reviewer.get(LIST).content.decode()
    assert f'name="seen-{cases[0].pk}" value="{chosen(cases[0])[0]}"' in page
    asked = ticked(reviewer, "begin_review", *cases)
    assert asked.status_code == 200
    for text in chosen(*cases):
        assert f'name="row" value="{text}"' in asked.content.decode()
    rows = report_of(do(reviewer, "begin_review", chosen(*cases)))
    assert [(row["number"], row["done"], row["reason"]) for row in rows] == [
        (case.number, True, "") for case in cases
    ]
    for case in cases:
        assert reread(case).state == CaseState.REVIEWING
        assert CaseEvent.objects.for_subject(case.pk).last().actor == office.reviewer


def test_each_row_says_why_it_was_refused_and_the_others_are_done(office: Office) -> None:
    good, stale, gone, hidden = (a_case_at(CaseState.ACCEPTED, office) for _place in range(4))
    rows = chosen(good, stale, gone, hidden)
    begin_review(case_id=stale.pk, actor=again(office.head))
    withdraw_case(case_id=gone.pk, actor=again(office.clerk), note="不办了")
    Case.objects.filter(pk=hidden.pk).update(department=office.other_department)
    found = report_of(do(browser(office.reviewer), "begin_review", [*rows, "999999:1:", "x"]))
    assert [row["done"] for row in found] == [True, False, False, False, False, False]
    assert [row["number"] for row in found[:4]] == [
        case.number for case in (good, stale, gone, hidden)
    ]
    assert all(row["reason"] for row in found[1:])
    assert reread(good).state == CaseState.REVIEWING
    assert reread(hidden).state == CaseState.ACCEPTED


def test_a_row_that_a_colleague_changed_is_stale(office: Office) -> None:
    case = a_case_at(CaseState.DELIVERED, office)
    rows = chosen(case)
    Case.objects.filter(pk=case.pk).update(row_version=case.row_version + 1)
    (found,) = report_of(do(browser(office.reviewer), "archive_case", rows))
    assert not found["done"]
    assert "同事" in found["reason"]
    assert reread(case).state == CaseState.DELIVERED


def test_the_note_goes_into_every_file_and_a_required_one_is_asked_for(office: Office) -> None:
    cases = [a_case_at(CaseState.ACCEPTED, office) for _place in range(2)]
    reviewer = browser(office.reviewer)
    assert do(reviewer, "send_to_window", chosen(*cases)).status_code == 422
    assert reread(cases[0]).desk == cases[0].desk
    report_of(do(reviewer, "send_to_window", chosen(*cases), note="请补电话"))
    for case in cases:
        assert CaseEvent.objects.for_subject(case.pk).last().note == "请补电话"


def test_the_window_receives_and_accepts_many(office: Office) -> None:
    clerk = browser(office.clerk)
    submitted = [a_case_at(CaseState.SUBMITTED, office) for _place in range(2)]
    report_of(do(clerk, "receive_case", chosen(*submitted)))
    lacking = an_application(office, settle=False, materials=[]).cases.get()
    received = [reread(case) for case in submitted]
    rows = report_of(do(clerk, "accept_case", chosen(*received, lacking)))
    assert [row["done"] for row in rows] == [True, True, False]
    assert "居民身份证" in rows[2]["reason"]
    assert received[0].notices.count() == 1


def test_the_page_that_asks_says_what_will_be_refused(office: Office) -> None:
    fit, unfit = a_case_at(CaseState.ACCEPTED, office), a_case_at(CaseState.REVIEWING, office)
    page = ticked(browser(office.reviewer), "begin_review", fit, unfit).content.decode()
    assert "1件" in page
    assert "不能" in page or "不可" in page or "状态" in page


def test_more_than_a_hundred_are_refused_and_nothing_changes(office: Office) -> None:
    case = a_case_at(CaseState.ACCEPTED, office)
    rows = [*chosen(case), *(f"{900000 + place}:1:" for place in range(MOST_ROWS))]
    answer = do(browser(office.reviewer), "begin_review", rows)
    assert answer.status_code == 422
    assert "100" in answer.content.decode()
    assert reread(case).state == CaseState.ACCEPTED
    assert not Job.objects.exists()


def test_the_whole_list_is_taken_as_it_stands(office: Office) -> None:
    case = a_case_at(CaseState.ACCEPTED, office)
    asked = ticked(browser(office.reviewer), "begin_review", case, select_across="1")
    assert chosen(case)[0] in asked.content.decode()


@pytest.mark.parametrize("keys", [["abc"], ["9" * 40], ["-1"], [""], ["1' OR 1"], []])
def test_ticks_that_name_no_case_are_harmless(office: Office, keys: list[str]) -> None:
    data = {"action": "begin_review", "_selected_action": keys, "index": 0}
    assert browser(office.reviewer).post(LIST, data).status_code == 302


@pytest.mark.parametrize("rows", [[], ["\u202e:1:x"], ["1"], ["1:2"], ["::"], ["9" * 50 + ":1:"]])
def test_rows_that_cannot_be_read_are_reported_or_asked_for(
    office: Office, rows: list[str]
) -> None:
    answer = do(browser(office.reviewer), "archive_case", rows)
    assert answer.status_code == (302 if rows else 422)
    assert not CaseEvent.objects.filter(verb="archive_case").exists()


def test_who_may_not_make_the_move_is_not_offered_it(office: Office) -> None:
    case = a_case_at(CaseState.ACCEPTED, office)
    assert do(browser(office.clerk), "begin_review", chosen(case)).status_code == 403
    assert do(browser(office.supervisor), "archive_case", chosen(case)).status_code == 403
    page = browser(office.supervisor).get(LIST).content.decode()
    assert "_selected_action" not in page
    assert "receive_case" in {move.name for move in moves_for_many(again(office.clerk))}
    assert "begin_review" not in {move.name for move in moves_for_many(again(office.clerk))}
    stranger = report_of(do(browser(office.other_reviewer), "begin_review", chosen(case)))
    assert not stranger[0]["done"]
    assert stranger[0]["item"] == ""
    assert reread(case).state == CaseState.ACCEPTED


@pytest.mark.parametrize(
    "verb", ["grant_case", "add_materials", "withdraw_case", "no_such", "report"]
)
def test_a_move_that_asks_for_more_is_not_made_on_many(office: Office, verb: str) -> None:
    case = a_case_at(CaseState.REVIEWING, office)
    assert do(browser(office.head), verb, chosen(case)).status_code == 404


def test_moves_for_many_ask_for_a_note_at_most(office: Office) -> None:
    case, found = a_case_at(CaseState.RECEIVED, office), []
    for move in CASE_FLOW.transitions:
        if move_for_many(move.name) is not None:
            form = handler_of(move.name).form_class(case=case, actor=office.clerk)
            assert set(form.fields) <= OF_ONE_FIELD, move.name
            found.append(move.name)
    assert {"receive_case", "begin_review", "ready_result", "archive_case"} <= set(found)


def test_the_report_is_his_who_did_it_and_downloads(office: Office) -> None:
    case = a_case_at(CaseState.DELIVERED, office)
    reviewer = browser(office.reviewer)
    address = do(reviewer, "archive_case", [*chosen(case), "777777:1:=cmd()"]).headers["Location"]
    page = reviewer.get(address).content.decode()
    assert case.number in page
    assert "777777" not in page
    table = reviewer.get(f"{address}rows.csv")
    assert table.status_code == 200
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [case.number, "'=cmd()"]
    assert rows[1][3] != rows[2][3]
    for other in (office.clerk, office.other_reviewer, office.head):
        assert browser(other).get(address).status_code == 404
        assert browser(other).get(f"{address}rows.csv").status_code == 404


def test_a_row_for_which_no_time_is_left_is_untouched_and_reported(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case_at(CaseState.ACCEPTED, office)
    monkeypatch.setattr(many, "LONGEST_SECONDS", -1.0)
    (found,) = report_of(do(browser(office.reviewer), "begin_review", chosen(case)))
    assert (found["number"], found["done"]) == (case.number, False)
    assert "重新勾选" in found["reason"]
    assert reread(case).state == CaseState.ACCEPTED


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_begins_a_formula(text: str) -> None:
    assert b",'" + text.encode() in as_csv(("a", "b"), [("1", text)]).replace(b'"', b"")


def test_rows_are_read_as_they_were_written() -> None:
    row = Chosen(7, 3, "BG410503004-20261124-0001-1")
    assert read_rows([str(row), str(row), "7:9:"]) == [Chosen(7, 9, "")]
    assert Chosen.read(str(row)) == row


def test_a_post_without_the_sites_token_does_nothing(office: Office) -> None:
    case, strict = a_case_at(CaseState.ACCEPTED, office), Client(enforce_csrf_checks=True)
    person = again(office.reviewer)
    strict.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert do(strict, "begin_review", chosen(case)).status_code == 403
    assert reread(case).state == CaseState.ACCEPTED
