"""An event's message is made as a dict by hand where it is sent.

*Why it matters*: every place that writes `{"type": "agent_started", "payload": ...}` decides anew which
keys the browser gets. One forgets the timestamp, the next calls the payload `data`, and no type checker
sees it.

*What to do instead*: call the emitter that stays, which makes the envelope, or build the message with one
payload class (a TypedDict, dataclass or model).

*Limits*: one finding for each class or function, at its first message. Messages that carry none of the
events are free, and so is the envelope of a source of truth. A dict whose keys are added one by one later
is not seen.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.expr import Attribute, Dict, Expr, Name
from wsconsolidate.model.facts import ValueBinding
from wsconsolidate.model.finding import Finding, Rule, Severity
from wsconsolidate.model.naming import EVENT_PARAMETERS, sends_by_name
from wsconsolidate.model.program import Edge, Function


def check(found: Analysis) -> Iterator[Finding]:
    """The first hand-made message of each class or function that sends such messages."""
    told = set()
    for function in found.program.functions.values():
        symbol = _symbol(found, function)
        if symbol is None or (function.path, symbol) in told:
            continue
        frame = next(_frames(found, function), None)
        if frame is not None:
            told.add((function.path, symbol))
            yield Finding(
                message=f"{symbol} makes the messages of its events by hand",
                path=function.path,
                line=frame.line,
                symbol=symbol,
            )


def _symbol(found: Analysis, function: Function) -> str | None:
    """Who is to answer for the messages of a function; None where they are free."""
    if found.program.files[function.path].in_tests:
        return None
    if function.owner is None:
        return function.qualname
    stays = {truth.id for truth in found.ssot.values()}
    free = function.owner in stays or found.is_test(function.owner)
    return None if free else found.program.classes[function.owner].qualname


def _frames(found: Analysis, function: Function) -> Iterator[Dict]:
    for edge in found.program.edges.get(function.scope, ()):
        if not _may_send(found, edge):
            continue
        for frame, name in found.carrying.frames(edge):
            typed = _is_typed(found, function, frame)
            if not typed and (found.carrying.event(edge.scope, name) or _is_passed_on(found, function, name)):
                yield frame


def _may_send(found: Analysis, edge: Edge) -> bool:
    func = edge.call.func
    unknown = isinstance(func, Attribute) and not (edge.targets or edge.receiver) and sends_by_name(func.attr)
    return unknown or found.program.arrives(edge)


def _is_passed_on(found: Analysis, function: Function, name: Expr) -> bool:
    """True if the name of the event is the one that a sender's method was given."""
    given = name.value if isinstance(name, Attribute) else name
    events = found.coverage.get(function.owner, {}) if function.owner else {}
    covers = any(covered.status.covers for covered in events.values())
    return covers and isinstance(given, Name) and given.id in EVENT_PARAMETERS


def _is_typed(found: Analysis, function: Function, frame: Dict) -> bool:
    """True if the name that the message is bound to is annotated with a class of the program."""
    scope = found.program.scope(function.scope)
    for binding in scope.bindings if scope else ():
        if isinstance(binding, ValueBinding) and binding.value is frame and binding.annotation is not None:
            name = Name(binding.name, binding.line)
            return any(one.id is not None for one in found.program.lookup.types(function.scope, name))
    return False


_MANAGER = """
# file: app/manager.py
from fastapi import WebSocket

class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send_to_user(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)

# file: app/unified.py
from app.manager import ConnectionManager

class UnifiedEmitter:
    # the source of truth: its envelope is the one
    def __init__(self, manager: ConnectionManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id

    async def emit_agent_started(self, data: dict) -> None:
        await self._emit("agent_started", data)

    async def emit_agent_thinking(self, data: dict) -> None:
        await self._emit("agent_thinking", data)

    async def emit_tool_executing(self, data: dict) -> None:
        await self._emit("tool_executing", data)

    async def emit_tool_completed(self, data: dict) -> None:
        await self._emit("tool_completed", data)

    async def emit_agent_completed(self, data: dict) -> None:
        await self._emit("agent_completed", data)

    async def _emit(self, event: str, data: dict) -> None:
        await self.manager.send_to_user(self.user_id, {"type": event, "payload": data})
"""

RULE = Rule(
    code="WSC108",
    name="ad-hoc-payload",
    severity=Severity.NOTE,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _MANAGER
        + """
# file: app/feed.py
from app.manager import ConnectionManager

class RoomFeed:
    def __init__(self, manager: ConnectionManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id

    async def on_agent_started(self, agent: str) -> None:
        message = {"event": "agent_started", "agent": agent}  # expect: WSC108
        await self.manager.send_to_user(self.user_id, message)

    async def on_agent_completed(self, agent: str) -> None:
        # one finding for the class
        await self.manager.send_to_user(self.user_id, {"event": "agent_completed", "agent": agent})

class Relay:
    def __init__(self, manager: ConnectionManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id

    async def notify_tool_executing(self, tool: str) -> None:
        await self._notify("tool_executing", tool)

    async def notify_tool_completed(self, tool: str) -> None:
        await self._notify("tool_completed", tool)

    async def _notify(self, event: str, tool: str) -> None:
        await self.manager.send_to_user(self.user_id, {"type": event, "tool": tool})  # expect: WSC108

async def finish(manager: ConnectionManager, user_id: str) -> None:
    await manager.send_to_user(user_id, dict(type="agent_completed"))  # expect: WSC108
""",
    ),
    good=(
        _MANAGER
        + """
# file: app/feed.py
import logging
from typing import TypedDict

from app.manager import ConnectionManager
from app.unified import UnifiedEmitter

log = logging.getLogger(__name__)

class Message(TypedDict):
    type: str
    agent: str

class RoomFeed:
    def __init__(self, manager: ConnectionManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id
        self.history: list[dict] = []

    async def on_agent_started(self, agent: str) -> None:
        # trap: a message with a type
        message: Message = {"type": "agent_started", "agent": agent}
        await self.manager.send_to_user(self.user_id, message)

    async def on_agent_completed(self, agent: str) -> None:
        # trap: the same
        await self.manager.send_to_user(self.user_id, Message(type="agent_completed", agent=agent))

    async def members(self, names: list[str]) -> None:
        # trap: no event that matters
        await self.manager.send_to_user(self.user_id, {"type": "members", "names": names})

    def note(self) -> None:
        # trap: kept and logged, not sent
        self.history.append({"type": "agent_started"})
        log.info("sent %s", {"type": "agent_completed"})

async def finish(emitter: UnifiedEmitter, agent: str) -> None:
    # trap: only the payload is a dict, the envelope is the emitter's
    await emitter.emit_agent_completed({"agent": agent})

# file: tests/test_feed.py
# trap: a test says what it expects
from app.manager import ConnectionManager

async def test_finish(manager: ConnectionManager) -> None:
    await manager.send_to_user("u", {"type": "agent_completed"})
""",
    ),
)
