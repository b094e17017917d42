"""States and moves as one table: the truth for admin, API, docs and tests."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common.errors import TransitionRefused

Guard = Callable[[Any], str | Promise | None]


class Actor(Protocol):
    """Whoever acts: an ``organisations.User`` in practice."""

    def has_perm(self, perm: str) -> bool:
        """Whether the permission is held."""


@dataclass(frozen=True)
class Transition:
    """One move: from any of ``sources`` to ``target`` (None: the state stays).

    A move that undoes another names in ``restores`` the states it may lead back to; the
    object says in ``state_to_restore`` which one it is.
    ``guards`` are pure functions of the object that return a reason or None.
    ``likely`` orders the buttons: higher comes first.
    """

    name: str
    label: str | Promise
    sources: frozenset[str]
    target: str | None
    permission: str
    guards: tuple[Guard, ...] = ()
    note_required: bool = False
    side: str = ""
    likely: int = 0
    restores: frozenset[str] = frozenset()

    @property
    def targets(self) -> frozenset[str]:
        """Every state the move may lead to; none if the state stays."""
        return self.restores | ({self.target} if self.target is not None else set())

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Offer:
    """A move that fits state and permission, with the reasons that still refuse it."""

    transition: Transition
    reasons: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether nothing refuses it."""
        return not self.reasons


class Flow:
    """The table of one kind of thing.

    Raises:
        ValueError: at import, if two moves share a name or name an unknown state.
    """

    def __init__(
        self,
        states: type[TextChoices],
        *,
        initial: str,
        transitions: Iterable[Transition],
        field: str = "state",
    ) -> None:
        self.states = states
        self.initial = initial
        self.transitions = tuple(transitions)
        self.field = field
        self._by_name = {move.name: move for move in self.transitions}
        self._refuse_nonsense()

    def _refuse_nonsense(self) -> None:
        known = set(self.states.values)
        if len(self._by_name) != len(self.transitions):
            raise ValueError("two transitions share a name")
        for move in self.transitions:
            strange = (move.sources | move.targets) - known
            if strange:
                raise ValueError(f"{move.name} names unknown states {sorted(map(str, strange))}")

    def by_name(self, name: str) -> Transition:
        """The move called ``name``.

        Raises:
            KeyError: there is no such move.
        """
        return self._by_name[name]

    def state_of(self, obj: object) -> str:
        """The state the object stands in."""
        return str(getattr(obj, self.field))

    def label_of(self, state: str) -> str:
        """The state in the reader's language."""
        return str(self.states(state).label)

    def refusals(self, move: Transition, obj: object, actor: Actor) -> list[str]:
        """Every reason why ``actor`` may not make ``move`` now; empty if he may."""
        reasons = []
        if self.state_of(obj) not in move.sources:
            reasons.append(
                _("“%(verb)s” is not possible in state “%(state)s”")
                % {"verb": move.label, "state": self.label_of(self.state_of(obj))},
            )
        if not actor.has_perm(move.permission):
            reasons.append(_("your posts do not allow “%(verb)s”") % {"verb": move.label})
        return reasons or self._guard_reasons(move, obj)

    def _guard_reasons(self, move: Transition, obj: object) -> list[str]:
        return [str(reason) for guard in move.guards if (reason := guard(obj))]

    def check(self, move: Transition, obj: object, actor: Actor) -> None:
        """Pass silently if the move is allowed.

        Raises:
            TransitionRefused: with every reason.
        """
        reasons = self.refusals(move, obj, actor)
        if reasons:
            raise TransitionRefused(reasons, transition=move.name)

    def apply(self, move: Transition, obj: object) -> None:
        """Put the object in the move's target state; the caller saves.

        Raises:
            TransitionRefused: the state to restore is none the move leads back to.
        """
        target = move.target
        if move.restores:
            target = str(getattr(obj, "state_to_restore", ""))
            if target not in move.restores:
                raise TransitionRefused([_("there is no earlier state to go back to")])
        if target is not None:
            setattr(obj, self.field, target)

    def available(self, obj: object, actor: Actor) -> list[Offer]:
        """Moves that fit state and permission, likely ones first, with their refusals."""
        fitting = (
            move
            for move in self.transitions
            if self.state_of(obj) in move.sources and actor.has_perm(move.permission)
        )
        offers = [Offer(move, tuple(self._guard_reasons(move, obj))) for move in fitting]
        return sorted(offers, key=lambda offer: -offer.transition.likely)

    def unreachable(self) -> set[str]:
        """States that no chain of moves reaches from the initial one."""
        seen = {str(self.initial)}
        grown = True
        while grown:
            targets = {
                str(target)
                for move in self.transitions
                if seen & {str(source) for source in move.sources}
                for target in move.targets
            }
            grown = not targets <= seen
            seen |= targets
        return set(self.states.values) - seen

    def diagram(self) -> str:
        """The table as a Mermaid state diagram, for the docs."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for move in self.transitions:
            lines.extend(
                f"    {source} --> {target}: {move.name}"
                for source in sorted(map(str, move.sources))
                for target in sorted(map(str, move.targets)) or [source]
            )
        return "\n".join(lines)
