"""What the clocks ask upwards: where their things are shown, and what the law does to them.

The subject's side holds the foreign key to the clock, so only its app knows the way
back. It registers one resolver a kind; answers come in batches.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


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


class EffectService(Protocol):
    """Carries out what the law attaches to the end of a limit."""

    def __call__(self, *, clock: Any, expired_at: datetime, actor: Any) -> None:
        """The subject stands as the law says it does from the legal moment on.

        Called once, in the transaction of the claim, with the subject's lock held where its
        app takes part in the lock order. ``clock`` has lapsed; ``expired_at`` is the end of
        its limit, however late the sweep comes.
        """


_effects: dict[tuple[str, str], EffectService] = {}


def register_effect(kind: str, effect: str, service: EffectService) -> None:
    """``service`` carries out ``effect`` for clocks of ``kind`` from now on.

    Raises:
        ValueError: another service already does.
    """
    key = (kind, str(effect))
    if _effects.setdefault(key, service) != service:
        raise ValueError(f"two services for {effect} of kind {kind}")


def registered_effects(kind: str) -> frozenset[str]:
    """Effects somebody carries out for clocks of this kind."""
    return frozenset(effect for of, effect in _effects if of == kind)


def carry_out_effect(clock: ClockFacts, *, effect: str, expired_at: datetime, actor: Any) -> None:
    """The effect has happened to the subject; where nobody answers the clock just lapses."""
    service = _effects.get((clock.subject_kind, str(effect)))
    if service:
        service(clock=clock, expired_at=expired_at, actor=actor)
