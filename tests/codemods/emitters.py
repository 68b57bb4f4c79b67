"""Programs with an emitter each, of every kind that can be rewritten."""

CLOSURE = """\
from app.manager import ConnectionManager


def events_of(manager: ConnectionManager, user: str):
    class Events:
        async def emit_agent_started(self, payload: dict) -> bool:
            return await manager.send(user, {"type": "agent_started", "payload": {"by": user, **payload}})

        async def emit_agent_completed(self, payload: dict) -> bool:
            return await manager.send(user, {"type": "agent_completed", "payload": payload})

    return Events()
"""

HANDED_IN = """\
from enum import Enum

from fastapi import WebSocket


class Kind(str, Enum):
    STARTED = "agent_started"
    COMPLETED = "agent_completed"


class Stateless:
    @staticmethod
    async def emit_agent_started(websocket: WebSocket, agent: str) -> None:
        await websocket.send_json({"type": Kind.STARTED, "payload": {"agent": agent}})

    async def emit_agent_completed(self, websocket: WebSocket, answer: str) -> None:
        await websocket.send_json({"type": Kind.COMPLETED.value, "payload": {"answer": answer}})
"""

NAMES_TAKEN = """\
from app.manager import ConnectionManager
from app.other import UnifiedWebSocketEmitter


class Events:
    __slots__ = ("_manager", "_user")

    def __init__(self, manager: ConnectionManager, user: str) -> None:
        self._manager = manager
        self._user = user

    async def emit_agent_started(self, agent: str) -> None:
        await self._manager.send(user=self._user, frame={"type": "agent_started", "payload": agent})

    async def emit_agent_completed(self, frame: str) -> None:
        await self._manager.send(frame={"type": "agent_completed", "payload": frame}, user=self._user)


class Loud(Events):
    def _emitter(self) -> str:
        return "loud"
# file: app/other.py
class UnifiedWebSocketEmitter:
    pass
"""

WHOLE_FRAMES = """\
from app.manager import ConnectionManager


class Events:
    def __init__(self, manager: ConnectionManager, user: str) -> None:
        self.manager = manager
        self.user = user

    async def emit_agent_started(self, agent: str) -> None:
        await self._push({"type": "agent_started", "agent": agent})

    async def emit_agent_completed(self, answer: str) -> None:
        await self._push({"type": "agent_completed", "answer": answer})

    async def emit_ping(self) -> None:
        await self.manager.send(self.user, {"type": "ping"})

    async def _push(self, frame: dict) -> None:
        try:
            await self.manager.send(self.user, frame)
        except KeyError:
            pass
"""

TABS = """\
from app.manager import ConnectionManager


class Events:
\tdef __init__(self, manager: ConnectionManager, user: str) -> None:
\t\tself.manager = manager
\t\tself.user = user

\tasync def emit_agent_started(self, agent: str) -> None:
\t\tawait self.manager.send(self.user, {
\t\t\t"type": "agent_started",
\t\t\t"agent": agent,  # shown in the title
\t\t})

\tasync def emit_agent_completed(self, answer: str) -> None:
\t\t# the frame is shown as it is
\t\tframe = {"type": "agent_completed", "answer": answer}
\t\tself.last = frame
\t\tawait self.manager.send(self.user, frame)
"""

MANY_SINKS = """\
import json
import logging

from fastapi import WebSocket

from app.manager import ConnectionManager

log = logging.getLogger(__name__)


class Events:
    def __init__(self, manager: ConnectionManager, user: str, socket: WebSocket) -> None:
        self.manager = manager
        self.user = user
        self.socket = socket
        self.failed: list[str] = []

    async def emit_agent_started(self, agent: str | None = None) -> bool:
        if agent is None:
            return False
        if await self.manager.send(self.user, {"type": "agent_started", "payload": agent}):
            await self.socket.send_text(json.dumps({"type": "agent_started", "seq": 1}, sort_keys=True))
            return True
        return False

    async def emit_tool_executing(self, tool: str) -> bool | None:
        try:
            return await self.manager.send(self.user, {"event": "tool_executing", "data": {"tool": tool}})
        except ValueError as error:
            self.failed.append(str(error))
            return None
        finally:
            log.info("told %s", tool)

    async def emit_agent_completed(self, answer: str, silent: bool = False) -> bool:
        sent = silent or await self.manager.send("audit", {"ts": 1, "type": "agent_completed"})
        self.last = sent
        return not sent
"""

PROPERTY = """\
from app.manager import ConnectionManager


class Events:
    def __init__(self, hub: ConnectionManager, user: str) -> None:
        self._hub = hub
        self.user = user

    @property
    def manager(self) -> ConnectionManager:
        return self._hub

    async def emit_agent_started(self, agent: str) -> None:
        await self.manager.send(self.user, {"type": "agent_started", "payload": agent})

    async def emit_agent_completed(self, answer: str) -> bool:
        ok = await self.manager.send(self.user, {"type": "agent_completed", "payload": answer})
        self.user = "nobody"
        return ok
"""

CALLBACK = """\
from collections.abc import Awaitable, Callable

from app.manager import ConnectionManager


class Rooms:
    class Events:
        def __init__(self, send: Callable[[dict], Awaitable[bool]]) -> None:
            self.send = send

        async def emit_agent_started(self, agent: str) -> bool:
            return await self.send({"event": "agent_started", "data": agent})

        async def emit_agent_completed(self, answer: str) -> None:
            await self.send({"event": "agent_completed", "data": answer, "last": True})


def events_of(manager: ConnectionManager, user: str) -> Rooms.Events:
    async def send(frame: dict) -> bool:
        return await manager.send(user, frame)

    return Rooms.Events(send)
"""

MADE = """\
from dataclasses import asdict, dataclass
from typing import TypedDict

from app.manager import ConnectionManager


class Frame(TypedDict):
    type: str
    payload: object


@dataclass
class Done:
    type: str
    payload: object
    last: bool = True


class Events:
    def __init__(self, manager: ConnectionManager, user: str) -> None:
        self.manager = manager
        self.user = user

    async def emit_agent_started(self, agent: str) -> bool:
        return await self.manager.send(self.user, Frame(type="agent_started", payload=agent))

    async def emit_tool_executing(self, tool: str) -> None:
        frame = dict(Frame(payload=tool, type="tool_executing"))
        await self.manager.send(self.user, frame)

    async def emit_tool_completed(self, tool: str) -> None:
        await self.manager.send(self.user, dict(type="tool_completed", payload=tool, at=1))

    async def emit_agent_completed(self, answer: str) -> None:
        await self.manager.send(self.user, asdict(Done(type="agent_completed", payload=answer)))
"""
