"""Bad questions x doors: page, API, command and batch refuse them in the same words."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from deadlines.models import CalendarVersion, ClockRule

pytestmark = pytest.mark.django_db
Door = Callable[[dict[str, Any], Path], str]
"""What the door answers; it asserts itself that it refused in its own way."""


def by_page(asked: dict[str, Any], _folder: Path) -> str:
    """The calculator; what was typed stands in the form again."""
    fields = {name: value for name, value in asked.items() if name != "pauses"}
    for pause in asked.get("pauses", []):
        fields |= dict(zip(("pause_from", "pause_to", "pause_ground"), pause, strict=False))
    answer = Client().get("/deadlines/", fields)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "due-answer" not in text
    assert f'value="{asked["start"]}"' in text
    return text


def by_api(asked: dict[str, Any], _folder: Path) -> str:
    """The preview; a refusal is a problem document."""
    address = "/api/v1/deadlines/preview/"
    answer = Client().post(address, asked, content_type="application/json")
    assert answer.status_code in (400, 409)
    assert answer["Content-Type"] == "application/problem+json"
    return json.dumps(answer.json(), ensure_ascii=False)


def by_command(asked: dict[str, Any], _folder: Path) -> str:
    """One question on the command line; a refusal is one line and ends with 2."""
    names = {"end_roll": "end-roll"}
    words = []
    for name, value in asked.items():
        if name == "pauses":
            words += [word for pause in value for word in ("--pause", ":".join(pause))]
        else:
            words.append(f"--{names.get(name, name).replace('_', '-')}={value}")
    with pytest.raises(CommandError) as refusal:
        call_command("deadline", *words, stdout=io.StringIO())
    assert refusal.value.returncode == 2
    return str(refusal.value)


def by_batch(asked: dict[str, Any], folder: Path) -> str:
    """A line of a batch."""
    lines, out = folder / "asked.jsonl", io.StringIO()
    lines.write_text(json.dumps(asked) + "\n")
    call_command("deadline", batch=str(lines), stdout=out)
    answer = json.loads(out.getvalue())
    assert list(answer) == ["error"]
    return str(answer["error"])


DOORS: dict[str, Door] = {
    "page": by_page,
    "api": by_api,
    "command": by_command,
    "batch": by_batch,
}
START = {"start": "2021-12-03"}
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("a negative limit", {"workdays": -1}, "不能为负"),
    ("a negative promise", {"workdays": 5, "promised_workdays": -2}, "不能为负"),
    ("a negative extension", {"workdays": 5, "extend_workdays": -2}, "不能为负"),
    ("a promise over its statute", {"workdays": 5, "promised_workdays": 6}, "不得长于法定时限"),
    (
        "a promise over the statute of a rule",
        {"rule": "APP-07", "promised_workdays": 21},
        "不得长于法定时限",
    ),
    ("an extension over the maximum", {"rule": "APP-07", "extend_workdays": 11}, "10"),
    (
        "an extension no law provides",
        {"rule": "APP-13", "extend_workdays": 1},
        "法律未规定该时限可以延长",
    ),
    (
        "a pause on an unlisted ground",
        {"workdays": 20, "pauses": [["2021-12-06", "2021-12-08", "领导出差"]]},
        "法律未列此项情形",
    ),
    (
        "a pause that ends before it starts",
        {"workdays": 20, "pauses": [["2021-12-08", "2021-12-06"]]},
        "早于",
    ),
    (
        "a pause before the start",
        {"workdays": 20, "pauses": [["2021-12-01", "2021-12-06"]]},
        "早于时限",
    ),
    (
        "a pause after expiry",
        {"workdays": 5, "pauses": [["2021-12-20", "2021-12-22"]]},
        "届满",
    ),
]


def rows() -> list[Any]:
    models = (ClockRule, CalendarVersion)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("_told", "asked", "words"), BAD)
def test_it_works(_told: str, asked: dict[str, Any], words: str, door: str, tmp_path: Path) -> None:
    kept = rows()
    assert words in DOORS[door](START | asked, tmp_path)
    assert rows() == kept


@pytest.mark.parametrize("door", DOORS)
def test_a_door_can_answer(door: str, tmp_path: Path) -> None:
    """What is right is not refused: the doors above can fail."""
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        DOORS[door](START | {"workdays": 5, "promised_workdays": 3}, tmp_path)
