"""Numbers a person reads aloud: receipts, cases, check characters."""

import unicodedata
from datetime import date

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CHECK_LENGTH = 8


def receipt_number(region_prefix: str, day: date, place: int) -> str:
    """BG410503004-20261124-0001: region, day of receipt, place in the year's series."""
    return f"BG{region_prefix}-{day:%Y%m%d}-{place:04d}"


def case_number(receipt: str, place: int) -> str:
    """The receipt number and the case's place in the application."""
    return f"{receipt}-{place}"


def spelled_receipt(text: str) -> str:
    """A receipt number as stored, however it was typed."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def spelled_check(text: str) -> str:
    """Check characters as stored: capitals, no spaces or dashes."""
    narrow = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in narrow if sign.isalnum())[:CHECK_LENGTH]


def grouped_check(code: str) -> str:
    """ABCD EFGH, as it is read aloud."""
    return f"{code[:4]} {code[4:]}"
