"""Programs before and after their emitters send through the one that stays."""

from wsconsolidate.codemods.codemod import Example

APP = """
# file: pyproject.toml
[tool.wsconsolidate.ssot]
emitter = "wsconsolidate.runtime.UnifiedWebSocketEmitter"
# file: app/manager.py
from fastapi import WebSocket


class ConnectionManager:
    def __init__(self) -> None:
        self.sockets: dict[str, WebSocket] = {}

    async def connect(self, user: str, socket: WebSocket) -> None:
        self.sockets[user] = socket

    async def send(self, user: str, frame: dict) -> bool:
        await self.sockets[user].send_json(frame)
        return True

    async def send_text(self, text: str, socket: WebSocket) -> None:
        await socket.send_text(text)
# file: app/events.py
"""

REWRITES = (
    Example(
        before=APP
        + '''\
"""Events of one run."""

import logging

from app.manager import ConnectionManager

log = logging.getLogger(__name__)


class RunEvents:
    def __init__(self, manager: ConnectionManager, user: str, run: str) -> None:
        self.manager = manager
        self.user = user
        self.run = run
        self.sent = 0

    async def agent_started(self, agent: str) -> None:
        log.info("%s starts", agent)
        # the browser opens the panel now
        await self.manager.send(
            self.user,
            {"event": "agent_started", "data": {"run": self.run, "agent": agent}},
        )
        self.sent += 1

    async def agent_completed(self, agent: str, answer: str) -> bool:
        ok = await self.manager.send(self.user, {"event": "agent_completed", "data": {"run": self.run}})
        if not ok:
            raise ConnectionError(self.user)
        return ok
''',
        after=APP
        + '''\
"""Events of one run."""

import logging

from wsconsolidate.runtime import Envelope, UnifiedWebSocketEmitter

from app.manager import ConnectionManager

log = logging.getLogger(__name__)


class RunEvents:
    def __init__(self, manager: ConnectionManager, user: str, run: str) -> None:
        self.manager = manager
        self.user = user
        self.run = run
        self.sent = 0

    async def agent_started(self, agent: str) -> None:
        log.info("%s starts", agent)
        # the browser opens the panel now
        await self._emitter().emit_agent_started({"run": self.run, "agent": agent})
        self.sent += 1

    async def agent_completed(self, agent: str, answer: str) -> bool:
        ok: bool = await self._emitter().emit_agent_completed({"run": self.run})
        if not ok:
            raise ConnectionError(self.user)
        return ok

    def _emitter(self) -> UnifiedWebSocketEmitter:
        return UnifiedWebSocketEmitter.for_sink(
            lambda frame: self.manager.send(self.user, frame), envelope=Envelope.EVENT_DATA
        )
''',
    ),
    Example(
        before=APP
        + """\
import json

from fastapi import WebSocket

from app.manager import ConnectionManager


class ChatEvents:
    def __init__(self, manager: ConnectionManager, socket: WebSocket):
        self.manager = manager
        self.socket = socket

    async def agent_started(self, agent: str):
        await self._send("agent_started", {"agent": agent})

    async def agent_completed(self, answer: str):
        await self._send("agent_completed", {"answer": answer})

    async def _send(self, event: str, payload: dict):
        text = json.dumps({"type": event, "payload": payload}, ensure_ascii=False)
        await self.manager.send_text(text, self.socket)
""",
        after=APP
        + """\
import json

from fastapi import WebSocket
from wsconsolidate.runtime import UnifiedWebSocketEmitter

from app.manager import ConnectionManager


class ChatEvents:
    def __init__(self, manager: ConnectionManager, socket: WebSocket):
        self.manager = manager
        self.socket = socket

    async def agent_started(self, agent: str):
        await self._send("agent_started", {"agent": agent})

    async def agent_completed(self, answer: str):
        await self._send("agent_completed", {"answer": answer})

    async def _send(self, event: str, payload: dict):
        await self._emitter().emit(event, payload)

    def _emitter(self) -> UnifiedWebSocketEmitter:
        return UnifiedWebSocketEmitter.for_sink(
            lambda frame: self.manager.send_text(json.dumps(frame, ensure_ascii=False), self.socket),
        )
""",
    ),
    Example(
        before=APP
        + """\
from dataclasses import dataclass, field

from fastapi import WebSocket


@dataclass
class Kiosk:
    socket: WebSocket
    step: int = 0
    sent: list[str] = field(default_factory=list)

    def _next(self, event: str) -> int:
        self.sent.append(event)
        self.step += 1
        return self.step

    async def notify_agent_started(self, task: str) -> None:
        body = {"task": task}
        await self.socket.send_json({"type": "agent_started", "data": body, "step": self._next("start")})

    async def notify_agent_completed(self, answer: str) -> None:
        await self.socket.send_json(
            {
                "type": "agent_completed",
                "data": {
                    "answer": answer,
                    "words": len(answer.split()),
                    "everything that was said before, in short": ", ".join(self.sent),
                },
                "step": self._next("completed"),
            }
        )
""",
        after=APP
        + """\
from dataclasses import dataclass, field

from fastapi import WebSocket
from wsconsolidate.runtime import Envelope, UnifiedWebSocketEmitter


@dataclass
class Kiosk:
    socket: WebSocket
    step: int = 0
    sent: list[str] = field(default_factory=list)

    def _next(self, event: str) -> int:
        self.sent.append(event)
        self.step += 1
        return self.step

    async def notify_agent_started(self, task: str) -> None:
        body = {"task": task}
        await self._emitter().emit_agent_started(body, extra={"step": self._next("start")})

    async def notify_agent_completed(self, answer: str) -> None:
        await self._emitter().emit_agent_completed(
            {
                "answer": answer,
                "words": len(answer.split()),
                "everything that was said before, in short": ", ".join(self.sent),
            },
            extra={"step": self._next("completed")},
        )

    def _emitter(self) -> UnifiedWebSocketEmitter:
        return UnifiedWebSocketEmitter.for_sink(self.socket.send_json, envelope=Envelope.TYPE_DATA)
""",
    ),
    Example(
        before=APP
        + """\
import time

from app.manager import ConnectionManager


class Feed:
    def __init__(self, manager: ConnectionManager, user: str, clock=time.time):
        self.manager = manager
        self.user = user
        self.clock = clock

    async def on_agent_started(self, agent: str) -> bool:
        return await self.manager.send(
            self.user, {"type": "agent_started", "agent": agent, "at": self.clock()}
        )

    async def on_tool_executing(self, tool: str, arguments: dict) -> bool:
        return await self.manager.send(self.user, {"type": "tool_executing", **arguments, "tool": tool})

    async def on_tool_completed(self, tool: str) -> bool:
        frame = {"type": "tool_completed", "tool": tool, "at": self.clock()}
        return await self.manager.send(self.user, frame)

    async def on_agent_completed(self, answer: str, **more: str) -> bool:
        frame = {"type": "agent_completed", "answer": answer}
        frame.update(more)
        return await self.manager.send(self.user, frame)
""",
        after=APP
        + """\
import time

from wsconsolidate.runtime import Envelope, UnifiedWebSocketEmitter

from app.manager import ConnectionManager


class Feed:
    def __init__(self, manager: ConnectionManager, user: str, clock=time.time):
        self.manager = manager
        self.user = user
        self.clock = clock

    async def on_agent_started(self, agent: str) -> bool:
        answer: bool = await self._emitter().emit_agent_started({"agent": agent, "at": self.clock()})
        return answer

    async def on_tool_executing(self, tool: str, arguments: dict) -> bool:
        answer: bool = await self._emitter().emit_frame({"type": "tool_executing", **arguments, "tool": tool})
        return answer

    async def on_tool_completed(self, tool: str) -> bool:
        answer: bool = await self._emitter().emit_tool_completed({"tool": tool, "at": self.clock()})
        return answer

    async def on_agent_completed(self, answer: str, **more: str) -> bool:
        frame = {"type": "agent_completed", "answer": answer}
        frame.update(more)
        outcome: bool = await self._emitter().emit_frame(frame)
        return outcome

    def _emitter(self) -> UnifiedWebSocketEmitter:
        return UnifiedWebSocketEmitter.for_sink(
            lambda frame: self.manager.send(self.user, frame), envelope=Envelope.FLAT
        )
""",
    ),
)
