"""The roles: confidence is a probability, grows with evidence, and names decide nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsconsolidate.model.role import Role
from wsconsolidate.roles.part import Part
from wsconsolidate.roles.registry import PARTS

SEEN = st.sampled_from(PARTS).flatmap(
    lambda part: st.tuples(st.just(part), st.sets(st.sampled_from(sorted(part.weights))))
)
each = pytest.mark.parametrize("part", PARTS, ids=lambda part: part.role.value)


@given(SEEN)
def test_confidence_is_between_nothing_and_certainty_in_two_places(seen: tuple[Part, set[str]]):
    part, kinds = seen
    sure = part.confidence(kinds)
    assert 0.0 <= sure < 1.0
    assert sure == round(sure, 2)


@given(SEEN, st.data())
def test_more_evidence_never_makes_less_sure(seen: tuple[Part, set[str]], data: st.DataObject):
    part, kinds = seen
    more = kinds | data.draw(st.sets(st.sampled_from(sorted(part.weights))))
    assert part.confidence(more) >= part.confidence(kinds)


@each
def test_no_role_is_given_for_names_alone(part: Part):
    named = {kind for kind in part.weights if kind.startswith("named_")}
    assert part.role is Role.ERROR or part.confidence(named) == 0.0


@each
def test_every_kind_that_decides_has_a_weight(part: Part):
    assert {kind for needed in part.decisive for kind in needed} <= part.weights.keys()


def test_every_role_is_in_the_registry_once():
    assert sorted(part.role for part in PARTS) == sorted(Role)


def test_two_witnesses_are_independent():
    [manager] = (part for part in PARTS if part.role is Role.MANAGER)
    assert manager.confidence({"holds_connections", "adds_connections"}) == round(1 - 0.4 * 0.7, 2)
