"""A registry takes a manager and does nothing with it, or is never given one.

*Why it matters*: the agents that this registry makes have no way to the browser. They run, they answer, and
the chat shows nothing in between; nothing fails, because everybody asks `if self.manager is not None`.

*What to do instead*: keep the manager and hand it to what the registry makes; call the setter where the
application is put together.

*Limits*: classes with a setter such as `set_websocket_manager` or `set_bridge`. An empty setter counts
unless a subclass fills it. That nobody calls a setter counts only where the program itself makes the
registry (a library's users may call it), and where nothing else sets the same attribute.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.expr import Attribute, Call, Expr, Name, parts, text, walk
from wsconsolidate.model.facts import Stub
from wsconsolidate.model.finding import Finding, Severity
from wsconsolidate.model.program import Class, Edge, Function
from wsconsolidate.model.rule import Rule

_EMPTY = (Stub.PASS, Stub.ELLIPSIS, Stub.DOCSTRING, Stub.LOGGING, Stub.CONSTANT)


def check(found: Analysis) -> Iterator[Finding]:
    """Each registry whose setter is empty, or is not called though the program makes the registry."""
    setters = {point.symbol for point in found.integration_points if point.kind == "registry"}
    for one in found.program.classes.values():
        for setter in one.functions.values():
            if setter.qualname not in setters or found.is_test(one.id):
                continue
            reason = _reason(found, one, setter)
            if reason:
                yield Finding(
                    message=f"{one.name}.{setter.name} {reason}",
                    path=one.path,
                    line=one.line,
                    symbol=one.qualname,
                    identity=setter.name,
                )


def _reason(found: Analysis, one: Class, setter: Function) -> str | None:
    family = found.program.below(one)
    if any(setter.name in heir.functions for heir in family) or setter.facts.decorators:
        return None
    body = setter.facts.body
    if body is not None and body.stub in _EMPTY and "typing.Protocol" not in one.bases:
        return "does nothing with what it is given"
    made = any(_makes(edge, one, *family) for edge in _edges(found))
    given = any(_calls(found, edge, setter) for edge in _edges(found)) or _is_given(found, one, setter)
    return "is never called: what it runs has no way to the browser" if made and not given else None


def _is_given(found: Analysis, one: Class, setter: Function) -> bool:
    """True if what the setter sets is also set from outside, or by another method from its arguments."""
    holdings = [held for group in found.program.holdings.get(one.id, {}).values() for held in group]
    own = {held.attribute for held in holdings if held.scope == setter.scope}
    by_method = {
        held.attribute
        for held in holdings
        if held.scope != setter.scope and isinstance(held.value, Name | Attribute)
    }
    return not own.isdisjoint(by_method | set(_set_at_top_level(found)))


def _set_at_top_level(found: Analysis) -> Iterator[str]:
    """The attributes that modules set while they are imported: `bot.manager = manager`."""
    for module in found.program.files.values():
        for store in module.facts.main.stores if module.facts.main else ():
            if isinstance(store.target, Attribute) and not module.in_tests:
                yield store.target.attr


def _edges(found: Analysis) -> Iterator[Edge]:
    """The calls of production code."""
    for scope, edges in found.program.edges.items():
        if not found.program.files[scope.path].in_tests:
            yield from edges


def _makes(edge: Edge, *classes: Class) -> bool:
    return any(one.id in edge.constructs for one in classes)


def _calls(found: Analysis, edge: Edge, setter: Function) -> bool:
    """True for a call of the setter, one that may be, or one that hands on its name."""
    caller = found.program.functions.get(edge.scope)
    if caller is not None and caller.id == setter.id:
        return False
    func = edge.call.func
    if isinstance(func, Attribute) and func.attr == setter.name:
        return not edge.targets or setter.id in edge.targets
    arguments = (part for argument in parts(edge.call)[1:] for part in walk(argument))
    return _names(edge.call, setter.name) or any(_names(part, setter.name) for part in arguments)


def _names(part: Expr, name: str) -> bool:
    match part:
        case Attribute(attr=attr):
            return attr == name
        case Call(func=Name(id="getattr"), args=(_, asked, *_)):
            return text(asked) == name
        case _:
            return False


_MANAGER = """
# file: app/manager.py
from fastapi import WebSocket

class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)
"""

RULE = Rule(
    code="WSC501",
    name="registry-without-manager",
    severity=Severity.WARNING,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _MANAGER
        + """
# file: app/registry.py
from app.manager import ConnectionManager

class PluginRegistry:  # expect: WSC501
    def set_websocket_manager(self, manager: ConnectionManager) -> None:
        \"\"\"Plug-ins do not stream yet.\"\"\"

class AgentRegistry:  # expect: WSC501
    def __init__(self) -> None:
        self.manager = None

    def set_websocket_manager(self, manager: ConnectionManager) -> None:
        self.manager = manager

class ToolRegistry:
    def __init__(self) -> None:
        self.manager = None

    def set_websocket_manager(self, manager: ConnectionManager) -> None:
        self.manager = manager

def build(manager: ConnectionManager) -> list:
    tools = ToolRegistry()
    # of the two, one is given the manager
    tools.set_websocket_manager(manager)
    return [tools, AgentRegistry()]
""",
    ),
    good=(
        _MANAGER
        + """
# file: app/registry.py
from app.manager import ConnectionManager

class BaseRegistry:
    def set_websocket_manager(self, manager: ConnectionManager) -> None:
        # trap: a subclass fills it
        pass

class AgentRegistry(BaseRegistry):
    def __init__(self) -> None:
        self.manager = None

    def set_websocket_manager(self, manager: ConnectionManager) -> None:
        self.manager = manager

def build(manager: ConnectionManager) -> AgentRegistry:
    registry = AgentRegistry()
    registry.set_websocket_manager(manager)
    return registry
""",
        _MANAGER
        + """
# file: library/registry.py
from app.manager import ConnectionManager

class AgentRegistry:
    # trap: who uses the library makes it and calls the setter
    def __init__(self) -> None:
        self.manager = None

    def set_websocket_manager(self, manager: ConnectionManager) -> None:
        self.manager = manager
""",
        _MANAGER
        + """
# file: app/registry.py
from app.manager import ConnectionManager

class AgentRegistry:
    def __init__(self) -> None:
        self.manager = None

    def set_websocket_manager(self, manager: ConnectionManager) -> None:
        self.manager = manager

class GivenRegistry:
    # trap: the constructor takes it too
    def __init__(self, manager=None) -> None:
        self.manager = manager

    def set_websocket_manager(self, manager: ConnectionManager) -> None:
        self.manager = manager

class OpenRegistry:
    def __init__(self) -> None:
        self.manager = None

    def set_websocket_bridge(self, manager: ConnectionManager) -> None:
        self.manager = manager

class TopRegistry:
    def __init__(self) -> None:
        self.hub = None

    def set_websocket_manager(self, manager: ConnectionManager) -> None:
        self.hub = manager

top = TopRegistry()
# trap: set without the setter, while the module is imported
top.hub = ConnectionManager()

def wire(manager: ConnectionManager) -> list:
    opened = OpenRegistry()
    # trap: set without the setter
    opened.manager = manager
    return [opened, GivenRegistry(manager)]

registries = {"agents": AgentRegistry()}

def build(manager: ConnectionManager) -> None:
    for registry in registries.values():
        # trap: called on what nobody knows the type of
        wire = getattr(registry, "set_websocket_manager", None)
        if wire is not None:
            wire(manager)
""",
    ),
)
