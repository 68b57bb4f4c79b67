"""A method that sends is called, and no class that can stand there defines it.

*Why it matters*: AttributeError when the line runs: the event is lost, and so is what comes after it. Such
calls survive where a manager was replaced by one that has fewer methods.

*What to do instead*: call the method that the class has, or give it the one that is missing.

*Limits*: only receivers whose type is a class of the program with a certain order of inheritance, and not
`self`, which may be mixed into anything. A name that any other sender of the program defines is not reported,
nor one that is asked for with `hasattr`, set as an attribute, or answered by `__getattr__` or a descriptor.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.expr import Attribute, Call, Name, dotted, text, unparse, walk
from wsconsolidate.model.facts import Branch
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.naming import named_event, sends_by_name
from wsconsolidate.model.program import Class, Edge, MroStatus, Type
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule

_SENDERS = (Role.MANAGER, Role.EMITTER, Role.BRIDGE, Role.PROTOCOL, Role.CONNECTION)
_ANSWERING = ("__getattr__", "__getattribute__", "__get__")


def check(found: Analysis) -> Iterator[Finding]:
    """Each call of a sending method that its receiver certainly lacks."""
    defined = {name for one in found.of_role(*_SENDERS) for name in one.functions} | set(_assigned(found))
    for edge in (one for edges in found.program.edges.values() for one in edges):
        name = _called(found, edge)
        if name is None or name in defined or edge.targets or found.program.files[edge.path].in_tests:
            continue
        owners = [found.program.classes.get(one.id) if one.id else None for one in edge.receiver]
        lacking = [one for one in owners if one is not None and _lacks(found, one, name)]
        if lacking and len(lacking) == len(owners) and not _is_guarded(edge, name):
            yield _finding(found, edge, lacking[0], name)


def _assigned(found: Analysis) -> Iterator[str]:
    """The names that any function sets as an attribute of anything."""
    for function in found.program.functions.values():
        for store in function.facts.body.stores if function.facts.body else ():
            if isinstance(store.target, Attribute):
                yield store.target.attr


def _called(found: Analysis, edge: Edge) -> str | None:
    """The method of a call on a sender, where it is called like one that sends."""
    func = edge.call.func
    if not isinstance(func, Attribute) or not any(found.role(one.id) in _SENDERS for one in _ids(edge)):
        return None
    sends = sends_by_name(func.attr) or named_event(func.attr, found.vocabulary) is not None
    return func.attr if sends and not _is_own(found, edge, func) else None


def _is_own(found: Analysis, edge: Edge, func: Attribute) -> bool:
    """True for a call on the instance itself, of which a subclass elsewhere may have more."""
    caller = found.program.functions.get(edge.scope)
    first = caller.facts.parameters[:1] if caller and caller.owner else ()
    return any(dotted(func.value) == one.name for one in first)


def _ids(edge: Edge) -> Iterator[Type]:
    return (one for one in edge.receiver if one.id is not None)


def _lacks(found: Analysis, one: Class, name: str) -> bool:
    """True if neither the class nor one below it offers the name in any way that can be seen or feared."""
    family = (one, *found.program.below(one))
    certain = all(each.mro.status is MroStatus.EXACT for each in family) and _is_read(one)
    return certain and not any(
        _offers(found, base, name) for each in family for base in found.program.bases(each)
    )


def _is_read(one: Class) -> bool:
    known = zip(one.mro.ids, one.mro.names, strict=True)
    return all(
        id is not None or name in ("builtins.object", "abc.ABC", "typing.Generic") for id, name in known
    )


def _offers(found: Analysis, one: Class, name: str) -> bool:
    if name in one.functions or not set(one.functions).isdisjoint(_ANSWERING) or one.facts.decorators:
        return True
    scope = found.program.scope(one.scope)
    bound = any(binding.name == name for binding in scope.bindings) if scope else False
    return bound or name in found.program.holdings.get(one.id, {}) or _sets_at_run_time(one)


def _sets_at_run_time(one: Class) -> bool:
    calls = (
        site.call
        for function in one.functions.values()
        for site in (function.facts.body.calls if function.facts.body else ())
    )
    return any(isinstance(call.func, Name) and call.func.id == "setattr" for call in calls)


def _is_guarded(edge: Edge, name: str) -> bool:
    """True if the code asks first whether the method, or another class, is there."""
    receiver = unparse(edge.call.func.value) if isinstance(edge.call.func, Attribute) else ""
    for guard in edge.site.guards:
        parts = walk(guard.test) if guard.test is not None else []
        if guard.branch is Branch.TRY and any("AttributeError" in (dotted(part) or "") for part in parts):
            return True
        for part in parts:
            match part:
                case Call(func=Name(id="hasattr" | "getattr"), args=(_, asked, *_)) if text(asked) == name:
                    return True
                case Call(func=Name(id="isinstance"), args=(one, *_)) if unparse(one) == receiver:
                    return True
    return False


def _finding(found: Analysis, edge: Edge, owner: Class, name: str) -> Finding:
    caller = found.program.functions.get(edge.scope)
    return Finding(
        message=f"{owner.name} has no method {name}, and nothing that could stand for it has one",
        path=edge.path,
        line=edge.line,
        symbol=caller.qualname if caller else found.program.files[edge.path].name,
        identity=name,
        related=(Related(path=owner.path, line=owner.line, message=f"what {name} is called on"),),
    )


_MANAGER = """
# file: app/manager.py
from fastapi import WebSocket

