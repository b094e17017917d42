"""Sets a paper: template + JSON data -> PDF/A bytes, the same for the same input.

One compiler is kept per process (15 ms a paper instead of 130) and used by one thread
at a time. Data reach the template only as JSON text, so nothing in them is code.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, Final

import segno
import typst

from documents.errors import PaperDataMissing, UnprintableCharacters
from documents.rules import Key, completed, data_faults, keys_of, page_count, texts_in
from documents.services.fonts import faces, font_book, unprintable

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = "documents/papers/base.typ"
COPY = "documents/papers/copy.typ"
STANDARD: Final = "a-2b"

_lock = Lock()


@cache
def _compiler(book: typst.Fonts) -> typst.Compiler:
    fonts: Any = book
    return typst.Compiler(root=str(ROOT), font_paths=fonts, ignore_system_fonts=True)


@cache
def template_keys(template: str) -> Mapping[str, Key]:
    """The keys that the head of ``template`` names."""
    return keys_of((ROOT / template).read_text(encoding="utf-8"))


@cache
def template_version(template: str) -> str:
    """SHA-256 over the template and the sheet it stands on."""
    parts = ((ROOT / path).read_bytes() for path in (SHARED, template))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def check_data(template: str, data: Mapping[str, object]) -> None:
    """The caller's data have every key of the template, and each as text.

    Raises:
        PaperDataMissing: with the names of the keys at fault.
    """
    faults = data_faults(template_keys(template), data)
    if faults:
        raise PaperDataMissing(faults)


def check_characters(data: Mapping[str, object]) -> None:
    """Every character of the data can be printed.

    Raises:
        UnprintableCharacters: naming those that no font at hand has.
    """
    missing = unprintable("".join(texts_in(dict(data))))
    if missing:
        raise UnprintableCharacters(missing)


def qr_svg(address: str) -> str:
    """A QR code of ``address`` as SVG text, error correction M."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=0, xmldecl=False, dark="#000"
    )
    return out.getvalue().decode()


def _inputs(template: str, data: Mapping[str, Any]) -> dict[str, str]:
    return {
        "data": json.dumps(completed(template_keys(template), data), ensure_ascii=False),
        "faces": json.dumps(faces()),
        "qr": qr_svg(str(data["check_url"])),
    }


def typeset(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF/A-2b bytes of ``template`` with complete ``data``, dated ``at``.

    Raises:
        UnprintableCharacters: some character has no glyph in any font at hand.
    """
    check_characters(data)
    with _lock:
        pdf = _compiler(font_book()).compile(
            input=str(ROOT / template),
            format="pdf",
            sys_inputs=_inputs(template, data),
            pdf_standards=STANDARD,
            timestamp=int(at.timestamp()),
        )
    return bytes(pdf) if isinstance(pdf, bytes) else b""


def typeset_copy(issued: bytes, *, title: str, marks: list[str], at: datetime) -> bytes:
    """A PDF that shows the pages of ``issued`` as they are, with ``marks`` in their upper margin.

    It is for the printer, not for the file: typst embeds no PDF in one after PDF/A.

    Raises:
        UnprintableCharacters: some character of a mark has no glyph in any font at hand.
    """
    data = {"title": title, "marks": marks, "pages": page_count(issued)}
    check_characters(data)
    inputs = {
        "data": json.dumps(data, ensure_ascii=False),
        "faces": json.dumps(faces()),
        "pdf": json.dumps(list(issued)),
    }
    with _lock:
        pdf = _compiler(font_book()).compile(
            input=str(ROOT / COPY),
            format="pdf",
            sys_inputs=inputs,
            timestamp=int(at.timestamp()),
        )
    return bytes(pdf) if isinstance(pdf, bytes) else b""
