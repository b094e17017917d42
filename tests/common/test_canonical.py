"""Canonical JSON: one spelling, nothing ambiguous."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.canonical import canonical_json

FACTS = st.recursive(
    st.text() | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def test_it_works() -> None:
    assert canonical_json({"乙": 1, "甲": ["x"]}) == '{"乙":1,"甲":["x"]}'


@pytest.mark.parametrize("value", [1.5, None, date(2026, 1, 1), {"a": [None]}, {1: "x"}])
def test_what_could_be_spelled_two_ways_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


@given(st.dictionaries(st.text(), FACTS))
def test_the_order_of_keys_does_not_matter(facts: dict[str, object]) -> None:
    turned = dict(reversed(list(facts.items())))
    assert canonical_json(facts) == canonical_json(turned)
