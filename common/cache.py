"""A cache that may be away: it then knows nothing, and nobody's request fails or waits twice."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from common.jobs import CircuitBreaker

logger = logging.getLogger(__name__)
breaker = CircuitBreaker()


def _or_else(*, answer: Any, ask: Callable[[], Any]) -> Any:
    if breaker.is_open:
        return answer
    try:
        return ask()
    except (RedisError, OSError) as fault:
        breaker.trip()
        logger.warning("cache away: %s", fault)
        return answer


class PatientCache(RedisCache):
    """Redis while it is there; without it every key is unknown and nothing is kept."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value, or ``default``."""
        ask = super().get
        return _or_else(answer=default, ask=lambda: ask(key, default, version))

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        """The value is kept if it can be."""
        ask = super().set
        _or_else(answer=None, ask=lambda: ask(key, value, *args, **kwargs))

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        """Whether the value was new and is kept."""
        ask = super().add
        return bool(_or_else(answer=False, ask=lambda: ask(key, value, *args, **kwargs)))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """The sum, or ``delta`` where nothing is kept."""
        ask = super().incr
        return int(_or_else(answer=delta, ask=lambda: ask(key, delta, version)))

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Whether something was kept under the key."""
        ask = super().delete
        return bool(_or_else(answer=False, ask=lambda: ask(key, version)))
