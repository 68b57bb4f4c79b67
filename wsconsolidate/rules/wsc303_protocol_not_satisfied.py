"""A class claims a protocol and lacks one of its members.

*Why it matters*: a class that inherits from a Protocol inherits its empty bodies too. The missing method is
there, does nothing and returns None, `isinstance` says yes, and the event is lost without a trace. Of an
abstract base Python says so, but only when the first instance is made.

*What to do instead*: write the method. If the class can't have it, let it claim a smaller protocol.

*Limits*: only what a class inherits from a protocol of managers, emitters, bridges or connections, where the
order of inheritance is exact. A body of `pass` or a docstring is a default where `None` is what the method
gives; `...` is none; one that raises says so loudly. Of abstract bases only abstract methods count, in
classes that nothing extends. A class that the program never makes may be meant to be extended. Whether an
argument fits the protocol of a parameter is a type checker's question.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.expr import Attribute, Constant, Name
from wsconsolidate.model.facts import FunctionFacts, Stub
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.program import Class, Function, MroStatus
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule

_PROTOCOL = "typing.Protocol"
_IDLE = (Stub.PASS, Stub.DOCSTRING)


def check(found: Analysis) -> Iterator[Finding]:
    """Each member of a protocol that a class below it gets as an empty body."""
    protocols = {one.id: one for one in found.production(Role.PROTOCOL)}
    made = {id for edges in found.program.edges.values() for edge in edges for id in edge.constructs}
    for one in (found.program.classes[id] for id in sorted(made & set(found.program.classes))):
        claimed = [protocols[id] for id in one.mro.ids[1:] if id in protocols]
        if not claimed or one.id in protocols or found.is_test(one.id) or not _is_final(found, one):
            continue
        for protocol in claimed:
            for member in protocol.functions.values():
                if _is_asked(protocol, member) and _is_missing(found, one, member):
                    yield _finding(one, protocol, member)


def _is_final(found: Analysis, one: Class) -> bool:
    """True for a class of which instances are made as it is."""
    is_open = _PROTOCOL in one.bases or "abc.ABC" in one.bases
    abstract = any(_is_abstract(function.facts) for function in one.functions.values())
    return one.mro.status is MroStatus.EXACT and not (is_open or abstract or found.program.below(one))


def _is_asked(protocol: Class, member: Function) -> bool:
    """True for a member that does nothing by itself."""
    stub = member.facts.body.stub if member.facts.body else None
    may_be_idle = isinstance(member.facts.returns, Constant) and member.facts.returns.value is None
    empty = stub is Stub.ELLIPSIS or (stub in _IDLE and not may_be_idle)
    return _is_abstract(member.facts) or (empty and _PROTOCOL in protocol.bases)


def _is_abstract(facts: FunctionFacts) -> bool:
    names = (_last_name(decorator) for decorator in facts.decorators)
    return any(name in ("abstractmethod", "abstractproperty") for name in names)


def _last_name(decorator: object) -> str:
    match decorator:
        case Name(id=name) | Attribute(attr=name):
            return name
        case _:
            return ""


def _is_missing(found: Analysis, one: Class, member: Function) -> bool:
    """True if the instance gets the protocol's own empty method, and no attribute instead."""
    inherited = found.program.method(one, member.name)
    if inherited is None or inherited.id != member.id:
        return False
    for base in found.program.bases(one):
        if base.id == member.owner:
            continue
        scope = found.program.scope(base.scope)
        bound = any(binding.name == member.name for binding in scope.bindings) if scope else False
        if bound or member.name in found.program.holdings.get(base.id, {}):
            return False
    return True


def _finding(one: Class, protocol: Class, member: Function) -> Finding:
    return Finding(
        message=f"{one.name} inherits {member.name} from {protocol.qualname}, where it does nothing",
        path=one.path,
        line=one.line,
        symbol=one.qualname,
        identity=member.name,
        related=(Related(path=member.path, line=member.line, message="the member"),),
    )


_PROTOCOLS = """
# file: app/contracts.py
from abc import ABC, abstractmethod
from typing import Protocol

from fastapi import WebSocket

class ManagerProtocol(Protocol):
    async def connect(self, user_id: str, websocket: WebSocket) -> None: ...

    async def send_to_user(self, user_id: str, message: dict) -> None: ...

    def expire(self, user_id: str) -> None: ...

    def is_connected(self, user_id: str) -> bool:
        return False

    def pause(self) -> int:
        raise NotImplementedError("not every manager can")

    def on_stop(self) -> None:
        \"\"\"May be used to clean up.\"\"\"

class AbstractManager(ABC):
    @abstractmethod
    async def connect(self, user_id: str, websocket: WebSocket) -> None: ...

    @abstractmethod
    async def send_to_user(self, user_id: str, message: dict) -> None: ...

    @abstractmethod
    def expire(self, user_id: str) -> None: ...

    def on_close(self) -> None:
        pass
"""
_BODY = """
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send_to_user(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)
"""
_IMPORTS = """
# file: app/manager.py
from fastapi import WebSocket

from app.contracts import AbstractManager, ManagerProtocol
"""

RULE = Rule(
    code="WSC303",
    name="protocol-not-satisfied",
    severity=Severity.WARNING,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        f"""{_PROTOCOLS}{_IMPORTS}
class SessionManager(ManagerProtocol):  # expect: WSC303
{_BODY}
class TerminalManager(AbstractManager):  # expect: WSC303
{_BODY}
managers = [SessionManager(), TerminalManager()]
""",
    ),
    good=(
        f"""{_PROTOCOLS}{_IMPORTS}
class SessionManager(ManagerProtocol):
    # trap: the protocol itself says what is_connected does, and that nothing need be done to stop;
    # pause fails loudly
{_BODY}
    def expire(self, user_id: str) -> None:
        self.connections.pop(user_id)

class Expiring:
    def expire(self, user_id: str) -> None:
        print(user_id)

class MixedManager(Expiring, ManagerProtocol):
    # trap: another base has it
{_BODY}

class GivenManager(ManagerProtocol):
    # trap: set as an attribute
{_BODY}
    expire = print

class HalfManager(AbstractManager):
    # trap: what extends it has the rest; on_close may stay empty
{_BODY}

class WholeManager(HalfManager):
    def expire(self, user_id: str) -> None:
        self.connections.pop(user_id)

class LooseManager:
    # trap: it claims nothing
{_BODY}

class OpenManager(AbstractManager):
    # trap: the program does not make one, its users extend it
{_BODY}

managers = [SessionManager(), MixedManager(), GivenManager(), WholeManager(), LooseManager()]

# file: tests/test_manager.py
from app.contracts import ManagerProtocol

class FakeManager(ManagerProtocol):
    # trap: a double has what its test needs
    async def connect(self, user_id: str, websocket) -> None:
        self.user_id = user_id
""",
    ),
)
