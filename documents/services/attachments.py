"""Files handed in: looked into, sealed, stored once."""

import hashlib
import uuid
from collections.abc import Iterable
from io import BytesIO
from pathlib import PurePath
from typing import Protocol

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, UnidentifiedImageError

from common import time
from common.crypto import Unsealable
from common.keys import DataKey
from common.sealing import new_data_key
from documents.choices import FileKind
from documents.errors import ContentDamaged, FileKindRefused, FileTooLarge, UnreadableFile
from documents.models import Attachment
from documents.rules import (
    is_two_kinds_at_once,
    kind_by_content,
    pdf_acts,
    pdf_is_locked,
    pdf_is_whole,
)
from organisations.models import Unit, User

MEGABYTE = 1024 * 1024
DEFAULT_LIMIT = 20 * MEGABYTE
# A3 at 600 dpi is 70 million; far beyond it a small file can fill the memory.
PIXEL_LIMIT = 100_000_000
NAME_LENGTH = 255
ENDINGS = {
    FileKind.PDF: (".pdf",),
    FileKind.JPEG: (".jpg", ".jpeg"),
    FileKind.PNG: (".png",),
}
_TOO_MANY_PIXELS = gettext_lazy("the picture has too many pixels; scan it at 300 dpi")
_BROKEN = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
)


class Upload(Protocol):
    """What Django's upload offers of what is used here."""

    size: int | None

    def read(self) -> bytes:
        """The bytes not read yet."""

    def seek(self, at: int) -> object:
        """Reading goes on from ``at``."""


def size_limit() -> int:
    """The largest file taken, in bytes."""
    return int(getattr(settings, "UPLOAD_LIMIT_BYTES", DEFAULT_LIMIT))


def _refuse_size(size: int) -> None:
    if size > size_limit():
        raise FileTooLarge(
            _("the file has %(size)s MB; at most %(limit)s MB are taken")
            % {
                "size": f"{size / MEGABYTE:.1f}",
                "limit": f"{size_limit() / MEGABYTE:g}",
            }
        )


def _content_of(upload: bytes | Upload) -> bytes:
    if isinstance(upload, bytes):
        content = upload
    else:
        _refuse_size(upload.size or 0)
        upload.seek(0)
        content = upload.read()
    _refuse_size(len(content))
    if not content:
        raise UnreadableFile(_("the file is empty"))
    return content


def _refuse_broken_picture(content: bytes, kind: FileKind) -> None:
    try:
        with Image.open(BytesIO(content), formats=[kind.name]) as picture:
            if picture.width * picture.height > PIXEL_LIMIT:
                raise FileTooLarge(_TOO_MANY_PIXELS)
            # A JPEG is read to its end at an eighth of its size: whole is what matters.
            picture.draft(None, (picture.width // 8 or 1, picture.height // 8 or 1))
            picture.load()
    except Image.DecompressionBombError as fault:
        raise FileTooLarge(_TOO_MANY_PIXELS) from fault
    except _BROKEN as fault:
        raise UnreadableFile from fault


def inspect(content: bytes) -> FileKind:
    """What the content is, after it was opened and found whole.

    Raises:
        FileKindRefused: it is none of the kinds taken.
        UnreadableFile: it is cut off or broken.
        FileTooLarge: a picture with more pixels than a large scan.
    """
    kind = kind_by_content(content)
    if kind is None:
        raise FileKindRefused
    if kind != FileKind.PDF:
        _refuse_broken_picture(content, kind)
    elif not pdf_is_whole(content):
        raise UnreadableFile
    return kind


def refuse_dangerous(content: bytes, name: str) -> None:
    """Nothing is refused of a plain scan; from strangers nothing else is taken.

    Raises:
        FileKindRefused: none of the kinds taken, another one than the name says, two at once,
            or a PDF that runs something or carries files.
        UnreadableFile: empty, broken, or locked by a password.
        FileTooLarge: over the limit, or a picture with more pixels than a large scan.
    """
    kind = inspect(_content_of(content))
    if PurePath(name.lower()).suffix not in ENDINGS[kind]:
        raise FileKindRefused(
            _("the name of the file does not fit its content, which is %(kind)s")
            % {"kind": kind.label}
        )
    if is_two_kinds_at_once(content, kind):
        raise FileKindRefused(_("the file holds something else besides; scan the paper again"))
    if kind == FileKind.PDF and pdf_is_locked(content):
        raise UnreadableFile(_("the PDF is locked by a password; take the password off"))
    if kind == FileKind.PDF and pdf_acts(content):
        raise FileKindRefused(
            _("the PDF runs programs or carries other files; print it to a plain PDF")
        )


def clean_name(name: str, kind: FileKind) -> str:
    """The file's own name without folders or control signs, its ending that of the content."""
    bare = PurePath(name.replace("\\", "/")).name
    stem = "".join(char for char in PurePath(bare).stem if char.isprintable()).strip(". ")
    return (stem or str(_("scan")))[: NAME_LENGTH - len(kind.suffix)] + kind.suffix


@transaction.atomic
def store_attachment(
    *,
    upload: bytes | Upload,
    name: str,
    actor: User,
    region_code: str,
    department: Unit | None = None,
    data_key: DataKey | None = None,
) -> Attachment:
    """The file is stored, sealed under ``data_key`` (its own key if none is given).

    The content is written before the row: if the transaction fails, sealed bytes
    without a row remain, never a row without bytes.

    Raises:
        UnreadableFile: empty, cut off or broken.
        FileTooLarge: over the limit.
        FileKindRefused: neither PDF nor JPEG nor PNG by content.
    """
    content = _content_of(upload)
    kind = inspect(content)
    row = Attachment(
        uuid=uuid.uuid4(),
        data_key=data_key or new_data_key(),
        name=clean_name(name, kind),
        content_type=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        region_code=region_code,
        department=department,
        uploaded_by=actor,
        uploaded_at=time.now(),
    )
    sealed = ContentFile(row.close_bytes("content", content))
    row.path = default_storage.save(f"attachments/{row.uuid.hex[:2]}/{row.uuid.hex}", sealed)
    row.save(force_insert=True)
    return row


def read_attachment(attachment: Attachment) -> bytes:
    """The content as it was handed in.

    Raises:
        ContentGone: the person's data key was erased.
        ContentDamaged: the stored bytes are missing or were altered.
    """
    try:
        with default_storage.open(attachment.path) as file:
            return attachment.open_bytes("content", file.read())
    except (OSError, Unsealable) as fault:
        raise ContentDamaged from fault


@transaction.atomic
def erase_attachments(ids: Iterable[uuid.UUID]) -> None:
    """The content of these files can never be read again, nor does any page show their names.

    What stays is that a file was there: its size, its hash, who handed it in and when.
    """
    for key in DataKey.objects.filter(pk__in=Attachment.objects.keys_of(ids)).order_by("pk"):
        key.erase()
