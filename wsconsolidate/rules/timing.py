"""Whether a call waits for ever, and whether it holds a lock: what the `with` statements around it say."""

from collections.abc import Iterator

from wsconsolidate.model.expr import Attribute, Call, Expr, dotted
from wsconsolidate.model.facts import Body, Context
from wsconsolidate.model.program import Edge, Program

_LIMITS = frozenset(("timeout", "timeout_at", "move_on_after", "fail_after", "move_on_at", "fail_at"))
_LOCKS = ("lock", "mutex", "semaphore", "sem", "guard", "condition", "limiter")


def is_limited(program: Program, edge: Edge) -> bool:
    """True if a call stands in a `with` that ends it after a time."""
    function = program.functions.get(edge.scope)
    body = function.facts.body if function else None
    return any(_last_name(context.value) in _LIMITS for context in contexts(body, edge.line))


def locks(body: Body | None, line: int) -> Iterator[Context]:
    """The `with` statements around a line that hold something called like a lock."""
    for context in contexts(body, line):
        name = _last_name(context.value).lower()
        if any(word in name for word in _LOCKS):
            yield context


def contexts(body: Body | None, line: int) -> Iterator[Context]:
    """The `with` statements around a line."""
    for context in body.contexts if body else ():
        if context.line <= line <= context.end_line:
            yield context


def _last_name(value: Expr) -> str:
    func = value.func if isinstance(value, Call) else value
    return func.attr if isinstance(func, Attribute) else dotted(func) or ""
