"""The steps of C3 lead to the order that the linker says, or to the clash that it names."""

import pytest

from tests.programs import linked
from wsconsolidate.link.steps import steps

ORDERS = [
    "class A: pass\nclass B: pass\nclass X(A, B): pass\n",
    "class O: pass\nclass A(O): pass\nclass B(O): pass\nclass X(A, B): pass\n",
    "class A(ValueError): pass\nclass X(A, OSError): pass\n",
    "from collections import UserDict\nclass A: pass\nclass X(A, UserDict): pass\n",
    "import no_such\nclass A: pass\nclass X(A, no_such.B): pass\n",
]


@pytest.mark.parametrize("program", ORDERS)
def test_what_is_taken_is_the_order(program):
    found = linked(program)
    (one,) = found.named("X")
    assert tuple(step.taken for step in steps(found, one)) == one.mro.names[1:]


def test_where_nothing_can_be_taken():
    found = linked("class A: pass\nclass B(A): pass\nclass X(A, B): pass\n")
    (one,) = found.named("X")
    last = steps(found, one)[-1]
    assert last.taken is None
    assert last.waiting == (
        ("main.A", ("main.B", "main.A", "builtins.object")),
        ("main.B", ("main.A", "main.B")),
    )


def test_no_steps_without_bases():
    found = linked("class X: pass\n")
    assert steps(found, found.named("X")[0]) == ()
