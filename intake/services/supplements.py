"""What a citizen sends after: files for the materials still open, shown by his receipt."""

from collections.abc import Mapping

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, InvalidInput
from documents.services import refuse_dangerous, store_attachment
from documents.services.attachments import Upload
from intake.choices import CaseState, MaterialStatus
from intake.models import Application, Case, CaseMaterial
from intake.services import telling
from intake.services.corrections import add_materials, hand_in_correction
from intake.services.inputs import MaterialInput
from organisations.services import system_user

PUBLIC = "public"
MOST_FILES = 20
A_DAY = 86_400
IN_HAND = (CaseState.ACCEPTED, CaseState.REVIEWING)


class NothingOpen(DomainError):
    """The case asks for nothing at present."""

    code = "nothing_open"
    default_message = _("no material of this case is asked for at present")


class TooManyFiles(DomainError):
    """More files in a day than an application can need."""

    code = "too_many_files"
    status = 429
    default_message = _("too many files today; please bring the papers to the window")


class NamedUpload(Upload):
    """An upload with the name its sender gave it."""

    name: str | None


def open_materials(case: Case) -> list[CaseMaterial]:
    """Materials of the case for which files may be sent now.

    While the one-time notice runs: whatever the guide asks for, since a paper that came may
    be the one that was unfit; what is missing comes first. Afterwards: what was promised to
    follow (容缺).
    """
    if case.state == CaseState.CORRECTING:
        return sorted(case.asked_materials(), key=lambda row: row.status != MaterialStatus.MISSING)
    if case.state in IN_HAND:
        asked = case.asked_materials()
        return [row for row in asked if row.status == MaterialStatus.DEFERRED]
    return []


def hand_in_supplement(
    *, application: Application, case_number: str, files: Mapping[str, NamedUpload]
) -> Case:
    """The files lie with the case, which waits for the window's check; the clerks are told.

    ``files`` are uploads by the name of the material. The holder of the receipt was made sure
    of by the caller; the event keeps the receipt's number as his proof. Everything or nothing
    is stored.

    Raises:
        FileKindRefused, FileTooLarge, UnreadableFile: a file that is no plain scan.
        InvalidInput: no file, or one for a material that is not open; ``fields`` by material.
        NothingOpen: the case asks for nothing, or is not of this application.
        TooManyFiles: more than twenty in a day.
        TransitionRefused: the case went on meanwhile.
    """
    case = Case.objects.for_page().filter(application=application, number=case_number).first()
    names = {row.name for row in open_materials(case)} if case else set()
    if case is None or not names:
        raise NothingOpen
    _refuse_unfit(files, names)
    _count(application, len(files))
    return _store(case, application, files)


def _refuse_unfit(files: Mapping[str, NamedUpload], names: set[str]) -> None:
    if not files:
        raise InvalidInput(_("choose at least one file"))
    strange = sorted(set(files) - names)
    if strange:
        raise InvalidInput(fields={name: [str(NothingOpen.default_message)] for name in strange})
    faults = {name: fault for name, file in files.items() if (fault := _fault_of(file))}
    if faults:
        raise InvalidInput(next(iter(faults.values())), fields={n: [f] for n, f in faults.items()})


def _fault_of(file: NamedUpload) -> str:
    try:
        file.seek(0)
        refuse_dangerous(file.read(), file.name or "")
    except DomainError as fault:
        return str(fault.message)
    return ""


def _count(application: Application, number: int) -> None:
    key = f"supplements:{application.pk}"
    cache.add(key, 0, A_DAY)
    if cache.incr(key, number) > MOST_FILES:
        raise TooManyFiles


@transaction.atomic
def _store(case: Case, application: Application, files: Mapping[str, NamedUpload]) -> Case:
    actor = system_user(PUBLIC)
    given = [
        MaterialInput(
            name=name,
            attachment_ids=(
                store_attachment(
                    upload=file,
                    name=file.name or "",
                    actor=actor,
                    region_code=case.region_code,
                    data_key=application.data_key,
                ).pk,
            ),
        )
        for name, file in files.items()
    ]
    move = hand_in_correction if case.state == CaseState.CORRECTING else add_materials
    moved = move(
        case_id=case.pk, actor=actor, materials=given, proof={"receipt": application.number}
    )
    telling.tell_point(moved)
    return moved
