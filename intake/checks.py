"""System checks: exactly one handler per move, every state reachable, every paper there."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from intake.choices import Side
from intake.registry import handlers_of, registered_names
from intake.transitions import CASE_FLOW


@register()
def each_move_has_one_handler(**_kwargs: Any) -> Sequence[CheckMessage]:
    """Nobody or two apps answering for a verb would leave a button without a meaning."""
    faults: list[CheckMessage] = []
    for move in CASE_FLOW.transitions:
        if move.side == Side.LAW:
            continue
        count = len(handlers_of(move.name))
        if count != 1:
            faults.append(Error(f"{move.name} has {count} handlers instead of 1", id="intake.E001"))
    strange = registered_names() - {move.name for move in CASE_FLOW.transitions}
    faults.extend(
        Error(f"a handler is registered for {name}, which is no move", id="intake.E002")
        for name in sorted(strange)
    )
    return faults


@register()
def each_state_is_reachable(**_kwargs: Any) -> Sequence[CheckMessage]:
    """A state nothing leads to is a typing error in the table."""
    return [
        Error(f"no move leads to {state}", id="intake.E003") for state in CASE_FLOW.unreachable()
    ]
