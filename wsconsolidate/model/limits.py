"""Where code asks how many there are before it lets one more in."""

from collections.abc import Iterator
from itertools import chain

from wsconsolidate.model.expr import Call, Compare, Constant, Expr, Name, unparse, walk
from wsconsolidate.model.facts import Guard
from wsconsolidate.model.program import Function

LIMIT_WORDS = ("max", "limit", "capacity", "quota")
"""What the name of a limit says."""
_ORDERS = frozenset(("<", "<=", ">", ">=", "=="))


def limit_checks(function: Function) -> Iterator[tuple[Compare, int]]:
    """The comparisons of how many there are with how many there may be, each with its line."""
    for guard in dict.fromkeys(_guards(function)):
        for part in walk(guard.test) if guard.test is not None else ():
            if isinstance(part, Compare) and (_names_limit(part) or _counts(part)):
                yield part, guard.line


def _guards(function: Function) -> Iterator[Guard]:
    """What the function asks before it calls, stores, raises or returns."""
    body = function.facts.body
    if body is not None:
        asking = (*(one.guards for one in body.calls), *(one.guards for one in body.leaves))
        yield from chain.from_iterable((*asking, *(one.guards for one in body.stores)))


def _names_limit(found: Compare) -> bool:
    written = unparse(found).lower()
    return any(word in written for word in LIMIT_WORDS) and "attempt" not in written


def _counts(found: Compare) -> bool:
    """`len(room) >= self.seats`, not `len(room) > 0`."""
    counted = any(_is_len(operand) for operand in found.operands)
    trivial = any(isinstance(operand, Constant) and operand.value in (0, 1) for operand in found.operands)
    return counted and not trivial and not _ORDERS.isdisjoint(found.operators)


def _is_len(expr: Expr) -> bool:
    return isinstance(expr, Call) and isinstance(expr.func, Name) and expr.func.id == "len"
