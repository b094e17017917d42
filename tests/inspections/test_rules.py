"""Rules of inspection, without a database."""

from dataclasses import dataclass
from datetime import date

import pytest

from inspections import rules
from inspections.choices import AnswerResult, ItemResult, OrderState, VisitOutcome

HEAD = "code,group,item,is_key,method,legal_basis\n"


@dataclass
class Given:
    pk: int
    result: str
    required: bool = True


def test_it_works() -> None:
    assert rules.first_outcome(corrected=[], always_order=True) == VisitOutcome.COMPLIANT


def test_an_unchecked_answer_is_never_compliance() -> None:
    answers = [
        Given(1, AnswerResult.UNCHECKED),
        Given(2, AnswerResult.PASS),
        Given(3, AnswerResult.UNCHECKED, required=False),
    ]
    assert [a.pk for a in rules.unanswered(answers)] == [1]


def test_a_failure_needs_its_words() -> None:
    answers = [Given(1, AnswerResult.FAIL), Given(2, AnswerResult.FAIL)]
    assert [a.pk for a in rules.undescribed(answers, {1})] == [2]


@pytest.mark.parametrize(
    ("corrected", "always", "outcome"),
    [
        ([True], True, VisitOutcome.ORDERED),
        ([True], False, VisitOutcome.FIXED_ON_SITE),
        ([True, False], False, VisitOutcome.ORDERED),
        ([False], True, VisitOutcome.ORDERED),
    ],
)
def test_any_problem_calls_for_an_order_unless_the_programme_says_otherwise(
    corrected: list[bool], always: bool, outcome: str
) -> None:
    assert rules.first_outcome(corrected=corrected, always_order=always) == outcome


@pytest.mark.parametrize(
    ("results", "state"),
    [
        (["corrected", "corrected"], OrderState.CORRECTED),
        (["corrected", "not_corrected"], OrderState.PARTLY),
        (["partly"], OrderState.PARTLY),
        (["not_corrected"], OrderState.UNCORRECTED),
        ([ItemResult.PENDING, ItemResult.CORRECTED], OrderState.PARTLY),
    ],
)
def test_an_order_is_closed_only_when_every_item_is(results: list[str], state: str) -> None:
    assert rules.order_state(results) == state


def test_repeats_look_back_twelve_months() -> None:
    assert rules.repeat_window_start(date(2026, 11, 24)) == date(2025, 11, 24)
    assert rules.repeat_window_start(date(2024, 2, 29)) == date(2023, 2, 28)


def test_a_checklist_file_is_read_in_its_order() -> None:
    rows = rules.checklist_rows("\ufeff" + HEAD + '1.1,甲,"要点,一",1,查,法\n1.2,甲,二,0,,\n')
    assert [(row["code"], row["text"], row["is_key"]) for row in rows] == [
        ("1.1", "要点,一", True),
        ("1.2", "二", False),
    ]


@pytest.mark.parametrize(
    "text",
    ["", HEAD, "code,item\n1,x\n", HEAD + "1,g,x,0,m,l\n1,g,y,0,m,l\n", HEAD + ",g,x,0,m,l\n"],
)
def test_an_unusable_checklist_file_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        rules.checklist_rows(text)


def test_degrees_are_taken_only_when_they_make_sense() -> None:
    assert rules.degrees((36, 6, 0), "N") == pytest.approx(36.1)
    assert rules.degrees((36, 6, 0), "S") == pytest.approx(-36.1)
    assert rules.degrees((), "N") is None
    assert rules.degrees((36, 6, 0), "") is None
