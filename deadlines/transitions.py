"""Moves of a clock.

Its verbs are called by the services of its subject, which check the permission; so
this table knows states only.
"""

from dataclasses import dataclass

from deadlines.choices import OPEN_STATES, ClockState, Verb


@dataclass(frozen=True)
class Move:
    """From any of ``sources`` to ``target``; None leaves the state to the events."""

    verb: Verb
    sources: frozenset[str]
    target: ClockState | None = None


OPEN = frozenset(str(state) for state in OPEN_STATES)
PAUSED = frozenset({str(ClockState.PAUSED)})
CLOSED = frozenset({str(ClockState.CANCELLED), str(ClockState.LAPSED)})

MOVES: dict[str, Move] = {
    move.verb: move
    for move in (
        Move(Verb.PAUSE, OPEN, ClockState.PAUSED),
        Move(Verb.RETELL, PAUSED, ClockState.PAUSED),
        Move(Verb.RESUME, PAUSED),
        Move(Verb.EXTEND, OPEN),
        Move(Verb.REASSIGN, OPEN),
        Move(Verb.FINISH, OPEN, ClockState.FINISHED),
        Move(Verb.CANCEL, OPEN, ClockState.CANCELLED),
        Move(Verb.EFFECT, OPEN, ClockState.LAPSED),
        Move(Verb.REOPEN, CLOSED),
    )
}
