"""Who answers for a verb, and what else a case page shows: filled by intake and apps above."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol


class VerbForm(Protocol):
    """A form that carries out one move of a case."""

    def is_valid(self) -> bool:
        """Whether what was typed can be used."""

    def carry_out(self, *, actor: Any) -> Any:
        """The case after the move.

        Raises:
            DomainError: the move is refused.
        """


@dataclass(frozen=True)
class VerbHandler:
    """One move of the table with the form that carries it out."""

    transition_name: str
    form_class: Callable[..., Any]


@dataclass(frozen=True)
class Section:
    """A part of the case page: a template and what it shows."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


SectionBuilder = Callable[[Any], Section | None]

_handlers: dict[str, list[VerbHandler]] = {}
_sections: list[tuple[int, SectionBuilder]] = []


def register_verb(handler: VerbHandler) -> None:
    """The move is carried out by this handler; a system check refuses a second one."""
    held = _handlers.setdefault(handler.transition_name, [])
    if handler not in held:
        held.append(handler)


def handlers_of(name: str) -> tuple[VerbHandler, ...]:
    """Every handler registered for the move; exactly one in a sound house."""
    return tuple(_handlers.get(name, ()))


def handler_of(name: str) -> VerbHandler:
    """The handler of the move.

    Raises:
        KeyError: nobody handles it.
    """
    return _handlers[name][0]


def registered_names() -> frozenset[str]:
    """Names of moves somebody handles."""
    return frozenset(_handlers)


def register_section(build: SectionBuilder, *, order: int = 50) -> None:
    """The case page carries ``build(case)`` from now on, unless it gives None."""
    if (order, build) not in _sections:
        _sections.append((order, build))


def sections_of(case: Any) -> list[Section]:
    """Parts that apps above add to the page of this case, in their order."""
    built = (build(case) for _order, build in sorted(_sections, key=lambda pair: pair[0]))
    return [section for section in built if section is not None]
