"""Applicants: one row per identity paper, reused."""

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common import identity, pinyin, time
from common.errors import Forbidden, PersonErased
from common.keys import DataKey
from common.sealing import blind_index, new_data_key
from intake.choices import ApplicantKind
from intake.errors import InvalidApplicant, NameDiffers
from intake.models import Applicant, CaseEvent
from intake.models.events import REVEAL
from intake.querysets import ID_PURPOSE, MOBILE_PURPOSE, NAME_PURPOSE
from intake.rules.identity import id_fault, id_type_fault
from intake.services.inputs import ApplicantInput
from intake.services.records import lock_case
from organisations.models import User


def applicant_faults(given: ApplicantInput) -> dict[str, list[str]]:
    """What is wrong with each field of an applicant; empty if nothing is."""
    number = identity.spelled(given.id_number)
    found = {
        "name": None if given.name.strip() else _("fill this in"),
        "id_type": id_type_fault(given.kind, given.id_type),
        "id_number": id_fault(given.id_type, number, time.today()),
        "mobile": _telephone_fault(given),
    }
    return {field: [str(fault)] for field, fault in found.items() if fault}


def _telephone_fault(given: ApplicantInput) -> str | Promise | None:
    if given.text_messages:
        return identity.mobile_fault(identity.spelled(given.mobile))
    return identity.telephone_fault(given.mobile) if given.mobile else None


def settle_applicant(given: ApplicantInput) -> Applicant:
    """The applicant of this identity paper, with the latest name, telephone and address.

    Raises:
        InvalidApplicant: a field cannot be right.
        NameDiffers: the paper is on file under another name, not confirmed.
    """
    faults = applicant_faults(given)
    if faults:
        raise InvalidApplicant(fields=faults)
    number = identity.spelled(given.id_number)
    held = _locked(given.id_type, number)
    return _renewed(held, given) if held else _fresh(given, number)


def _renewed(held: Applicant, given: ApplicantInput) -> Applicant:
    """The row on file, its lock held, says what was typed now."""
    if held.name_index != blind_index(given.name, NAME_PURPOSE) and not given.confirm_name:
        raise NameDiffers(fields={"name": [_name_differs_text()]})
    _write(held, given)
    held.save()
    return held


def _locked(id_type: str, number: str) -> Applicant | None:
    rows = Applicant.objects.select_for_update(of=("self",))
    return rows.with_id(id_type, number).first()


def _name_differs_text() -> str:
    return _("this identity number is on file under another name; check both, then confirm")


def _fresh(given: ApplicantInput, number: str) -> Applicant:
    """A new row, or the one another window made for the same paper this very moment."""
    person = unstored_applicant(given, new_data_key())
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        held = _locked(given.id_type, number)
        if held is None:
            raise
        return _renewed(held, given)
    return person


def unstored_applicant(given: ApplicantInput, data_key: DataKey) -> Applicant:
    """Somebody new, sealed under his own key; neither of them need be stored yet."""
    number = identity.spelled(given.id_number)
    person = Applicant(
        kind=ApplicantKind(given.kind),
        id_type=given.id_type,
        id_index=blind_index(number, ID_PURPOSE),
        data_key=data_key,
    )
    person.seal("id_number", number)
    _write(person, given)
    return person


def _write(person: Applicant, given: ApplicantInput) -> None:
    name = given.name.strip()
    person.seal("name", name)
    person.name_index = blind_index(name, NAME_PURPOSE)
    person.name_initials = pinyin.initials(name)[:60]
    if given.mobile:
        person.seal("mobile", given.mobile)
        person.mobile_index = blind_index(given.mobile, MOBILE_PURPOSE)
    if given.address:
        person.seal("address", given.address.strip())


@transaction.atomic
def reveal_applicant(*, case_id: int, actor: User, reason: str) -> dict[str, str]:
    """The applicant's data in plain text; who saw them, when and why is on record.

    Raises:
        Forbidden: the actor's posts do not allow it.
        CaseNotFound: there is no such case.
        PersonErased: there is nothing left to show.
    """
    if not actor.has_perm("intake.reveal_applicant"):
        raise Forbidden
    case = lock_case(case_id)
    person = case.application.applicant
    if person.is_erased:
        raise PersonErased
    CaseEvent.append(case, actor=actor, verb=REVEAL, note=reason)
    return {name: person.reveal(name) for name in ("name", "id_number", "mobile", "address")}
