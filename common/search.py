"""One search box: each app answers for its own things, within the user's scope."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


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
    spelled = text.strip()
    if not spelled:
        return
    for kind in _kinds.values():
        hits = kind.find(user, spelled, limit)
        if hits:
            yield kind, hits
