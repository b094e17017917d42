"""The transition table: refusals, offers, nonsense at import."""

from dataclasses import dataclass, field

import pytest
from django.db.models import TextChoices

from common.errors import TransitionRefused
from common.flow import Flow, Transition


class Lamp(TextChoices):
    """States of a lamp."""

    OFF = "off", "off"
    ON = "on", "on"
    BROKEN = "broken", "broken"


@dataclass
class Thing:
    """A lamp."""

    state: str = "off"
    powered: bool = True


@dataclass
class Hand:
    """Someone with permissions."""

    perms: set[str] = field(default_factory=set)

    def has_perm(self, perm: str) -> bool:
        """Whether it is among them."""
        return perm in self.perms


def no_power(thing: Thing) -> str | None:
    """Refuses while the lamp has no power."""
    return None if thing.powered else "no power"


SWITCH_ON = Transition("switch_on", "switch on", frozenset({"off"}), "on", "lamp.use", (no_power,))
BREAK = Transition("break", "break", frozenset({"off", "on"}), "broken", "lamp.break", likely=5)
FLOW = Flow(Lamp, initial="off", transitions=(SWITCH_ON, BREAK))


def test_it_works() -> None:
    lamp = Thing()
    FLOW.check(SWITCH_ON, lamp, Hand({"lamp.use"}))
    FLOW.apply(SWITCH_ON, lamp)
    assert lamp.state == "on"


def test_wrong_state_and_missing_permission_are_both_named() -> None:
    with pytest.raises(TransitionRefused) as refusal:
        FLOW.check(SWITCH_ON, Thing(state="broken"), Hand())
    assert len(refusal.value.reasons) == 2


def test_guards_speak_only_when_state_and_permission_fit() -> None:
    assert FLOW.refusals(SWITCH_ON, Thing(powered=False), Hand({"lamp.use"})) == ["no power"]


def test_offers_put_the_likely_move_first_and_keep_refusals() -> None:
    offers = FLOW.available(Thing(powered=False), Hand({"lamp.use", "lamp.break"}))
    assert [(o.transition.name, o.allowed) for o in offers] == [
        ("break", True),
        ("switch_on", False),
    ]


def test_a_table_with_an_unknown_state_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown states"):
        Flow(
            Lamp, initial="off", transitions=(Transition("x", "x", frozenset({"gone"}), None, "p"),)
        )


def test_every_state_is_reached() -> None:
    assert FLOW.unreachable() == set()
    assert Flow(Lamp, initial="off", transitions=(SWITCH_ON,)).unreachable() == {"broken"}
