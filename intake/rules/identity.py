"""Identity papers: which number and which kind of applicant fits which."""

import re
from datetime import date

from django.utils.translation import gettext_lazy as _

from common.identity import Fault, birth_date, credit_code_fault, resident_id_fault
from intake.choices import ORGANISATION_ID_TYPES, ApplicantKind, IdType

FULL_AGE = 18
OTHER_SHAPE = re.compile(r"[0-9A-Z()\-]{4,30}")


def id_fault(id_type: str, number: str, today: date) -> Fault:
    """What is wrong with an identity number of the given type; None if nothing is."""
    if id_type in {IdType.RESIDENT_ID, IdType.RESIDENCE_PERMIT}:
        return resident_id_fault(number, today)
    if id_type == IdType.CREDIT_CODE:
        return credit_code_fault(number)
    if not OTHER_SHAPE.fullmatch(number):
        return _("4 to 30 digits and letters are expected here")
    return None


def is_minor(id_type: str, number: str, today: date) -> bool:
    """Whether the paper names a natural person under eighteen (民法典 17)."""
    born = birth_date(number) if id_type in {IdType.RESIDENT_ID, IdType.RESIDENCE_PERMIT} else None
    if born is None:
        return False
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return years < FULL_AGE


def id_type_fault(kind: str, id_type: str) -> Fault:
    """Refused when a person shows an organisation's paper or the reverse."""
    is_organisation = kind == ApplicantKind.ORGANISATION
    if is_organisation != (id_type in ORGANISATION_ID_TYPES):
        return _("this paper does not fit this kind of applicant")
    return None
