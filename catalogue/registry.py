"""What else a guide leads to: doors of other apps, asked for through here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Entrance:
    """A door to an ``Item`` or ``Bundle``; an address is empty where the door is closed."""

    label: str | Promise
    address_of: Callable[[Any], str]
    address_of_bundle: Callable[[Any], str]


_entrances: list[Entrance] = []


def register_entrance(entrance: Entrance) -> None:
    """Every guide offers this door from now on."""
    _entrances.append(entrance)


def entrances_of(item: Any) -> list[tuple[str | Promise, str]]:
    """Label and address of every door that is open for the item."""
    return _open((entrance.label, entrance.address_of(item)) for entrance in _entrances)


def entrances_of_bundle(bundle: Any) -> list[tuple[str | Promise, str]]:
    """Label and address of every door that is open for the bundle."""
    return _open((entrance.label, entrance.address_of_bundle(bundle)) for entrance in _entrances)


def _open(found: Iterable[tuple[str | Promise, str]]) -> list[tuple[str | Promise, str]]:
    return [(label, address) for label, address in found if address]
