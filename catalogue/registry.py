"""What else a guide leads to: doors of other apps, asked for through here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Entrance:
    """A door to an ``Item``; ``address_of`` gives an empty text where it is closed."""

    label: str | Promise
    address_of: Callable[[Any], str]


_entrances: list[Entrance] = []


def register_entrance(entrance: Entrance) -> None:
    """Every guide offers this door from now on."""
    _entrances.append(entrance)


def entrances_of(item: Any) -> list[tuple[str | Promise, str]]:
    """Label and address of every door that is open for the item."""
    found = ((entrance.label, entrance.address_of(item)) for entrance in _entrances)
    return [(label, address) for label, address in found if address]
