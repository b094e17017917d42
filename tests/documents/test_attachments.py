"""Files handed in: looked into, sealed, scoped."""

import hashlib
import zlib
from pathlib import Path

import pytest
from django.conf import settings as live_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from pytest_django.fixtures import Settings

from common.errors import DomainError
from common.sealing import new_data_key
from documents.choices import FileKind
from documents.errors import (
    ContentDamaged,
    ContentGone,
    FileKindRefused,
    FileTooLarge,
    UnreadableFile,
)
from documents.models import Attachment
from documents.services import read_attachment, store_attachment
from organisations.models import User
from organisations.services import system_user
from tests.factories.documents import PDF_BYTES, STREET, jpeg_bytes, make_attachment, png_bytes


@pytest.fixture
def actor(db: None) -> User:
    return system_user("sample")


def stored_files() -> set[Path]:
    return {p for p in Path(live_settings.MEDIA_ROOT).rglob("*") if p.is_file()}


def test_it_works(actor: User) -> None:
    content = png_bytes()
    row = make_attachment(actor=actor, content=content)
    again = Attachment.objects.get(pk=row.pk)
    assert read_attachment(again) == content
    assert (again.content_type, again.size) == (FileKind.PNG, len(content))
    assert again.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF_BYTES, FileKind.PDF),
        (jpeg_bytes(), FileKind.JPEG),
        (png_bytes(), FileKind.PNG),
        (jpeg_bytes(1, 1), FileKind.JPEG),
    ],
)
def test_the_kinds_taken(actor: User, content: bytes, kind: FileKind) -> None:
    assert make_attachment(actor=actor, content=content).content_type == kind


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", UnreadableFile),
        (b"MZ\x90\x00 a program", FileKindRefused),
        (b"<html><script>alert(1)</script></html>", FileKindRefused),
        (b"GIF89a", FileKindRefused),
        (PDF_BYTES[:-12], UnreadableFile),
        (png_bytes(200, 200)[:-5000], UnreadableFile),
        (jpeg_bytes(400, 400)[:3000], UnreadableFile),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, UnreadableFile),
        (b"\xff\xd8\xff\xe0" + b"x" * 50, UnreadableFile),
    ],
)
def test_what_is_refused_leaves_nothing(
    actor: User, content: bytes, refusal: type[DomainError]
) -> None:
    before = stored_files()
    with pytest.raises(refusal):
        store_attachment(upload=content, name="证.png", actor=actor, region_code=STREET)
    assert stored_files() == before
    assert not Attachment.objects.exists()


def test_size_is_limited(actor: User, settings: Settings) -> None:
    settings.UPLOAD_LIMIT_BYTES = 2 * 1024 * 1024
    big = SimpleUploadedFile("big.pdf", PDF_BYTES + b" " * (2 * 1024 * 1024))
    with pytest.raises(FileTooLarge, match="2"):
        store_attachment(upload=big, name=str(big.name), actor=actor, region_code=STREET)


def test_a_small_file_with_huge_pixels_is_refused(actor: User) -> None:
    with pytest.raises(FileTooLarge):
        make_attachment(actor=actor, content=_huge_png())


def _huge_png() -> bytes:
    small = bytearray(png_bytes(1, 1))
    small[16:24] = (60_000).to_bytes(4) + (60_000).to_bytes(4)
    small[29:33] = zlib.crc32(bytes(small[12:29])).to_bytes(4)
    return bytes(small)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("身份证.jpeg", "身份证.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\scan\\户口簿.exe", "户口簿.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("", "扫描件.png"),
        ("长" * 400 + ".png", "长" * 251 + ".png"),
    ],
)
def test_names_are_cleaned(actor: User, given: str, kept: str) -> None:
    assert make_attachment(actor=actor, name=given).name == kept


def test_bytes_on_disk_are_sealed(actor: User) -> None:
    content = png_bytes(40, 40)
    row = make_attachment(actor=actor, content=content)
    on_disk = (Path(live_settings.MEDIA_ROOT) / row.path).read_bytes()
    assert content[:16] not in on_disk


def test_tampering_and_loss_are_noticed(actor: User) -> None:
    row = make_attachment(actor=actor)
    path = Path(live_settings.MEDIA_ROOT) / row.path
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(ContentDamaged):
        read_attachment(row)
    path.unlink()
    with pytest.raises(ContentDamaged):
        read_attachment(row)


def test_an_erased_person_takes_his_files_along(actor: User) -> None:
    key = new_data_key()
    row = make_attachment(actor=actor, data_key=key)
    key.erase()
    with pytest.raises(ContentGone):
        read_attachment(Attachment.objects.get(pk=row.pk))


def test_a_stored_file_never_changes(actor: User) -> None:
    row = make_attachment(actor=actor)
    for change in (
        lambda: Attachment.objects.filter(pk=row.pk).update(name="x"),
        lambda: Attachment.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
