"""Failures of whoever guesses, counted in the shared cache.

Processes share the count where a cache server runs; without one each process counts alone,
so that a house of N web processes allows N times as many.
"""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache

QUARTER_HOUR = 900


@dataclass(frozen=True)
class Tries:
    """So many failures of one kind are allowed within ``seconds``."""

    kind: str
    most: int
    seconds: int = QUARTER_HOUR

    def _key(self, value: str) -> str:
        return f"tries:{hashlib.sha256(f'{self.kind}:{value}'.encode()).hexdigest()[:40]}"

    def used_up(self, value: str) -> bool:
        """Whether ``value`` (an address, a number) has failed too often."""
        return int(cache.get(self._key(value), 0)) >= self.most

    def note(self, value: str) -> None:
        """One more failure of ``value``; the first one starts the time."""
        key = self._key(value)
        cache.add(key, 0, self.seconds)
        cache.incr(key)
