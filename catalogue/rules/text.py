"""Mending of text as people type it, and the marks of codes."""

import re
import unicodedata

from django.utils.translation import gettext as _
from stdnum.cn import uscc

CODE_SHAPE = re.compile(r"[A-Za-z0-9._-]{1,64}")
CREDIT_CODE_SHAPE = re.compile(r"[0-9ANY][0-9A-Z]\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
CREDIT_CODE_LENGTH = 18
BASE_CODE_LENGTH = 12
IMPLEMENTATION_CODE_LENGTH = 31
_INVISIBLE = re.compile("[\u200b-\u200f\ufeff\u00ad]")
_EXCEL_TEXT = re.compile(r'="([^"]*)"')


def tidy(text: str) -> str:
    """The text without invisible signs and without blanks at either end or doubled within."""
    lines = (" ".join(line.split()) for line in _INVISIBLE.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)


def plain(text: str) -> str:
    """A code, number or keyword: full-width signs made narrow, no blanks at all."""
    excel = _EXCEL_TEXT.fullmatch(text.strip())
    narrow = unicodedata.normalize("NFKC", excel.group(1) if excel else text)
    return "".join(_INVISIBLE.sub("", narrow).split())


def parts_of(text: str) -> list[str]:
    """Elements of a list cell: split by semicolons of either width or by lines."""
    return [part for piece in re.split(r"[;；\n]", text) if (part := tidy(piece))]


def fields_of(element: str, count: int) -> list[str]:
    """Exactly ``count`` fields of one list element, split by bars; missing ones are empty.

    Raises:
        ValueError: more fields than the column has.
    """
    found = [tidy(piece) for piece in re.split(r"[|｜]", element)]
    if len(found) > count:
        raise ValueError(
            _("“%(element)s” has %(found)s parts, at most %(count)s are possible")
            % {"element": element, "found": len(found), "count": count},
        )
    return found + [""] * (count - len(found))


def credit_code_doubt(code: str) -> str:
    """Why the unified social credit code (GB 32100) is doubtful; empty if it is sound."""
    if not code:
        return _("the credit code is missing")
    if len(code) != CREDIT_CODE_LENGTH:
        return _("the credit code “%(code)s” has %(length)s characters, not 18") % {
            "code": code,
            "length": len(code),
        }
    if not CREDIT_CODE_SHAPE.fullmatch(code):
        return _("the credit code “%(code)s” holds signs that cannot occur in it") % {"code": code}
    if uscc.calc_check_digit(code[:-1]) != code[-1]:
        return _("the check digit of the credit code “%(code)s” is wrong") % {"code": code}
    return ""
