"""The bases of a class contradict each other, so Python refuses to create it.

*Why it matters*: `TypeError: Cannot create a consistent method resolution order` is raised when the module
is imported, and everything behind that import is gone with it.

*What to do instead*: put the more special base before the more general one, or drop the base that another
one already brings. `wsconsolidate explain` shows the two constraints that clash.

*Limits*: only an order that is certainly inconsistent is reported. A class whose bases cannot all be
followed is listed as not seen instead. Tests that provoke the error are left alone.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.expr import dotted, walk
from wsconsolidate.model.facts import Branch, Guard
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.program import Class, MroStatus
from wsconsolidate.model.rule import Rule

_CATCHING = frozenset(("TypeError", "Exception", "BaseException"))


def check(found: Analysis) -> Iterator[Finding]:
    """Each class of the code base that cannot be created."""
    for one in found.program.classes.values():
        inconsistent = one.mro.status is MroStatus.INCONSISTENT and not one.in_tests
        if inconsistent and not any(_catches(guard) for guard in one.facts.guards):
            yield _finding(one)


def _catches(guard: Guard) -> bool:
    if guard.branch is not Branch.TRY or guard.test is None:
        return False
    return any(dotted(part) in _CATCHING for part in walk(guard.test))


def _finding(one: Class) -> Finding:
    problem = one.mro.problem
    detail = f": {problem.detail}" if problem else ""
    related = (Related(path=problem.path, line=problem.line, message=problem.detail),) if problem else ()
    return Finding(
        message=f"{one.name} cannot be created{detail}",
        path=one.path,
        line=one.line,
        symbol=one.qualname,
        related=related,
    )


RULE = Rule(
    code="WSC301",
    name="inconsistent-mro",
    severity=Severity.ERROR,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        """
class Emitter:
    async def emit_agent_started(self, websocket) -> None:
        await websocket.send_json({"type": "agent_started"})

class LoggingEmitter(Emitter):
    pass

class MixedEmitter(Emitter, LoggingEmitter):  # expect: WSC301
    pass
""",
    ),
    good=(
        '''
from somewhere_else import Unknown

class Emitter:
    async def emit_agent_started(self, websocket) -> None:
        await websocket.send_json({"type": "agent_started"})

class LoggingEmitter(Emitter):
    pass

class MixedEmitter(LoggingEmitter, Emitter):
    """Trap: the same two bases, the more special one first."""

class FarEmitter(Unknown, LoggingEmitter):
    """Trap: an order that cannot be known is not called wrong."""

try:
    class TriedEmitter(Emitter, LoggingEmitter):
        """Trap: the author expects the error."""
except TypeError:
    TriedEmitter = LoggingEmitter

# file: tests/test_order.py
# trap: a test that provokes the error
def test_order() -> None:
    class Emitter:
        pass

    class Wrong(object, Emitter):
        """Does not emit."""
''',
    ),
)
