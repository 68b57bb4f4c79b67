"""What a function does, collected while its statements are read."""

import ast
from collections.abc import Callable, Sequence

from wsconsolidate.model.expr import Call, Expr
from wsconsolidate.model.facts import (
    Binding,
    Body,
    Branch,
    CallSite,
    Context,
    Guard,
    Handling,
    Leave,
    Leaving,
    Loop,
    Store,
    Stub,
    Try,
    Use,
    ValueBinding,
)

_LEAVINGS = {
    ast.Break: Leaving.BREAK,
    ast.Continue: Leaving.CONTINUE,
    ast.Return: Leaving.RETURN,
    ast.Raise: Leaving.RAISE,
}
LOGGING_METHODS = frozenset(
    ("debug", "info", "warning", "warn", "error", "exception", "critical", "log", "trace", "success")
)


class BodyBuilder:
    """Collects the facts of one body; listens to the expressions read for it."""

    def __init__(self) -> None:
        self.bind: Callable[[Binding], None] = _nowhere
        self._calls: list[CallSite] = []
        self._comprehensions: list[tuple[Expr, Expr]] = []
        self._yields = False
        self.stores: list[Store] = []
        self.loops: list[Loop | None] = []
        self.contexts: list[Context] = []
        self.tries: list[Try | None] = []
        self._leaves: list[Leave] = []
        self.returns: list[Expr] = []
        self.raises: list[Expr] = []
        self.open_loops: tuple[int, ...] = ()
        self.open_tries: tuple[int, ...] = ()
        self.guards: tuple[Guard, ...] = ()
        self.use = Use.NESTED

    def on_call(self, call: Call, *, awaited: bool, nested: bool) -> None:
        """Record a call with what surrounds it."""
        site = CallSite(
            call=call,
            awaited=awaited,
            use=Use.NESTED if nested else self.use,
            loops=self.open_loops,
            tries=self.open_tries,
            guards=self.guards,
        )
        self._calls.append(site)

    def on_walrus(self, name: str, value: Expr, line: int) -> None:
        """Record the name that an assignment expression binds."""
        binding = ValueBinding(name=name, value=value, annotation=None, line=line, guards=self.guards)
        self.bind(binding)

    def on_comprehension(self, target: Expr, iterable: Expr) -> None:
        """Record where a comprehension's name comes from."""
        self._comprehensions.append((target, iterable))

    def on_yield(self) -> None:
        """Record that the function is a generator."""
        self._yields = True

    def on_leave(self, node: ast.Break | ast.Continue | ast.Return | ast.Raise, value: Expr | None) -> None:
        """Record a statement that ends loops: a break the innermost one, a continue none, the others all."""
        how = _LEAVINGS[type(node)]
        loops = () if how is Leaving.CONTINUE else self.open_loops
        if how is Leaving.BREAK:
            loops = self._innermost()
        self._leaves.append(Leave(how=how, value=value, line=node.lineno, loops=loops, guards=self.guards))

    def _innermost(self) -> tuple[int, ...]:
        """The open for statement that a break ends; none if it ends a `while`."""
        line = next((guard.line for guard in reversed(self.guards) if guard.branch is Branch.LOOP), None)
        last = self.loops[self.open_loops[-1]] if self.open_loops else None
        return self.open_loops[-1:] if last is not None and last.line == line else ()

    def build(self, statements: Sequence[ast.stmt]) -> Body:
        """The body, once all of its statements were read."""
        self.bind = _nowhere  # it leads back here through its place: nothing else would let go of them
        return Body(
            stub=_stub(statements),
            calls=tuple(self._calls),
            stores=tuple(self.stores),
            loops=tuple(loop for loop in self.loops if loop is not None),
            comprehensions=tuple(self._comprehensions),
            contexts=tuple(self.contexts),
            tries=tuple(found for found in self.tries if found is not None),
            leaves=tuple(self._leaves),
            returns=tuple(self.returns),
            raises=tuple(self.raises),
            yields=self._yields,
        )


def _nowhere(_: Binding) -> None:
    """Where a body binds names before it is told its scope."""


def handling(statements: Sequence[ast.stmt]) -> Handling:
    """What the statements of an except arm do with the exception."""
    if any(isinstance(node, ast.Raise) for statement in statements for node in ast.walk(statement)):
        return Handling.RAISES
    kinds = {_idle(statement) for statement in statements}
    if None in kinds:
        return Handling.HANDLES
    if Stub.LOGGING in kinds:
        return Handling.LOGS
    leaves = any(isinstance(statement, ast.Return | ast.Break) for statement in statements)
    return Handling.LEAVES if leaves else Handling.PASSES


def _stub(statements: Sequence[ast.stmt]) -> Stub | None:
    rest = statements[1:] if _is_docstring(statements[0]) else statements
    if not rest:
        return Stub.DOCSTRING
    kinds = {_idle(statement) for statement in rest}
    if None in kinds:
        return None
    order = (Stub.NOT_IMPLEMENTED, Stub.LOGGING, Stub.CONSTANT, Stub.ELLIPSIS, Stub.PASS, Stub.DOCSTRING)
    return next(kind for kind in order if kind in kinds)


def _idle(statement: ast.stmt) -> Stub | None:
    """In which way a statement does nothing, None if it does something."""
    match statement:
        case ast.Pass() | ast.Continue() | ast.Break():
            return Stub.PASS
        case ast.Expr(value=ast.Constant(value=value)):
            return Stub.ELLIPSIS if value is ... else Stub.DOCSTRING
        case ast.Expr(value=ast.Call() as call) if _is_logging(call):
            return Stub.LOGGING
        case ast.Return(value=None):
            return Stub.PASS
        case ast.Return(value=ast.Constant(value=value)):
            return Stub.PASS if value is None else Stub.CONSTANT
        case ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name))):
            return Stub.NOT_IMPLEMENTED if name == "NotImplementedError" else None
        case _:
            return None


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _is_logging(call: ast.Call) -> bool:
    match call.func:
        case ast.Name(id="print"):
            return True
        case ast.Attribute(attr=attr, value=ast.Name(id=owner) | ast.Attribute(attr=owner)):
            return attr in LOGGING_METHODS and "log" in owner.lower()
        case _:
            return False
