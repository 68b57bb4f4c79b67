"""A class defines a method twice; only the last definition is ever called.

*Why it matters*: the first body is dead, but reads as if it ran. When two branches add the same method, the
merge has no conflict, and one of the two repairs is lost. If the parameters differ, callers of the first
get TypeError.

*What to do instead*: delete the definition that is not meant. If both are, give them two names.

*Limits*: overloads, parts of a property, registered implementations, definitions in different arms of an
`if` or `try`, and methods that a decorator or an assignment picks up before the second definition are no
mistakes. Tests are left to a linter.
"""

from collections.abc import Iterator
from itertools import pairwise

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.expr import Call, Expr, Name, dotted, walk
from wsconsolidate.model.facts import FunctionFacts, ValueBinding
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.program import Class, Function, Program
from wsconsolidate.model.rule import Rule

_PLAIN = frozenset(("staticmethod", "classmethod", "abstractmethod", "override", "final", "property"))


def check(found: Analysis) -> Iterator[Finding]:
    """Each definition in a class body that a later one of the same name replaces."""
    defined: dict[tuple[str, int, str], list[Function]] = {}
    for function in found.program.functions.values():
        if function.owner is not None and not found.program.classes[function.owner].in_tests:
            defined.setdefault((*function.owner, function.name), []).append(function)
    for functions in defined.values():
        for earlier, later in pairwise(functions):
            if _replaces(later.facts, earlier.facts) and not _is_used(earlier, later, found.program):
                yield _finding(earlier, later)


def _replaces(later: FunctionFacts, earlier: FunctionFacts) -> bool:
    """True if the later definition comes whenever the earlier one did, and does not build upon it."""
    always = later.guards == earlier.guards[: len(later.guards)]
    builds_on_it = any(later.name in _names(decorator) for decorator in later.decorators)
    kept = any(_last_name(decorator) not in _PLAIN for decorator in earlier.decorators)
    return always and not builds_on_it and not kept


def _last_name(decorator: Expr) -> str:
    called = decorator.func if isinstance(decorator, Call) else decorator
    return (dotted(called) or "").rpartition(".")[2]


def _names(expr: Expr) -> set[str]:
    return {part.id for part in walk(expr) if isinstance(part, Name)}


def _is_used(earlier: Function, later: Function, program: Program) -> bool:
    """True if an assignment of the class body reads the name between the two definitions."""
    owner: Class | None = program.class_(earlier.owner)
    scope = program.scope(owner.scope) if owner else None
    return any(
        isinstance(binding, ValueBinding)
        and earlier.line < binding.line < later.line
        and binding.value is not None
        and earlier.name in _names(binding.value)
        for binding in (scope.bindings if scope else ())
    )


def _finding(earlier: Function, later: Function) -> Finding:
    return Finding(
        message=f"{earlier.name} is defined again in line {later.line}; this definition is never called",
        path=earlier.path,
        line=earlier.line,
        symbol=earlier.qualname,
        identity=earlier.name,
        related=(Related(path=later.path, line=later.line, message="the definition that counts"),),
    )


RULE = Rule(
    code="WSC304",
    name="method-defined-twice",
    severity=Severity.WARNING,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        """
class Notifier:
    def __init__(self, websocket) -> None:
        self.websocket = websocket

    async def send_error(self, message: str) -> None:  # expect: WSC304
        await self.websocket.send_json({"type": "agent_error", "message": message})

    async def send_error(self, agent: str, message: str) -> None:  # expect: WSC304
        await self.websocket.send_json({"type": "agent_error", "agent": agent, "message": message})

    async def send_error(self, agent: str, message: str, code: int) -> None:
        await self.websocket.send_json({"type": "agent_error", "agent": agent, "code": code})
""",
    ),
    good=(
        '''
import sys
from functools import singledispatchmethod
from typing import overload

class Notifier:
    def __init__(self, websocket) -> None:
        self.websocket = websocket
        self._user = ""

    @overload
    def send(self, event: str) -> None: ...
    @overload
    def send(self, event: bytes) -> None: ...
    def send(self, event) -> None:
        """Trap: overloads are for the type checker."""

    @property
    def user(self) -> str:
        return self._user

    @user.setter
    def user(self, user: str) -> None:
        """Trap: the parts of one property."""
        self._user = user

    @singledispatchmethod
    def encode(self, value):
        return value

    @encode.register
    def _(self, value: int):
        return str(value)

    @encode.register
    def _(self, value: list):
        """Trap: implementations that are registered under one name."""
        return ",".join(value)

    if sys.platform == "win32":
        def path(self) -> str:
            return "pipe"
    else:
        def path(self) -> str:
            """Trap: one of the two arms runs."""
            return "socket"

    def close(self) -> None:
        self._user = ""

    close_quietly = close

    def close(self) -> None:
        """Trap: the first definition lives on under another name."""
        self.close_quietly()

class OtherNotifier:
    def close(self) -> None:
        """Trap: another class."""

# file: tests/test_notifier.py
class TestNotifier:
    def test_close(self) -> None:
        assert "emit"

    def test_close(self) -> None:
        """Trap: a linter looks after tests."""
''',
    ),
)
