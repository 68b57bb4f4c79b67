"""Whether calls fit and overrides narrow, with Python itself as the judge."""

import itertools

import pytest

from tests.programs import facts_of
from wsconsolidate.model.expr import Call
from wsconsolidate.model.signature import misfit, narrowing

SIGNATURES = (
    "self",
    "self, a",
    "self, a, b=1",
    "self, a=1, b=2",
    "self, a, /, b",
    "self, a, *, b",
    "self, a, *, b=1",
    "self, *rest",
    "self, a, *rest",
    "self, **more",
    "self, a, **more",
    "self, *rest, b=1, **more",
)
CALLS = ("", "1", "1, 2", "1, 2, 3", "a=1", "b=1", "1, b=2", "1, a=2", "a=1, b=2", "1, 2, c=3", "1, 2, b=3")


def refuses(signature: str, arguments: str) -> bool:
    """What Python says."""
    made: dict[str, object] = {}
    exec(f"class C:\n    def f({signature}): pass\n", made)  # noqa: S102 - rows of this file
    try:
        eval(f"C().f({arguments})", made)  # noqa: S307 - rows of this file
    except TypeError:
        return True
    return False


def function(signature: str):
    return facts_of(f"class C:\n    def f({signature}): pass\n").functions[0]


def call(arguments: str) -> Call:
    (site,) = facts_of(f"f({arguments})\n").main.calls
    return site.call


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize("arguments", CALLS)
def test_a_call_is_refused_where_python_refuses_it(signature: str, arguments: str):
    assert (misfit(call(arguments), function(signature), bound=True) is not None) == refuses(
        signature, arguments
    )


@pytest.mark.parametrize(
    ("signature", "arguments", "reason"),
    [
        ("self, a, b", "1", "it needs 'b' too"),
        ("self, a, b, c", "", "it needs 'a', 'b', 'c' too"),
        ("self, a", "1, 2, 3", "it takes 1 positional arguments, not 3"),
        ("self", "x=1", "it takes no argument 'x'"),
        ("self, a", "1, a=2", "it gets 'a' twice"),
        ("self, a, b", "*x", None),
        ("self, a, b", "**x", None),
        ("self, a", "*x, b=1", "it takes no argument 'b'"),
    ],
)
def test_the_reason_is_named(signature: str, arguments: str, reason: str | None):
    assert misfit(call(arguments), function(signature), bound=True) == reason


@pytest.mark.parametrize(("own", "base"), tuple(itertools.product(SIGNATURES, repeat=2)))
def test_an_override_that_narrows_refuses_a_call_that_the_base_takes(own: str, base: str):
    """Calls are tried with the names of the base; another name for a parameter is no conflict."""
    taken = [arguments for arguments in CALLS if not refuses(base, arguments)]
    if narrowing(function(own), function(base)) is not None:
        assert any(refuses(own, arguments) for arguments in taken)


@pytest.mark.parametrize(
    ("own", "base", "reason"),
    [
        ("self, a, b", "self, a", "it needs 'b', which the base does not ask for"),
        ("self, a, b", "self, a, b=1", "it needs 'b', which the base does not ask for"),
        ("self, a, *, b", "self, a", "it needs 'b', which the base does not ask for"),
        ("self", "self, a", "it takes 0 positional arguments, the base 1"),
        ("self, a", "self, a, *, b=1", "it does not take 'b', which the base takes"),
        ("self, x", "self, a", None),
        ("self, a, b=1", "self, a", None),
        ("self, *rest", "self, a", None),
        ("self, a", "self, *rest, **more", None),
    ],
)
def test_the_narrowing_is_named(own: str, base: str, reason: str | None):
    assert narrowing(function(own), function(base)) == reason
