"""Emitters that are left to send by themselves, and why."""

from wsconsolidate.codemods.codemod import Trap
from wsconsolidate.codemods.delegate_emitter_examples import APP

_HEAD = (
    APP
    + """\
import asyncio
import json

from fastapi import WebSocket

from app.manager import ConnectionManager


class Events:
    def __init__(self, manager: ConnectionManager, user: str) -> None:
        self.manager = manager
        self.user = user
"""
)
_COMPLETED = """
    async def emit_agent_completed(self, answer: str) -> None:
        await self.manager.send(self.user, {"type": "agent_completed", "answer": answer})
"""


def _trap(started: str, reason: str) -> Trap:
    return Trap(program=f"{_HEAD}{started}{_COMPLETED}", reason=reason)


UNTOUCHED = (
    _trap(
        """
    async def emit_agent_started(self, agent: str) -> None:
        asyncio.create_task(self.manager.send(self.user, {"type": "agent_started", "agent": agent}))
""",
        "line 15: `self.manager.send` is not awaited where it is called",
    ),
    _trap(
        """
    async def emit_agent_started(self, agent: str) -> None:
        frame = {"type": "agent_started", "agent": agent}
        await asyncio.gather(self.manager.send(self.user, frame), self.manager.send("audit", frame))
""",
        "line 16: `self.manager.send` is not awaited where it is called",
    ),
    _trap(
        """
    def emit_agent_started(self, agent: str):
        return self.manager.send(self.user, {"type": "agent_started", "agent": agent})
""",
        "line 15: `emit_agent_started` is no coroutine function",
    ),
    _trap(
        """
    async def emit_agent_started(self, agent: str) -> None:
        sending = self.manager.send(self.user, {"type": "agent_started", "agent": agent})
        await sending
""",
        "line 15: `self.manager.send` is not awaited where it is called",
    ),
    _trap(
        """
    async def emit_agent_started(self, agent: str) -> None:
        frame = {"type": "agent_started", "agent": agent}
        [await self.manager.send(user, frame) for user in (self.user, "audit")]
""",
        "line 16: it sends inside a comprehension",
    ),
    _trap(
        """
    async def emit_agent_started(self, agent: str):
        yield await self.manager.send(self.user, {"type": "agent_started", "agent": agent})
""",
        "line 15: `emit_agent_started` is a generator",
    ),
    _trap(
        """
    async def emit_agent_started(self, agent: str, *more: str) -> None:
        await self.manager.send(self.user, {"type": "agent_started", "agent": agent}, *more)
""",
        "line 15: its arguments are unpacked",
    ),
    Trap(
        program=APP
        + """\
import socketio

sio = socketio.AsyncServer()


class Events:
    def __init__(self, room: str) -> None:
        self.room = room

    async def emit_agent_started(self, agent: str) -> None:
        await sio.emit("agent_started", {"agent": agent}, room=self.room)

    async def emit_agent_completed(self, answer: str) -> None:
        await sio.emit("agent_completed", {"answer": answer}, room=self.room)
""",
        reason="line 11: `agent_started` leaves without a frame that is laid out here",
    ),
    _trap(
        """
    def _stamp(self) -> int:
        self.user = "somebody else"
        return 1

    async def emit_agent_started(self, agent: str) -> None:
        await self.manager.send(self.user, {"type": "agent_started", "at": self._stamp()})
""",
        "line 19: what the frame calls may change whom it is sent to",
    ),
    _trap(
        """
    def _next(self) -> str:
        return self.user

    async def emit_agent_started(self, agent: str) -> None:
        await self.manager.send(self._next(), {"type": "agent_started", "agent": agent})
""",
        "line 18: the call's other arguments are more than names and constants",
    ),
    _trap(
        """
    async def emit_agent_started(self, agent: str) -> None:
        await self.manager.send(
            self.user,  # never the admin
            {"type": "agent_started", "agent": agent},
        )
""",
        "app/events.py: line 15: a comment stands in the call and would be lost",
    ),
    Trap(
        program=APP
        + """\
import json

from fastapi import WebSocket


class Events:
    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self.bytes = 0

    async def emit_agent_started(self, agent: str) -> None:
        text = json.dumps({"type": "agent_started", "agent": agent})
        self.bytes += len(text)
        await self.socket.send_text(text)

    async def emit_agent_completed(self, answer: str) -> None:
        await self.socket.send_text(json.dumps({"type": "agent_completed", "answer": answer}))
""",
        reason="app/events.py: line 14: its text is not made just before it is sent",
    ),
    Trap(
        program=APP
        + """\
from fastapi import WebSocket
from pydantic import BaseModel


class Frame(BaseModel):
    type: str
    text: str


class Events:
    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket

    async def emit_agent_started(self, agent: str) -> None:
        await self.socket.send_text(Frame(type="agent_started", text=agent).model_dump_json())

    async def emit_agent_completed(self, answer: str) -> None:
        await self.socket.send_text(Frame(type="agent_completed", text=answer).model_dump_json())
""",
        reason="line 15: `agent_started` leaves without a frame that is laid out here",
    ),
    _trap(
        """
    async def emit_agent_started(self, agent: str) -> None:
        async def later() -> None:
            await self.manager.send(self.user, {"type": "agent_started", "agent": agent})

        await asyncio.sleep(1)
        await later()
""",
        "line 19: `agent_started` leaves without a frame that is laid out here",
    ),
    _trap(
        """
    async def emit_agent_started(self, agent: str) -> None:
        await self.manager.send(self.user, {"type": "agent_started", "size": (n := 1), "n": n})
""",
        "app/events.py: line 15: the send binds a name or yields while it is made",
    ),
    _trap(
        """
    async def emit_agent_started(self, agent: str) -> None:
        frame = {"type": "agent_started"}
        await self.manager.send(self.user, frame); await self.manager.send("audit", frame)
""",
        "app/events.py: line 16: `self.manager.send` is called 2 times there",
    ),
    _trap(
        """
    async def emit_agent_started(self, agent: str) -> None:
        await asyncio.wait_for(self.manager.send(self.user, {"type": "agent_started"}), 5)
""",
        "line 15: `self.manager.send` is not awaited where it is called",
    ),
    _trap(
        """
    async def emit_agent_started(self, frame) -> None:
        await self.manager.send(self.user, frame)
""",
        "line 15: `agent_started` leaves without a frame that is laid out here",
    ),
)
