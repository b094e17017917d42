"""Papers: issued once, kept as bytes, found genuine by anyone who holds one."""

import hashlib
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from common import time
from common.crypto import Unsealable
from common.keys import DataKey
from common.tries import Tries
from documents.errors import ContentDamaged, NumberInUse, TooManyChecks
from documents.models import IssuedNumber, Paper
from documents.registry import PaperKind
from documents.rules import CODE_ALPHABET, CODE_LENGTH, same_code
from documents.services.typesetting import check_data, template_version, typeset
from organisations.models import Unit, User

GUESSES = Tries("check of a paper", 20)


def public_address(path: str) -> str:
    """The address of ``path`` as a citizen's phone reaches it."""
    return f"{settings.PUBLIC_URL}{path}"


def chinese_date(moment: datetime) -> str:
    """2026年11月24日, the legal day of the instant."""
    day = time.local_date(moment)
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_moment(moment: datetime) -> str:
    """2026年11月24日 14时05分."""
    local = time.local(moment)
    return f"{chinese_date(moment)} {local.hour}时{local.minute:02d}分"


def _new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))


def _printed(paper: Paper, kind: PaperKind, data: Mapping[str, Any]) -> dict[str, Any]:
    scanned = reverse("documents:check_scanned", args=(paper.uuid, paper.check_code))
    return {
        **data,
        "title": data.get("title") or str(kind.title),
        "number": paper.number,
        "check_code": paper.check_code,
        "check_url": public_address(scanned),
        "check_page": public_address(reverse("documents:check")),
        "issued_on": chinese_date(paper.issued_at),
    }


def issue_paper(
    *,
    kind: PaperKind,
    data: Mapping[str, Any],
    number: str,
    actor: User,
    region_code: str,
    department: Unit | None,
    subject_kind: str,
    subject_id: object,
    issued_at: datetime | None = None,
    data_key: DataKey | None = None,
    drawn: IssuedNumber | None = None,
) -> Paper:
    """The paper is printed once and kept; whoever asks again gets the same bytes.

    ``drawn`` is the number of a series that it bears as ``number``: voiding one voids both.

    Data and bytes are sealed under ``data_key``, best the applicant's, so that erasing
    a person erases his papers' content while number, title and hash stay.

    Raises:
        PaperDataMissing: the data lack a key, hold one too many or are not text.
        UnprintableCharacters: no font at hand has some character.
        NumberInUse: a paper with this number was issued already.
    """
    check_data(kind.template, data)
    paper = _blank_paper(kind, number, data["organ"], issued_at or time.now())
    paper.data_key = data_key or DataKey.unstored()
    paper.region_code, paper.department, paper.issued_by = region_code, department, actor
    paper.subject_kind, paper.subject_id = subject_kind, str(subject_id)
    _print(paper, _printed(paper, kind, data))
    _keep(paper, drawn)
    return paper


def _blank_paper(kind: PaperKind, number: str, organ: str, at: datetime) -> Paper:
    return Paper(
        uuid=uuid.uuid4(),
        kind=kind.key,
        number=number,
        organ=organ,
        issued_at=at,
        check_code=_new_code(),
        template=kind.template,
        template_version=template_version(kind.template),
    )


def _print(paper: Paper, printed: dict[str, Any]) -> None:
    pdf = typeset(paper.template, printed, at=paper.issued_at)
    paper.title = printed["title"]
    paper.sha256 = hashlib.sha256(pdf).hexdigest()
    paper.seal_json("data", printed)
    paper.pdf = paper.close_bytes("pdf", pdf)


def _keep(paper: Paper, drawn: IssuedNumber | None) -> None:
    """The paper stands. Its number is the only thing that another one may have already."""
    try:
        with transaction.atomic():
            if not paper.data_key.is_stored:
                paper.data_key.save(force_insert=True)
            paper.save(force_insert=True)
            if drawn is not None:
                drawn.paper = paper
                drawn.save(update_fields=["paper"])
    except IntegrityError as fault:
        raise NumberInUse from fault


def read_paper(paper: Paper) -> bytes:
    """The PDF as it was issued, byte for byte.

    Raises:
        ContentGone: the person's data key was erased.
        ContentDamaged: the stored bytes are not the issued ones.
    """
    try:
        pdf = paper.open_bytes("pdf", bytes(paper.pdf))
    except Unsealable as fault:
        raise ContentDamaged from fault
    if hashlib.sha256(pdf).hexdigest() != paper.sha256:
        raise ContentDamaged
    return pdf


def genuine_paper(*, code: str, number: str = "", paper_id: object = None) -> Paper | None:
    """The paper with this code and this number or id, or None; both must fit."""
    wanted = {"pk": paper_id} if paper_id else {"number": number.strip()}
    paper: Paper | None = Paper.objects.for_list().filter(**wanted).first()
    if paper and constant_time_compare(paper.check_code, same_code(code)):
        return paper
    return None


def check_paper(
    *, asker: str, code: str, number: str = "", paper_id: object = None
) -> Paper | None:
    """The paper as by :func:`genuine_paper`; ``paper.void`` says whether its number is void.

    Raises:
        TooManyChecks: ``asker`` failed too often within a quarter of an hour.
    """
    if GUESSES.used_up(asker):
        raise TooManyChecks
    found = genuine_paper(code=code, number=number, paper_id=paper_id)
    if found is None:
        GUESSES.note(asker)
    return found
