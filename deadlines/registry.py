"""What the clocks ask upwards: title and address of the things they belong to.

The subject's side holds the foreign key to the clock, so only its app knows the way
back. It registers one resolver a kind; answers come in batches.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class SubjectLink:
    """Where a clock's subject is shown."""

    title: str
    url: str


class ClockFacts(Protocol):
    """What the registry reads of a clock."""

    pk: int
    subject_kind: str


Resolver = Callable[[Collection[int]], Mapping[int, SubjectLink]]
Locker = Callable[[int], None]


@dataclass(frozen=True)
class SubjectResolver:
    """Answers for one kind of subject.

    ``links`` maps clock ids to links; ``lock`` takes the subject's row lock, which
    comes before the clock's in the lock order.
    """

    kind: str
    links: Resolver
    lock: Locker | None = None


_resolvers: dict[str, SubjectResolver] = {}


def register_subject(kind: str, links: Resolver, *, lock: Locker | None = None) -> None:
    """Clocks of ``kind`` are resolved by ``links`` from now on.

    Raises:
        ValueError: another resolver already answers for this kind.
    """
    entry = SubjectResolver(kind, links, lock)
    if _resolvers.setdefault(kind, entry) != entry:
        raise ValueError(f"two resolvers for clocks of kind {kind}")


def registered_kinds() -> frozenset[str]:
    """Kinds somebody answers for."""
    return frozenset(_resolvers)


def links_for(clocks: Collection[ClockFacts]) -> dict[int, SubjectLink]:
    """Links by clock id, one call a kind; clocks without an answer are missing."""
    found: dict[int, SubjectLink] = {}
    for kind in {clock.subject_kind for clock in clocks} & set(_resolvers):
        ids = [clock.pk for clock in clocks if clock.subject_kind == kind]
        found |= _resolvers[kind].links(ids)
    return found


def lock_subject(clock: ClockFacts) -> None:
    """The subject's row lock is held, if its app takes part in the lock order."""
    resolver = _resolvers.get(clock.subject_kind)
    if resolver and resolver.lock:
        resolver.lock(clock.pk)
