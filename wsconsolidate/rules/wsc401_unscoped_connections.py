"""What is meant for one user is sent to everyone.

*Why it matters*: every browser gets the progress, the questions and the results of somebody else's agent.
In a test with one user it works.

*What to do instead*: keep the connections by user or run, and send to those; let every event carry whom it
is for.

*Limits*: a broadcast as such is no mistake. Reported is a loop over all connections of a manager if a
critical event leads there, or if the method says to whom it sends (`send_to_user(user_id, ...)`). A loop that
asks about the connection before it sends is trusted; what a comprehension leaves out is not seen.
"""

import re
from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.program import Edge, Function, FunctionId
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule
from wsconsolidate.rules.fan_out import FanOut, fan_outs

_ADDRESSED = re.compile(r"(?:^|_)to_([a-z]+)$")


def check(found: Analysis) -> Iterator[Finding]:
    """Each loop over all connections that sends what is meant for one."""
    carried = _carried(found)
    for one in found.production(Role.MANAGER):
        told = set()
        for fan_out in fan_outs(found.program, one, found.connections(one)):
            reason = _reason(fan_out, carried)
            if reason and fan_out.everyone and not fan_out.chosen and fan_out.loop.line not in told:
                told.add(fan_out.loop.line)
                yield _finding(fan_out, reason, carried.get(fan_out.function.id))


def _carried(found: Analysis) -> dict[FunctionId, tuple[Edge, str]]:
    """The functions that a critical event passes, with a call that hands it there."""
    passed: dict[FunctionId, tuple[Edge, str]] = {}
    for edge in (one for edges in found.program.edges.values() for one in edges):
        if not found.program.arrives(edge) or found.program.files[edge.path].in_tests:
            continue
        for event in sorted(found.carrying.events(edge))[:1]:
            for function in found.program.way(edge):
                passed.setdefault(function.id, (edge, event))
    return passed


def _reason(fan_out: FanOut, carried: dict[FunctionId, tuple[Edge, str]]) -> str | None:
    name = fan_out.function.name
    if fan_out.function.id in carried:
        return f"{name} sends {carried[fan_out.function.id][1]} to everyone, whose agent it ever was"
    return (
        f"{name} sends to every connection, whomever it is for" if _is_addressed(fan_out.function) else None
    )


def _is_addressed(function: Function) -> bool:
    """True for `send_to_user(user_id, ...)`: the name says that it is for one, a parameter for whom."""
    whom = _ADDRESSED.search(function.name)
    names = (parameter.name for parameter in function.facts.parameters)
    return whom is not None and any(whom[1] in name.split("_") for name in names)


def _finding(fan_out: FanOut, message: str, carried: tuple[Edge, str] | None) -> Finding:
    function = fan_out.function
    related: tuple[Related, ...] = ()
    if carried is not None:
        edge, event = carried
        related = (Related(path=edge.path, line=edge.line, message=f"hands {event} on"),)
    return Finding(
        message=message,
        path=function.path,
        line=fan_out.loop.line,
        symbol=function.qualname,
        identity=str(fan_out.place),
        related=related,
    )


_MANAGER = """
# file: app/manager.py
from fastapi import WebSocket

class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}
        self.owners: dict[str, str] = {}

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket
"""

RULE = Rule(
    code="WSC401",
    name="unscoped-connections",
    severity=Severity.WARNING,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _MANAGER
        + """
    async def broadcast(self, message: dict) -> None:
        for websocket in self.connections.values():  # expect: WSC401
            await websocket.send_json(message)

    async def send_to_user(self, user_id: str, message: dict) -> None:
        for websocket in list(self.connections.values()):  # expect: WSC401
            await websocket.send_json({"user": user_id, **message})

# file: app/emitter.py
from app.manager import ConnectionManager

class AgentEmitter:
    def __init__(self, manager: ConnectionManager) -> None:
        self.manager = manager

    async def emit_agent_started(self, agent: str) -> None:
        await self.manager.broadcast({"type": "agent_started", "agent": agent})
""",
    ),
    good=(
        _MANAGER
        + """
    async def broadcast(self, message: dict) -> None:
        for websocket in self.connections.values():
            # trap: news for all, no agent's event
            await websocket.send_json(message)

    async def send_to_user(self, user_id: str, message: dict) -> None:
        for connection_id, websocket in self.connections.items():
            # trap: asked before it is sent
            if self.owners[connection_id] == user_id:
                await websocket.send_json(message)

    async def send_to_others(self, user_id: str, message: dict) -> None:
        for connection_id, websocket in self.connections.items():
            owner = self.owners[connection_id]
            if owner == user_id:
                continue
            await websocket.send_json(message)

    async def send_to_dashboard(self, message: dict) -> None:
        for websocket in self.connections.values():
            # trap: nobody is named, all of them are dashboards
            await websocket.send_json(message)

    async def send_to_all(self, message: dict) -> None:
        for websocket in self.connections.values():
            # trap: that is what it says
            await websocket.send_json(message)

    async def announce(self, text: str) -> None:
        await self.broadcast({"type": "announcement", "text": text})

class RoomManager:
    def __init__(self) -> None:
        self.rooms: dict[str, list[WebSocket]] = {}

    def enter(self, room: str, websocket: WebSocket) -> None:
        self.rooms.setdefault(room, []).append(websocket)

    async def send_to_room(self, room: str, message: dict) -> None:
        for websocket in self.rooms[room]:
            # trap: all, but of one room
            await websocket.send_json(message)

class AgentEmitter:
    def __init__(self, rooms: RoomManager, room: str) -> None:
        self.rooms = rooms
        self.room = room

    async def emit_agent_started(self, agent: str) -> None:
        await self.rooms.send_to_room(self.room, {"type": "agent_started", "agent": agent})
""",
    ),
)
