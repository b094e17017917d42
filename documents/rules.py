"""What a paper's data must look like and what a file is by its content: pure functions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from documents.choices import FileKind, Verdict

COMMON = "organ"
COMMON_OPTIONAL = "title contact"
PDF_HEAD_WITHIN = 1024
PDF_TAIL_WITHIN = 2048
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8

_WORD = re.compile(r"(?P<name>\w+)(?P<filled>\+)?(?:\[(?P<inner>[\w ]*)\])?")
_HEAD = re.compile(r"^// (required|optional): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Key:
    """One key of a paper's data: text, list of texts or list of objects of texts."""

    name: str
    required: bool
    is_list: bool = False
    filled: bool = False
    inner: tuple[str, ...] = ()

    @property
    def empty(self) -> str | list[Any]:
        """What an optional key left out is printed as."""
        return [] if self.is_list else ""

    def fits(self, value: object) -> bool:
        """Whether ``value`` has the shape of this key."""
        if not self.is_list:
            return isinstance(value, str) and not (self.required and not value.strip())
        if not isinstance(value, list) or (self.filled and not value):
            return False
        return all(self._row_fits(row) for row in value)

    def _row_fits(self, row: object) -> bool:
        if not self.inner:
            return isinstance(row, str)
        if not isinstance(row, dict) or set(row) != set(self.inner):
            return False
        return all(isinstance(text, str) for text in row.values())


def _keys(words: str, *, required: bool) -> Iterable[Key]:
    for found in _WORD.finditer(words):
        inner = found["inner"]
        yield Key(
            name=found["name"],
            required=required,
            is_list=inner is not None,
            filled=bool(found["filled"]),
            inner=tuple((inner or "").split()),
        )


def keys_of(template: str) -> dict[str, Key]:
    """The keys a template's head names, with those every paper has, by name."""
    lines = [("required", COMMON), ("optional", COMMON_OPTIONAL), *_HEAD.findall(template)]
    keys = (key for word, rest in lines for key in _keys(rest, required=word == "required"))
    return {key.name: key for key in keys}


def data_faults(keys: Mapping[str, Key], data: Mapping[str, object]) -> list[str]:
    """Names of the keys that are missing, of the wrong shape, or unknown."""
    missing = [key.name for key in keys.values() if key.required and key.name not in data]
    wrong = [name for name, value in data.items() if name in keys and not keys[name].fits(value)]
    unknown = [name for name in data if name not in keys]
    return sorted({*missing, *wrong, *unknown})


def completed(keys: Mapping[str, Key], data: Mapping[str, object]) -> dict[str, Any]:
    """The data with each optional key that was left out, empty."""
    return {**{name: key.empty for name, key in keys.items()}, **data}


def texts_in(value: object) -> Iterable[str]:
    """Every text of JSON data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner)


def kind_by_content(content: bytes) -> FileKind | None:
    """What the first bytes say the file is; its name says nothing."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    return FileKind.PDF if b"%PDF-" in content[:PDF_HEAD_WITHIN] else None


def pdf_is_whole(content: bytes) -> bool:
    """Whether the end a PDF must have (ISO 32000-1, 7.5.5) is there, so it was not cut off."""
    tail = content[-PDF_TAIL_WITHIN:]
    return b"startxref" in tail and b"%%EOF" in tail


def gaps(numbers: Iterable[int], last: int) -> list[str]:
    """What is missing between 1 and ``last``: ``3`` or ``5–9``; nothing in a sound series."""
    found: list[str] = []
    expected = 1
    for number in (*sorted(numbers), last + 1):
        if number > expected:
            found.append(str(expected) if number - 1 == expected else f"{expected}–{number - 1}")
        expected = number + 1
    return found


_ZIP_END, _PNG_END, _JPEG_END = b"PK\x05\x06", b"IEND\xaeB`\x82", b"\xff\xd9"
_ACTIVE_PDF = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFile|RichMedia|XFA)\b|/(JS|OpenAction|AA)\s*[(<\[\d]"
)
_PADDING = b"\x00\r\n \t"


def is_two_kinds_at_once(content: bytes, kind: FileKind) -> bool:
    """Whether something else is hidden in the file: before its beginning, behind its end."""
    if _ZIP_END in content[-PDF_HEAD_WITHIN * 64 :]:
        return True
    if kind == FileKind.PDF:
        return not content.startswith(b"%PDF-")
    end = _PNG_END if kind == FileKind.PNG else _JPEG_END
    return not content.rstrip(_PADDING).endswith(end)


def pdf_is_locked(content: bytes) -> bool:
    """Whether a password is asked before the PDF can be read."""
    return b"/Encrypt" in content


def pdf_acts(content: bytes) -> bool:
    """Whether the PDF says that it runs something, or carries other files."""
    return _ACTIVE_PDF.search(content) is not None


_PAGES = re.compile(rb"<<[^<>]*/Type\s*/Pages\b[^<>]*>>")
_COUNT = re.compile(rb"/Count (\d+)")


def page_count(pdf: bytes) -> int:
    """The pages of a paper of this house: the root of its page tree counts them all."""
    counts = [found for tree in _PAGES.findall(pdf) for found in _COUNT.findall(tree)]
    return max(map(int, counts), default=1)


def print_marks(place: int, *, told: str, void: bool) -> list[str]:
    """What a print bears beside the issued text: void, and from the second on 补打 with its count."""
    marks = ["文号已作废"] if void else []
    return marks if place == 1 else [*marks, f"补打（第{place - 1}次） {told}"]


def same_code(typed: str) -> str:
    """A check code as printed, however it was typed: spaces, small letters."""
    return "".join(typed.split()).replace("-", "").upper()


class Checked(Protocol):
    """What the verdict asks of a paper."""

    @property
    def void(self) -> object:
        """Something that is true if its number is void."""


def verdict_on(paper: Checked | None) -> Verdict:
    """Genuine, void, or never issued."""
    if paper is None:
        return Verdict.UNKNOWN
    return Verdict.VOID if paper.void else Verdict.GENUINE
