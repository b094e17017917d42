"""scenarios.csv: each line a command, its article and its dues, through every door."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.deadlines import oracle

pytestmark = pytest.mark.django_db

PATH = Path(__file__).with_name("scenarios.csv")
with PATH.open(encoding="utf-8") as stream:
    ROWS = list(csv.DictReader(stream))
ANSWERED = [row for row in ROWS if row["statutory_due"] != "refused"]
REFUSED = [row for row in ROWS if row["statutory_due"] == "refused"]
WITHIN_NOTICES = [row for row in ANSWERED if "2026-12-2" not in row["options"]]


def words(row: dict[str, str]) -> str:
    return f"{row['what']} [{row['options']}]"


def run(options: str) -> dict[str, Any]:
    out = io.StringIO()
    arguments = [f"{word}" for word in options.replace("--workdays -", "--workdays=-").split()]
    call_command("deadline", *arguments, stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def dues(answer: dict[str, Any]) -> tuple[str, str]:
    law = answer["statutory_due_at"] or answer["statutory_due_on"] or ""
    return law, answer["promised_due_on"] or ""


def told(row: dict[str, str]) -> tuple[str, str]:
    return row["statutory_due"], row["promised_due"]


def as_body(options: str) -> dict[str, Any]:
    """The same question as a JSON object."""
    asked = oracle.options(options)
    body = {name.replace("-", "_"): value for name, value in asked.items() if name != "pause"}
    body |= {name: int(value) for name, value in body.items() if name.endswith("workdays")}
    return body | {"pauses": asked["pause"]}


def as_query(options: str) -> list[tuple[str, str]]:
    """The same question as the address of the page."""
    body = as_body(options)
    pauses = body.pop("pauses")
    columns = ("pause_from", "pause_to", "pause_ground")
    pairs = [
        pair for pause in pauses for pair in zip(columns, [*pause, ""][: len(columns)], strict=True)
    ]
    return [*((name, "1" if value is True else str(value)) for name, value in body.items()), *pairs]


def test_it_works() -> None:
    assert len(ROWS) >= 130
    assert all(row["article"] for row in ROWS)
    assert run("--start 2021-12-03 --workdays 20")["statutory_due_on"] == "2021-12-31"


@pytest.mark.parametrize("row", ANSWERED, ids=words)
def test_the_command_answers(row: dict[str, str]) -> None:
    answer = run(row["options"])
    assert dues(answer) == told(row)
    assert answer["provisional"] is (row["provisional"] == "yes")


@pytest.mark.parametrize("row", REFUSED, ids=words)
def test_the_command_refuses(row: dict[str, str]) -> None:
    with pytest.raises(CommandError) as refusal:
        run(row["options"])
    assert refusal.value.returncode == 2
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("row", WITHIN_NOTICES, ids=words)
def test_another_count_agrees(row: dict[str, str]) -> None:
    assert oracle.expected(row["options"]) == told(row)


@pytest.mark.parametrize("row", ANSWERED, ids=words)
def test_the_explanation_counts_up_to_the_due(row: dict[str, str]) -> None:
    answer = run(row["options"])
    days = answer["explanation"]
    dates = [day["day"] for day in days]
    assert dates == sorted(set(dates))
    for due, field in (("statutory_due_on", "statutory_day"), ("promised_due_on", "promised_day")):
        numbers = [day[field] for day in days if day[field]]
        if "APP-13" in row["options"] or "APP-14 " in f"{row['options']} ":
            numbers.reverse()
        assert numbers == list(range(1, len(numbers) + 1))
        assert answer[due] is None or answer[due] in dates
    assert all(day["why"] for day in days)
    assert all(day["article"] for day in days)


def test_a_batch_answers_line_by_line(tmp_path: Path) -> None:
    lines = [json.dumps(as_body(row["options"]), ensure_ascii=False) for row in ROWS]
    asked = tmp_path / "asked.jsonl"
    asked.write_text("\n".join(lines), encoding="utf-8")
    out = io.StringIO()
    call_command("deadline", batch=str(asked), stdout=out)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(answers) == len(ROWS)
    for row, answer in zip(ROWS, answers, strict=True):
        if row in REFUSED:
            assert set(answer) == {"error"}, row
        else:
            assert dues(answer) == told(row), row


@pytest.mark.parametrize("row", ROWS[::3], ids=words)
def test_the_api_answers(client: Client, row: dict[str, str]) -> None:
    answer = client.post(
        "/api/v1/deadlines/preview/", as_body(row["options"]), content_type="application/json"
    )
    if row in REFUSED:
        assert answer.status_code == 400
        assert answer["content-type"] == "application/problem+json"
    else:
        assert dues(answer.json()) == told(row)


@pytest.mark.parametrize("row", ROWS[::5], ids=words)
def test_the_page_answers(client: Client, row: dict[str, str]) -> None:
    page = client.get("/deadlines/", query_params=as_query(row["options"]))
    text = page.content.decode()
    assert page.status_code == 200
    if row in REFUSED:
        assert 'class="errors"' in text
        assert "due-answer" not in text
    else:
        answer = page.context["answer"].head()
        assert dues(answer) == told(row)
        assert 'class="due-month"' in text
