"""One search box: each app answers for its own things, within the user's scope.

A scanner types into the same box: what one of our papers or screens bears as a code leads
straight to its thing.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.functional import Promise

LONGEST_SEARCH, LONGEST_SCAN = 100, 300
_YEAR = re.compile(r"[\[(【]([0-9]{4})[\])】]")


@dataclass(frozen=True)
class Hit:
    """One answer: where it leads and what it is."""

    title: str
    subtitle: str
    url: str
    badge: str = ""


Searcher = Callable[[Any, str, int], list[Hit]]


@dataclass(frozen=True)
class SearchKind:
    """A kind of thing that can be searched for."""

    kind: str
    label: str | Promise
    find: Searcher


_kinds: dict[str, SearchKind] = {}


def register_search(kind: str, label: str | Promise, find: Searcher) -> None:
    """The search box asks ``find(user, text, limit)`` from now on.

    Raises:
        ValueError: the kind is taken.
    """
    if kind in _kinds:
        raise ValueError(f"search kind {kind} is registered twice")
    _kinds[kind] = SearchKind(kind, label, find)


def search_everything(
    user: Any, text: str, limit: int = 8
) -> Iterator[tuple[SearchKind, list[Hit]]]:
    """Kinds with their hits, in order of registration; kinds without a hit are left out."""
    spelled = text.strip()[:LONGEST_SEARCH]
    if not spelled:
        return
    for kind in _kinds.values():
        hits = kind.find(user, spelled, limit)
        if hits:
            yield kind, hits


def spellings(text: str) -> tuple[str, ...]:
    """A code as it may be stored, however it was typed: blanks, wide signs, small letters.

    The year of an official number stands in 〔〕, which no keyboard has.
    """
    close = "".join(text.split())
    narrow = unicodedata.normalize("NFKC", close)
    year = _YEAR.sub(r"〔\1〕", narrow)
    found = (text.strip(), close, narrow, narrow.upper(), year)
    return tuple(dict.fromkeys(one for one in found if one))


@dataclass(frozen=True)
class Scanned:
    """What a scanner typed: a code in its spellings, an address, of which no host is read."""

    texts: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_address(self) -> bool:
        """Whether it is an address."""
        return bool(self.path)

    def behind(self, page: str) -> tuple[str, ...]:
        """What an address names behind ``page``; nothing if it leads elsewhere."""
        return self.path[self.path.index(page) + 1 :] if page in self.path else ()

    def question(self, page: str, name: str) -> tuple[str, ...]:
        """What an address of ``page`` asks for as ``name``."""
        value = self.asked.get(name, "") if page in self.path else ""
        return spellings(value)

    def codes(self, page: str = "", *names: str) -> tuple[str, ...]:
        """The code itself; of an address of ``page`` what it names first or asks by ``names``."""
        named = [one for text in self.behind(page)[:1] for one in spellings(text)]
        asked = [one for name in names for one in self.question(page, name)]
        return (*self.texts, *named, *asked)


def read_scan(text: str) -> Scanned:
    """What was scanned, read without a query."""
    close = unicodedata.normalize("NFKC", "".join(text.split()))
    texts = () if "://" in close else spellings(text)
    try:
        parts = urlsplit(close)
        asked = parse_qsl(parts.query)
    except ValueError:
        return Scanned(texts=spellings(text))
    path = [unquote(part) for part in parts.path.split("/") if part] if "/" in close else []
    return Scanned(texts, tuple(map(_storable, path)), {k: _storable(v) for k, v in asked})


def _storable(text: str) -> str:
    """Without the null sign, which PostgreSQL takes in no question."""
    return text.replace("\0", "")


ScanResolver = Callable[[Any, Scanned], list[Hit]]
_resolvers: dict[str, tuple[int, ScanResolver]] = {}


def register_scan(kind: str, resolve: ScanResolver, *, order: int = 50) -> None:
    """``resolve(user, scanned)`` answers for codes of ``kind`` from now on.

    It gives what bears exactly this code and the user may see. A paper that stands for a
    thing leads to the thing, so the thing's app comes first in ``order``.

    Raises:
        ValueError: another resolver answers for the kind.
    """
    entry = (order, resolve)
    if _resolvers.setdefault(kind, entry) != entry:
        raise ValueError(f"two resolvers for scanned codes of kind {kind}")


def resolve_scan(user: Any, scanned: Scanned) -> list[Hit]:
    """What bears the code, each page once; the first kind that knows it decides."""
    for _order, resolve in sorted(_resolvers.values(), key=lambda entry: entry[0]):
        hits = {hit.url: hit for hit in resolve(user, scanned)}
        if hits:
            return list(hits.values())
    return []
