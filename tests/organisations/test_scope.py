"""Who may see what: prefixes of the region code and departments, from posts."""

from dataclasses import dataclass

import pytest

from organisations.rules import region_prefix, scope_of


@dataclass
class Held:
    """A post's facts."""

    role: str
    unit_id: int = 1
    scope_code: str = ""


def test_it_works() -> None:
    scope = scope_of([Held("clerk", scope_code="410503004000")])
    assert scope.covers_region("410503004001")
    assert not scope.covers_region("410503003001")


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("410503000000", "410503"),
        ("410503004000", "410503004"),
        ("410503004001", "410503004001"),
        ("410503010000", "410503010"),
    ],
)
def test_a_prefix_is_what_descendants_share(code: str, prefix: str) -> None:
    assert region_prefix(code) == prefix


def test_a_reviewer_sees_his_unit_and_no_region() -> None:
    scope = scope_of([Held("reviewer", unit_id=7, scope_code="410503000000")])
    assert scope.unit_ids == (7,)
    assert scope.region_prefixes == ()


def test_only_an_administrator_sees_everything() -> None:
    assert scope_of([Held("administrator")]).everything
    assert not scope_of([Held("supervisor", scope_code="410503000000")]).everything
    assert not scope_of([]).everything