class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}
        self.send_later = print

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send_to_user(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)
"""

RULE = Rule(
    code="WSC209",
    name="event-call-to-nowhere",
    severity=Severity.ERROR,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _MANAGER
        + """
# file: app/registry.py
from typing import Optional

from app.manager import ConnectionManager

class AgentRegistry:
    def __init__(self) -> None:
        self.manager: Optional[ConnectionManager] = None

    async def unregister(self, user_id: str) -> None:
        if self.manager is not None:
            await self.manager.send_agent_update(user_id, "agent_completed")  # expect: WSC209

async def finish(manager: ConnectionManager) -> None:
    await manager.emit_agent_completed({})  # expect: WSC209
""",
    ),
    good=(
        _MANAGER
        + """
# file: app/registry.py
from fastapi import WebSocket
from unknown import Base

from app.manager import ConnectionManager

class RoomManager(ConnectionManager):
    async def send_to_room(self, room: str, message: dict) -> None:
        await self.send_to_user(room, message)

class OpenManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    async def send_all(self, message: dict) -> None:
        for websocket in self.connections.values():
            await websocket.send_json(message)

    def __getattr__(self, name: str):
        return self.send_all

class OddManager(Base):
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    async def send_all(self, message: dict) -> None:
        for websocket in self.connections.values():
            await websocket.send_json(message)

async def finish(
    manager: ConnectionManager, open: OpenManager, odd: OddManager, either: "ConnectionManager | Mailer", any
) -> None:
    # trap: a subclass may stand here
    await manager.send_to_room("r", {})
    # trap: an attribute that can be called
    manager.send_later("r")
    # trap: asked before it is called
    if hasattr(manager, "send_soon"):
        manager.send_soon({})
    try:
        await manager.emit_now({})
    except AttributeError:
        # trap: so is this, in the other way
        pass
    # trap: set from outside
    manager.emit_patched({})
    # trap: what the descriptor gives is another thing
    await Settings().manager.send_news({})
    # trap: answered at run time
    await open.send_anything({})
    # trap: a base that nobody knows may have it
    await odd.send_odd({})
    # trap: so may the one that is no sender
    await either.send_mail({})
    # trap: nobody knows what is given here
    await any.send_anything({})
    # trap: not called like something that sends
    manager.refresh()

class MixinManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    async def send_all(self, message: dict) -> None:
        for websocket in self.connections.values():
            await websocket.send_json(message)
        # trap: who mixes it in has it
        self.send_receipt()

    def _ping(other, self) -> None:
        # trap: it is put into another class, whose instance comes first
        other.send_ping()

class ManagerField(MixinManager):
    def __get__(self, instance, owner):
        return instance.hub

class Settings:
    manager = ManagerField()

def patch(anything) -> None:
    anything.emit_patched = print

class Mailer:
    def send_mail(self, message: dict) -> None:
        print(message)
""",
    ),
)
