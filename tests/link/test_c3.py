"""Random class graphs have the order that CPython computes, end to end too, or fail where it fails."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.programs import linked
from wsconsolidate.link.c3 import InconsistentError, linearise
from wsconsolidate.model.program import MroStatus


@st.composite
def graphs(draw):
    """For each class the numbers of its bases, all smaller than its own; one may be named twice."""
    size = draw(st.integers(1, 8))
    row = st.integers
    return [
        draw(st.lists(row(0, own - 1), max_size=3, unique=draw(st.integers(0, 9)) > 0)) if own else []
        for own in range(size)
    ]


def source(graph):
    """Each class in a `try`, so that one that cannot be made stops no other."""
    for own, bases in enumerate(graph):
        written = ", ".join(f"C{base}" for base in bases)
        yield f"try:\n    class C{own}({written}): pass\nexcept (TypeError, NameError): pass\n"


@settings(max_examples=2000, deadline=None)
@given(graphs())
def test_the_order_of_cpython(graph):
    made, ours = {}, {}
    for own, bases in enumerate(graph):
        if not all(base in made for base in bases):
            continue
        parents = tuple(made[base] for base in bases) or (object,)
        orders = [parent.__mro__ for parent in parents]
        try:
            made[own] = type(f"C{own}", parents, {})
        except TypeError:
            with pytest.raises(InconsistentError):
                linearise(None, orders, parents)
            continue
        ours[own] = linearise(made[own], orders, parents)
        assert ours[own] == made[own].__mro__


@settings(deadline=None)
@given(graphs())
def test_the_order_of_written_classes(graph):
    text = "".join(source(graph))
    live: dict[str, object] = {"__name__": "main"}
    exec(text, live)  # noqa: S102 - the program is ours
    for found in linked(text).classes.values():
        cls = live.get(found.name)
        if isinstance(cls, type):
            names = tuple(f"{one.__module__}.{one.__qualname__}" for one in cls.__mro__)
            assert (found.mro.status, found.mro.names) == (MroStatus.EXACT, names)
        else:
            assert found.mro.status in (MroStatus.INCONSISTENT, MroStatus.INCOMPLETE)


@pytest.mark.parametrize(
    ("orders", "bases", "heads"),
    [
        (["XAo", "XBo"], "XX", ("X",)),
        (["Xo", "Yo", "Xo"], "XYX", ("X",)),
        (["Ao", "BAo"], "AB", ("A", "B")),
        (["APQo", "BQPo"], "AB", ("P", "Q")),
    ],
)
def test_the_classes_that_block_one_another(orders, bases, heads):
    with pytest.raises(InconsistentError) as caught:
        linearise("own", orders, bases)
    assert caught.value.heads == heads
