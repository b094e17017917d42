"""Numbers that name persons, organisations and telephones: whether they can be right."""

import re
import unicodedata
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum import numdb
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

Fault = str | Promise | None

PLACES = numdb.get("cn/loc")
OLDEST = 130
SPECIAL_REGIONS = ("81", "82", "83")
USCC_SHAPE = re.compile(r"[1-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
MOBILE_SHAPE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE_SHAPE = re.compile(r"(0[0-9]{2,3}-?)?[2-9][0-9]{6,7}")


def spelled(number: str) -> str:
    """One spelling of a number: narrow signs, capitals, no white space."""
    return "".join(unicodedata.normalize("NFKC", number).split()).upper()


def birth_date(number: str) -> date | None:
    """The day of birth an 18-digit identity number states, None if it states none."""
    try:
        return ric.get_birth_date(number)
    except (ValidationError, ValueError):
        return None


def _place_is_known(number: str) -> bool:
    """Whether the first six digits lie in a province that exists.

    python-stdnum compares the county with the year of birth, yet its code is that of the
    year of issue: whoever was born before his district was founded carries it all the same.
    It also lacks 810000, 820000 and 830000 of the residence permits.
    """
    if number.startswith(SPECIAL_REGIONS):
        return True
    return any(facts for _digits, facts in PLACES.info(number[:6]))


def resident_id_fault(number: str, today: date) -> Fault:
    """What is wrong with an identity number of GB 11643; None if nothing is."""
    if len(number) != 18 or not number[:17].isascii() or not number[:17].isdigit():
        return _("an identity number has 17 digits and one check character")
    born = birth_date(number)
    if born is None or born > today or today.year - born.year > OLDEST:
        return _("the day of birth in the identity number cannot be right")
    if number[-1] != ric.calc_check_digit(number):
        return _("the last character of the identity number does not fit; compare with the card")
    if not _place_is_known(number):
        return _("the first six digits of the identity number are no known place")
    return None


def credit_code_fault(code: str) -> Fault:
    """What is wrong with a unified social credit code (GB 32100); None if nothing is.

    python-stdnum wants a digit first, yet A, N and Y are lawful (军委, 农业农村, 其他).
    """
    if not USCC_SHAPE.fullmatch(code):
        return _("a credit code has 18 digits and capital letters, without I, O, S, V, Z")
    if code[-1] != uscc.calc_check_digit(code):
        return _("the last character of the credit code does not fit; compare with the licence")
    return None


def telephone_fault(number: str) -> Fault:
    """What is wrong with a telephone number; None if nothing is."""
    if MOBILE_SHAPE.fullmatch(number) or LANDLINE_SHAPE.fullmatch(number):
        return None
    return _("this is neither a mobile number of 11 digits nor a landline number")


def mobile_fault(number: str) -> Fault:
    """Why no text message can reach a telephone number; None if one can."""
    if MOBILE_SHAPE.fullmatch(number):
        return None
    return _("text messages need a mobile number of 11 digits")
