"""Scope of sight, from posts alone; what is kept of a list's filters. No query, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import parse_qsl, urlencode

from organisations.choices import Role

DISTRICT_DIGITS = 6
STREET_DIGITS = 9
REGION_ROLES = frozenset({Role.CLERK, Role.SUPERVISOR, Role.PATROLLER, Role.INSPECTOR, Role.CLIENT})
UNIT_ROLES = frozenset({Role.REVIEWER, Role.HEAD, Role.INSPECTOR})


class PostFacts(Protocol):
    """What a post says about sight."""

    role: str
    unit_id: int

    @property
    def scope_code(self) -> str:
        """The 12-digit region whose matters the holder sees; empty for none."""


@dataclass(frozen=True)
class Scope:
    """What someone may see: everything, or these regions and these units' matters."""

    everything: bool = False
    region_prefixes: tuple[str, ...] = ()
    unit_ids: tuple[int, ...] = ()
    roles: frozenset[str] = field(default_factory=frozenset)

    def covers_region(self, code: str) -> bool:
        """Whether the 12-digit code lies in the scope."""
        return self.everything or any(code.startswith(prefix) for prefix in self.region_prefixes)


def region_prefix(code: str) -> str:
    """The digits of a 12-digit region code that its descendants share (GB/T 10114 padding).

    410503000000 -> 410503, 410503004000 -> 410503004, 410503004001 -> itself.
    """
    if code.endswith("000000"):
        return code[:DISTRICT_DIGITS]
    return code[:STREET_DIGITS] if code.endswith("000") else code


def scope_of(posts: Iterable[PostFacts]) -> Scope:
    """The union of what each post lets its holder see."""
    held = list(posts)
    regions = {region_prefix(p.scope_code) for p in held if p.role in REGION_ROLES and p.scope_code}
    return Scope(
        everything=any(post.role == Role.ADMINISTRATOR for post in held),
        region_prefixes=tuple(sorted(regions)),
        unit_ids=tuple(sorted({post.unit_id for post in held if post.role in UNIT_ROLES})),
        roles=frozenset(post.role for post in held),
    )


NO_FILTER: Final = frozenset({"q", "p", "all", "e", "_popup", "_to_field", "_facets"})


def kept_question(question: str) -> str:
    """What of a list's question is kept: filters and order.

    The page does not matter next time, and what was searched for may name a person.
    """
    pairs = parse_qsl(question.removeprefix("?"))
    return urlencode([(name, value) for name, value in pairs if name not in NO_FILTER])
