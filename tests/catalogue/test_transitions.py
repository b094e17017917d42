"""The table of a version's life."""

from types import SimpleNamespace
from typing import Any

import pytest

from catalogue.choices import VersionState
from catalogue.transitions import VERSION_FLOW, has_all_elements
from common.errors import TransitionRefused
from tests.factories.catalogue import make_card

MOVES = [(move.name, state) for move in VERSION_FLOW.transitions for state in VersionState]


class Anyone:
    def has_perm(self, _perm: str) -> bool:
        return True


class Nobody:
    def has_perm(self, _perm: str) -> bool:
        return False


def version(state: str, **changes: Any) -> SimpleNamespace:
    return SimpleNamespace(state=state, card=lambda: make_card(**changes))


def test_it_works() -> None:
    VERSION_FLOW.check(VERSION_FLOW.by_name("publish"), version("draft"), Anyone())


@pytest.mark.parametrize(("name", "state"), MOVES)
def test_only_the_sources_of_the_table(name: str, state: str) -> None:
    move = VERSION_FLOW.by_name(name)
    if state in move.sources:
        VERSION_FLOW.check(move, version(state), Anyone())
        with pytest.raises(TransitionRefused):
            VERSION_FLOW.check(move, version(state), Nobody())
    else:
        with pytest.raises(TransitionRefused):
            VERSION_FLOW.check(move, version(state), Anyone())


def test_every_state_is_reached_and_dead_ends_are_meant() -> None:
    assert VERSION_FLOW.unreachable() == set()
    left = {str(source) for move in VERSION_FLOW.transitions for source in move.sources}
    assert set(VersionState.values) - left == {VersionState.SUPERSEDED, VersionState.ABOLISHED}


def test_a_draft_without_a_promise_says_what_is_missing() -> None:
    lacking = version("draft", promised_amount=None)
    assert "承诺" in str(has_all_elements(lacking))
