"""An event is sent to the socket by code that is no emitter, past the one that stays.

*Why it matters*: what the emitter adds (envelope, retry, metrics, order) is missing from this one message,
and nobody who looks for who sends the event finds this place. It is the message that differs when the
format changes.

*What to do instead*: call the emitter or bridge that stays.

*Limits*: only where a critical event is named in the call and the call leads to a socket. Emitters that send
by themselves are WSC103, hand-made messages in general WSC108.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Finding, Severity
from wsconsolidate.model.naming import named_event
from wsconsolidate.model.program import Edge, Function
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule

_SENDERS = (Role.EMITTER, Role.BRIDGE)


def check(found: Analysis) -> Iterator[Finding]:
    """Each call outside of the senders that brings an event to a socket and passes none of them."""
    truth = found.ssot.get(Role.EMITTER) or found.ssot.get(Role.BRIDGE)
    if truth is None:
        return
    for scope, edges in found.program.edges.items():
        caller = found.program.functions.get(scope)
        if caller is None or not _is_outsider(found, caller):
            continue
        for edge in filter(found.program.arrives, edges):
            for event in sorted(found.carrying.events(edge)):
                if _goes_around(found, edge):
                    yield Finding(
                        message=f"{caller.qualname} sends {event} to the socket, past {truth.qualname}",
                        path=edge.path,
                        line=edge.line,
                        symbol=caller.qualname,
                        identity=event,
                    )


def _is_outsider(found: Analysis, caller: Function) -> bool:
    """True for production code that does not belong to a class with a role or relay the event itself."""
    in_tests = found.program.files[caller.path].in_tests
    return (
        not in_tests and found.role(caller.owner) is None and not named_event(caller.name, found.vocabulary)
    )


def _goes_around(found: Analysis, edge: Edge) -> bool:
    owners = {function.owner for function in found.program.way(edge)}
    stays = found.ssot.get(Role.MANAGER)
    by_sender = any(found.role(owner) in _SENDERS for owner in owners)
    by_manager = stays is not None and stays.id in owners and next(found.carrying.frames(edge), None) is None
    return not (by_sender or by_manager)


_PROGRAM = """
# file: app/manager.py
from fastapi import WebSocket

class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send_to_user(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)

    async def emit_event(self, user_id: str, event_type: str, data: dict) -> None:
        await self.send_to_user(user_id, {"type": event_type, "payload": data})

# file: app/emitter.py
from app.manager import ConnectionManager

class AgentEmitter:
    def __init__(self, manager: ConnectionManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id

    async def emit_agent_started(self, data: dict) -> None:
        await self.emit("agent_started", data)

    async def emit_agent_completed(self, data: dict) -> None:
        await self.emit("agent_completed", data)

    async def emit(self, event_type: str, data: dict) -> None:
        await self.manager.emit_event(self.user_id, event_type, data)
"""

RULE = Rule(
    code="WSC205",
    name="event-sent-around-ssot",
    severity=Severity.WARNING,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _PROGRAM
        + """
# file: app/routes.py
from fastapi import WebSocket

from app.manager import ConnectionManager

async def chat(websocket: WebSocket, manager: ConnectionManager) -> None:
    message = await websocket.receive_json()
    if not message["text"]:
        await websocket.send_json({"type": "agent_completed", "payload": {}})  # expect: WSC205
        return
    await manager.send_to_user("ann", {"type": "agent_started"})  # expect: WSC205

async def push(websocket: WebSocket, event: str) -> None:
    await websocket.send_json({"type": event})

class Engine:
    async def run(self, websocket: WebSocket) -> None:
        await push(websocket, "agent_started")  # expect: WSC205
""",
    ),
    good=(
        _PROGRAM
        + """
# file: app/routes.py
import logging

from fastapi import WebSocket

from app.emitter import AgentEmitter
from app.manager import ConnectionManager

log = logging.getLogger(__name__)

async def tell(emitter: AgentEmitter, event: str) -> None:
    await emitter.emit(event, {})

async def chat(websocket: WebSocket, manager: ConnectionManager, emitter: AgentEmitter) -> None:
    # trap: through the emitter
    await emitter.emit("agent_started", {})
    # trap: by a helper that goes through the emitter
    await tell(emitter, "agent_started")
    # trap: the manager makes the envelope by itself
    await manager.emit_event("ann", "agent_completed", {})
    # trap: no event that matters
    await websocket.send_json({"type": "pong"})
    # trap: logged, not sent
    log.info("done", {"type": "agent_completed"})

# file: tests/test_routes.py
# trap: a test plays the server
from fastapi import WebSocket

async def serve(websocket: WebSocket) -> None:
    await websocket.send_json({"type": "agent_completed"})
""",
        """
# file: app/routes.py
# trap: a program without any emitter has none to go around
from fastapi import WebSocket

async def chat(websocket: WebSocket) -> None:
    await websocket.send_json({"type": "agent_completed"})
""",
    ),
)
