"""Pure rules: identity numbers, credit codes, numbers, materials, days."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from common.identity import credit_code_fault, resident_id_fault, spelled, telephone_fault
from intake.choices import CaseState, IdType, MaterialStatus, RefusalGround
from intake.rules.acceptance import (
    is_open,
    may_decide_on_spot,
    named_day_fault,
    open_names,
    refusal_fault,
)
from intake.rules.identity import id_fault, id_type_fault
from intake.rules.numbers import (
    case_number,
    grouped_check,
    receipt_number,
    spelled_check,
    spelled_receipt,
)
from intake.rules.progress import STEPS
from tests.factories.intake import valid_credit_code, valid_id

TODAY = date(2026, 11, 24)


def with_check(body: str) -> str:
    return body + str(ric.calc_check_digit(body + "0"))


def test_it_works() -> None:
    assert resident_id_fault("11010519491231002X", TODAY) is None
    assert credit_code_fault("91110000600037341L") is None


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("110105194912310021", "last character"),
        ("11010519491231002", "17 digits"),
        ("11010519491331002X", "day of birth"),
        (with_check("41050320300101001"), "day of birth"),
        (with_check("41050318500101001"), "day of birth"),
        (with_check("99999919900101001"), "no known place"),
        ("１１０１０５１９４９１２３１００２Ｘ", "17 digits"),
    ],
)
def test_a_wrong_identity_number_is_told_why(number: str, words: str) -> None:
    fault = resident_id_fault(number, TODAY)
    with override("en"):
        assert words in str(fault)


def test_what_the_library_gets_wrong() -> None:
    """Born before the district was founded; residence permits of 810000 ff."""
    assert resident_id_fault(with_check("41050319511102001"), TODAY) is None
    assert resident_id_fault(with_check("83000019900101001"), TODAY) is None
    assert credit_code_fault(valid_credit_code("N2410503MF0000001")) is None
    assert credit_code_fault("91110000600037341M") is not None
    assert credit_code_fault("911100006000373O1L") is not None


def test_full_width_and_lower_case_are_spelled_right() -> None:
    assert spelled(" １１０１０５１９４９１２３１００２ｘ ") == "11010519491231002X"


@given(st.integers(min_value=0, max_value=16), st.sampled_from("0123456789"))
def test_one_wrong_digit_never_passes(place: int, digit: str) -> None:
    number = valid_id(5)
    wrong = number[:place] + digit + number[place + 1 :]
    assert wrong == number or resident_id_fault(wrong, TODAY) is not None


def test_paper_and_kind_fit() -> None:
    assert id_type_fault("person", IdType.CREDIT_CODE) is not None
    assert id_type_fault("organisation", IdType.RESIDENT_ID) is not None
    assert id_type_fault("organisation", IdType.CREDIT_CODE) is None
    assert id_fault(IdType.PASSPORT, "E12345678", TODAY) is None
    assert id_fault(IdType.PASSPORT, "E1", TODAY) is not None


@pytest.mark.parametrize(
    ("number", "good"),
    [("13837212345", True), ("0372-2133333", True), ("2133333", True), ("12345", False)],
)
def test_telephones(number: str, good: bool) -> None:
    assert (telephone_fault(number) is None) is good


def test_numbers() -> None:
    receipt = receipt_number("410503004", date(2026, 11, 24), 7)
    assert receipt == "BG410503004-20261124-0007"
    assert case_number(receipt, 2) == "BG410503004-20261124-0007-2"
    assert spelled_receipt(" bg410503004-20261124-0007 ") == receipt
    assert spelled_check("abcd-2345") == spelled_check(grouped_check("ABCD2345")) == "ABCD2345"


@dataclass
class Row:
    necessity: str
    status: str
    name: str = "居民身份证"


@pytest.mark.parametrize(
    ("necessity", "status", "hinders"),
    [
        ("1", MaterialStatus.MISSING, True),
        ("1", MaterialStatus.DEFERRED, True),
        ("1", MaterialStatus.RECEIVED, False),
        ("1", MaterialStatus.WAIVED, False),
        ("2", MaterialStatus.MISSING, False),
        ("3", MaterialStatus.MISSING, True),
        ("3", MaterialStatus.DEFERRED, False),
    ],
)
def test_what_hinders_acceptance(necessity: str, status: str, hinders: bool) -> None:
    assert is_open(Row(necessity, status)) is hinders
    assert bool(open_names([Row(necessity, status)])) is hinders


@pytest.mark.parametrize(
    ("instant", "decides", "point", "basis", "may"),
    [
        (True, "street", "street", "", True),
        (True, "district", "street", "", False),
        (True, "district", "street", "示例授权书1号", True),
        (False, "street", "street", "示例授权书1号", False),
    ],
)
def test_who_decides_on_the_spot(
    instant: bool, decides: str, point: str, basis: str, may: bool
) -> None:
    got = may_decide_on_spot(
        instant=instant, decide_level=decides, point_level=point, delegation_basis=basis
    )
    assert got is may


def test_days_and_organs_named_to_the_applicant() -> None:
    assert named_day_fault(TODAY, TODAY) is not None
    assert named_day_fault(date(2026, 11, 25), TODAY) is None
    assert named_day_fault(date(2026, 12, 9), TODAY, date(2026, 12, 9)) is not None
    assert refusal_fault(RefusalGround.NOT_COMPETENT, " ") is not None
    assert refusal_fault(RefusalGround.NOT_NEEDED, "") is None


def test_every_state_tells_the_citizen_what_comes_next() -> None:
    assert set(STEPS) == set(CaseState)
