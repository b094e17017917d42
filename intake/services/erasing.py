"""The right to be forgotten: a person's data go, the cases stay."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import Forbidden, PersonErased
from documents.services import erase_attachments
from intake.errors import CaseNotFound, CasesOpen
from intake.models import Applicant, Case, CaseEvent, MaterialFile
from intake.models.events import ERASE
from organisations.models import User

LAW = "《个人信息保护法》第四十七条"
PERMISSION = "intake.erase_applicant"


@transaction.atomic
def erase_applicant(*, case_id: int, actor: User, reason: str) -> None:
    """The data of the case's applicant can never be read again, in no case and no paper of his.

    What stays: numbers, days, states, hashes, and on every case who erased when and why.
    Should the person come again, he is somebody new.

    Raises:
        Forbidden: the posts do not allow it, or a case of the person is out of the actor's sight.
        CaseNotFound: there is no such case.
        PersonErased: it was done before.
        CasesOpen: a case of the person is not over.
    """
    if not actor.has_perm(PERMISSION):
        raise Forbidden
    person = _locked_person(case_id)
    cases = list(Case.objects.locked().of_applicant(person.pk).order_by("pk"))
    _refuse_too_early(cases, actor)
    for case in cases:
        CaseEvent.append(case, actor=actor, verb=ERASE, note=reason, legal_basis=LAW)
    erase_attachments(_own_files(cases))
    person.forget()
    person.save()
    person.data_key.erase()


def _locked_person(case_id: int) -> Applicant:
    rows = Applicant.objects.select_for_update(of=("self",)).select_related("data_key")
    person = rows.filter(applications__cases=case_id).first()
    if person is None:
        raise CaseNotFound
    if person.is_erased:
        raise PersonErased
    return person


def _refuse_too_early(cases: Sequence[Case], actor: User) -> None:
    rows = Case.objects.filter(pk__in=[case.pk for case in cases])
    if rows.visible_to(actor).count() != len(cases):
        raise Forbidden(_("this person also has cases that others answer for"))
    numbers = list(rows.open().order_by("pk").values_list("number", flat=True))
    if numbers:
        listed = _(", ").join(numbers)
        raise CasesOpen(_("not over yet: %(numbers)s") % {"numbers": listed}, cases=numbers)


def _own_files(cases: Sequence[Case]) -> set[UUID]:
    """Scans handed in for this person, and for nobody else."""
    shown = MaterialFile.objects.filter(material__case__in=cases)
    mine = set(shown.values_list("attachment_id", flat=True))
    elsewhere = MaterialFile.objects.filter(attachment__in=mine).exclude(material__case__in=cases)
    return mine - set(elsewhere.values_list("attachment_id", flat=True))
