"""期限计算器: what its doors accept, refuse and show."""

import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from playwright.sync_api import Page

from common.time import freeze
from deadlines.models import Clock, ClockRule
from deadlines.parts import calculator_url, explain_url
from deadlines.services import extend_clock, pause_clock, resume_clock
from organisations.models import User
from tests.factories.deadlines import Desk, a_clock, a_desk, moment

pytestmark = pytest.mark.django_db
PREVIEW = "/api/v1/deadlines/preview/"


@pytest.fixture
def desk() -> Desk:
    return a_desk()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def run(*arguments: str, **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("deadline", *arguments, stdout=out, **options)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def preview(client: Client, **body: Any) -> Any:
    return client.post(PREVIEW, body, content_type="application/json")


def days_of(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {day["day"]: day for day in answer["explanation"]}


def test_it_works() -> None:
    answer = run("--start", "2021-12-03", "--workdays", "20")
    assert answer.pop("explanation")
    assert answer == {
        "statutory_due_on": "2021-12-31",
        "statutory_due_at": None,
        "promised_due_on": None,
        "provisional": False,
    }


def test_the_explanation_names_day_reason_and_article() -> None:
    days = days_of(run("--start", "2021-09-28", "--workdays", "7"))
    assert days["2021-09-28"]["why"] == "起算当日，不计"
    assert days["2021-09-28"]["article"] == "民法典第201条"
    assert days["2021-10-01"]["why"] == "国庆节放假，不计"
    assert days["2021-10-01"]["article"] == "国办发明电〔2020〕27号"
    assert days["2021-10-09"]["why"] == "调休上班，计入"
    assert days["2021-10-09"]["statutory_day"] == 4
    assert days["2021-10-10"]["why"] == "周末，不计"
    assert days["2021-10-13"]["why"] == "工作日；法定时限于此日届满"
    assert days["2021-10-13"]["article"] == "行政许可法第82条；民法典第203条"


def test_a_survey_is_told_apart_for_promise_and_statute() -> None:
    survey = ("--pause", "2021-12-08:2021-12-17:现场勘验", "--promised-workdays", "15")
    days = days_of(run("--start", "2021-12-03", "--workdays", "20", *survey))
    told = days["2021-12-09"]
    assert (told["statutory_day"], told["promised_day"]) == (4, None)
    assert told["why"] == "承诺时限：现场勘验期间，不计；法定时限：工作日"
    assert "安阳市政务服务条例第37条" in told["article"]


def test_the_extension_and_the_hours_are_told() -> None:
    days = days_of(run("--start", "2021-12-03", "--rule", "APP-07", "--extend-workdays", "10"))
    assert days["2021-12-31"]["why"] == "工作日"
    assert days["2022-01-04"]["why"] == "延长的期限，计入"
    assert days["2022-01-04"]["statutory_day"] == 21
    days = days_of(run("--start", "2021-12-03", "--at", "16:20", "--rule", "HOT-02"))
    assert days["2021-12-03"]["why"] == "计入 7 小时 40 分"
    assert days["2021-12-04"]["counts"] is True


def test_each_provisional_day_is_marked() -> None:
    days = days_of(run("--start", "2026-12-20", "--workdays", "20"))
    assert days["2026-12-31"]["provisional"] is False
    assert days["2027-01-04"]["provisional"] is True
    assert days["2027-01-01"]["article"] == "全国年节及纪念日放假办法"


def test_an_older_version_of_a_rule_governs_an_older_start() -> None:
    rule = ClockRule.objects.get(code="APP-10")
    ClockRule.objects.filter(pk=rule.pk).update(effective_to=date(2024, 6, 30))
    rule.pk, rule.version, rule.amount = None, 2, 5
    rule.effective_from, rule.effective_to = date(2024, 7, 1), None
    rule.save()
    asked = ("--start", "2024-06-28", "--rule", "APP-10", "--no-explanation")
    assert run(*asked)["statutory_due_on"] == "2024-07-12"
    assert run(*asked, "--in-force", "2024-07-01")["statutory_due_on"] == "2024-07-05"


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"start": "2021-02-30", "workdays": 3},
        {"start": 20211203, "workdays": 3},
        {"start": "2021-12-03", "workdays": -1},
        {"start": "2021-12-03", "workdays": 1.5},
        {"start": "2021-12-03", "workdays": True},
        {"start": "2021-12-03", "workdays": "many"},
        {"start": "2021-12-03", "workdays": 10**12},
        {"start": "2021-12-03", "workdays": 3, "unit": "fortnight"},
        {"start": "2021-12-03", "workdays": 9000, "unit": "month"},
        {"start": "2009-12-03", "workdays": 3},
        {"start": "2021-12-03", "rule": "XXX-1"},
        {"start": "2021-12-03", "rule": 7},
        {"start": "2021-12-03", "rule": "APP-07", "workdays": 3},
        {"start": "2021-12-03", "rule": "APP-04"},
        {"start": "2021-12-03", "rule": "APP-13", "extend_workdays": 1},
        {"start": "2021-12-03", "promised_workdays": 3, "extend_workdays": 1},
        {"start": "2021-12-03", "workdays": 3, "pauses": "2021-12-04"},
        {"start": "2021-12-03", "workdays": 3, "pauses": [["2021-12-04"]]},
        {"start": "2021-12-03", "workdays": 3, "pauses": [["2021-12-04", None]]},
        {"start": "2021-12-03", "workdays": 3, "pauses": [["2021-12-04", "2099-01-01"]]},
        {"start": "2021-12-03", "workdays": 3, "unit": "hour", "at": "9"},
        {"start": "2021-12-03", "workdays": 3, "end_roll": "perhaps"},
    ],
    ids=str,
)
def test_bad_input_is_told_at_every_door(client: Client, tmp_path: Path, bad: Any) -> None:
    answer = preview(client, **bad)
    assert answer.status_code == 400
    assert answer.json()["code"]
    assert answer.json()["title"]
    asked = tmp_path / "asked.jsonl"
    asked.write_text(json.dumps(bad) + "\n")
    assert set(run(batch=str(asked))) == {"error"}


