"""Kinds of papers: each owning app registers its own in ``AppConfig.ready``."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class PaperKind:
    """A kind of paper: ``template`` is a path from the project's root, its head names the data."""

    key: str
    title: str | Promise
    template: str


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
