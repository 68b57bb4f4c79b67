"""A small run of the oracle: packages of the test environment and some of the standard library."""

import pytest

from tests.oracle.compare import compare

PACKAGES = ["json", "email", "unittest", "logging", "pluggy", "typer", "starlette"]
LEAST_EXACT = 0.97


@pytest.fixture(scope="module", params=PACKAGES)
def result(request):
    return compare(request.param)


def test_every_exact_order_is_that_of_cpython(result):
    assert result.compared, "CPython ran no class statement"
    contradicted = [one for one in result.compared if one.contradicted]
    assert [(one.made.name, one.made.orders, one.answer.order.names) for one in contradicted] == []


def test_nearly_every_order_is_exact(result):
    exact = [one for one in result.compared if one.exact]
    others = [(one.made.name, one.answer.reason) for one in result.compared if not one.exact]
    assert len(exact) >= LEAST_EXACT * len(result.compared), others


def test_what_is_not_exact_has_a_reason(result):
    for one in result.compared:
        problem = one.answer.order.problem
        assert one.exact or one.answer.order.alternatives or (problem is not None and problem.detail)


def test_methods_are_counted_as_inspect_does(result):
    wrong = [
        (one.made.name, set(one.made.methods), one.answer.methods)
        for one in result.compared
        if not one.counted
    ]
    assert wrong == []
