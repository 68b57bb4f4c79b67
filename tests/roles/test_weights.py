"""The table of weights: confidence is a probability, grows with evidence, and names decide nothing."""

from hypothesis import given
from hypothesis import strategies as st

from wsconsolidate.model.role import Role
from wsconsolidate.roles.registry import ROLES
from wsconsolidate.roles.weights import DECISIVE, WEIGHTS, confidence

SEEN = st.sampled_from(list(Role)).flatmap(
    lambda role: st.tuples(st.just(role), st.sets(st.sampled_from(sorted(WEIGHTS[role]))))
)


@given(SEEN)
def test_confidence_is_between_nothing_and_certainty(seen: tuple[Role, set[str]]):
    assert 0.0 <= confidence(*seen) < 1.0


@given(SEEN, st.data())
def test_more_evidence_never_makes_less_sure(seen: tuple[Role, set[str]], data: st.DataObject):
    role, kinds = seen
    more = kinds | data.draw(st.sets(st.sampled_from(sorted(WEIGHTS[role]))))
    assert confidence(role, more) >= confidence(role, kinds)


def test_no_role_is_given_for_names_alone():
    for role, kinds in WEIGHTS.items():
        named = {kind for kind in kinds if kind.startswith("named_")}
        if role is not Role.ERROR:
            assert confidence(role, named) == 0.0, role


def test_every_kind_that_decides_has_a_weight():
    for role, sets in DECISIVE.items():
        for needed in sets:
            assert set(needed) <= WEIGHTS[role].keys(), role


def test_every_role_is_in_the_registry_once():
    assert sorted(role for role, _ in ROLES) == sorted(Role)


def test_two_witnesses_are_independent():
    assert confidence(Role.MANAGER, {"holds_connections", "adds_connections"}) == round(1 - 0.4 * 0.7, 2)
