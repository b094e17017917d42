"""Kinds of papers, names of series and ways to files: each owning app registers its own in ``AppConfig.ready``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise


@dataclass(frozen=True)
class PaperKind:
    """A kind of paper: ``template`` is a path from the project's root, its head names the data.

    Whoever reads papers of the kind holds ``permission``; empty: the one of case papers.
    """

    key: str
    title: str | Promise
    template: str
    permission: str = ""


_kinds: dict[str, PaperKind] = {}


def register_paper(kind: PaperKind) -> PaperKind:
    """The kind is known from now on; the same kind twice counts once.

    Raises:
        ValueError: another kind has this key.
    """
    if _kinds.setdefault(kind.key, kind) != kind:
        raise ValueError(f"two kinds of paper are called {kind.key}")
    return kind


def paper_kind(key: str) -> PaperKind:
    """The kind of that key.

    Raises:
        LookupError: nobody registered it.
    """
    try:
        return _kinds[key]
    except KeyError:
        raise LookupError(f"no kind of paper is called {key}") from None


def paper_kinds() -> list[PaperKind]:
    """Every kind, by key."""
    return [_kinds[key] for key in sorted(_kinds)]


_series: dict[str, str | Promise] = {}


def register_series(head: str, label: str | Promise) -> None:
    """Series whose key begins with ``head`` are called ``label`` from now on."""
    _series[head] = label


def series_label(key: str) -> str:
    """What people call the series: by its longest known beginning, by its paper, or its key."""
    heads = [head for head in _series if key.startswith(head)]
    if heads:
        return str(_series[max(heads, key=len)])
    return str(_kinds[key].title) if key in _kinds else key


Doorway = Callable[[Any], Q]
_doorways: list[Doorway] = []


def register_files(doorway: Doorway) -> None:
    """Files that fit ``doorway(user)`` are open to the user: they belong to things he sees."""
    if doorway not in _doorways:
        _doorways.append(doorway)


def files_open_to(user: Any) -> Q:
    """Files the user sees because he sees what they belong to."""
    condition = Q(pk__in=())
    for doorway in _doorways:
        condition |= doorway(user)
    return condition