@pytest.mark.parametrize("line", [b"", b"{", b"[1]", b"\xff", b"null", b"[" * 100_000], ids=len)
def test_a_faulty_line_stops_no_batch(tmp_path: Path, line: bytes) -> None:
    asked = tmp_path / "asked.jsonl"
    good = b'{"start": "2021-12-03", "workdays": 20, "topic": "ignored"}'
    asked.write_bytes(b"\n".join([good, line, good]) + b"\n")
    out = io.StringIO()
    call_command("deadline", batch=str(asked), no_explanation=True, stdout=out)
    first, fault, last = map(json.loads, out.getvalue().splitlines())
    assert first == last
    assert first["statutory_due_on"] == "2021-12-31"
    assert list(fault) == ["error"]


def test_a_process_of_its_own_ends_with_one_line_and_two() -> None:
    command = [sys.executable, "manage.py", "deadline", "--start", "2021-12-32"]
    ended = subprocess.run(
        command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "Traceback" not in ended.stderr


def test_a_missing_batch_file_is_one_line() -> None:
    with pytest.raises(CommandError) as refusal:
        run(batch="/nowhere/at/all")
    assert refusal.value.returncode == 2


def test_a_stranger_reads_the_page(client: Client) -> None:
    with freeze(moment("2021-12-03")):
        page = client.get("/deadlines/").content.decode()
    assert "期限计算器" in page
    assert 'value="2021-12-03"' in page
    assert "due-month" not in page


def test_the_page_draws_the_month(client: Client) -> None:
    asked = "start=2021-12-03&workdays=20&promised_workdays=5"
    page = client.get(f"/deadlines/?{asked}").content.decode()
    assert "2021年12月31日" in page
    assert "due-cell--statute" in page
    assert "due-cell--promise" in page
    assert "法定届满" in page
    assert "style=" not in page


def test_nothing_typed_is_lost_and_the_fault_stands_at_its_field(client: Client) -> None:
    asked = "start=2021-12-03&workdays=abc&pause_from=2021-12-06&pause_to=x&pause_ground=听证"
    page = client.get(f"/deadlines/?{asked}").content.decode()
    assert 'href="#id_workdays"' in page
    assert 'value="abc"' in page
    assert 'value="2021-12-06"' in page
    assert 'value="听证"' in page


def test_marks_of_html_stay_text(client: Client) -> None:
    page = client.get("/deadlines/?start=<script>&rule=<b>&pause_from=<i>").content.decode()
    assert "<script>&" not in page
    assert "<b>" not in page
    assert "<i>" not in page


def test_a_long_limit_draws_its_ends_only(client: Client) -> None:
    page = client.get("/deadlines/?start=2021-12-03&workdays=36&unit=month").content.decode()
    assert page.count('class="due-month"') == 6
    assert "2024年12月3日" in page


def test_the_rule_without_verified_basis_is_marked(client: Client) -> None:
    page = client.get("/deadlines/?start=2024-07-10&rule=PEN-08").content.decode()
    assert "依据待核" in page
    page = client.get("/deadlines/?start=2026-12-20&rule=APP-07").content.decode()
    assert "暂定" in page


def paused_and_extended(desk: Desk) -> Clock:
    clock = a_clock(desk)
    said = {"ground": "听证", "legal_basis": "行政许可法第45条"}
    with freeze(moment("2021-12-15")):
        pause_clock(clock_id=clock.pk, actor=desk.handler, told_until=date(2021, 12, 24), **said)
    with freeze(moment("2021-12-22")):
        resume_clock(clock_id=clock.pk, actor=desk.handler)
        extend_clock(clock_id=clock.pk, actor=desk.head, amount=3, reason="疑难")
    clock.refresh_from_db()
    return clock


def test_a_real_clock_says_why(desk: Desk) -> None:
    clock = paused_and_extended(desk)
    page = signed_in(desk.handler).get(explain_url(clock))
    text = page.content.decode()
    assert page.status_code == 200
    assert page.context["answer"].dues.statutory_on == clock.statutory_due_on
    assert page.context["answer"].dues.promised_on == clock.promised_due_on
    assert "听证期间，不计" in text
    assert "延长的期限，计入" in text


def test_the_question_of_a_real_clock_leads_to_its_dues(client: Client, desk: Desk) -> None:
    for clock in (paused_and_extended(desk), a_clock(desk, number="BG-2", rule="", promised=None)):
        answer = client.get(calculator_url(clock)).context["answer"]
        assert answer.dues.statutory_on == clock.statutory_due_on
        assert answer.dues.promised_on == clock.promised_due_on


def test_nobody_outside_its_scope_sees_a_clock(client: Client, desk: Desk) -> None:
    address = explain_url(a_clock(desk))
    assert client.get(address).status_code == 302
    assert signed_in(desk.stranger).get(address).status_code == 404
    assert signed_in(User.objects.create_user("nobody")).get(address).status_code == 403
    assert signed_in(desk.clerk).get(address).status_code == 200


def test_the_schema_describes_the_preview(client: Client) -> None:
    schema = client.get("/api/v1/schema/?format=json").json()
    told = schema["paths"]["/api/v1/deadlines/preview/"]["post"]
    assert "requestBody" in told
    assert "explanation" in schema["components"]["schemas"]["PreviewAnswer"]["properties"]


@pytest.mark.browser
def test_a_person_calculates(page: Page) -> None:
    page.goto("/deadlines/")
    page.locator("#id_start").fill("2021-12-03")
    page.locator("#id_workdays").fill("20")
    page.get_by_role("button", name="计算").click()
    assert "2021年12月31日" in page.locator(".due-answer").inner_text()


@pytest.mark.browser
def test_the_phone_scrolls_only_down(phone: Page) -> None:
    phone.goto("/deadlines/?start=2021-12-03&workdays=20&promised_workdays=5")
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
