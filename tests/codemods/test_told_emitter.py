"""Emitters whose sends become calls of an emitter of the tree, and do the same as before."""

import asyncio
import json
import sys
import types

import pytest

KEPT = """\
from app.manager import Manager


class UnifiedEmitter:
    def __init__(self, manager: Manager, *, user: str) -> None:
        self.manager = manager
        self.user = user

    async def emit_agent_started(self, data: object) -> bool:
        return await self.emit("agent_started", data)

    async def emit_agent_completed(self, data: object) -> bool:
        return await self.emit("agent_completed", data)

    async def emit(self, event: str, data: object) -> bool:
        frame = {"type": event, "payload": data}
        return await self.manager.send(self.user, frame)
"""
MANAGER = """\
from fastapi import WebSocket


class Manager:
    def __init__(self) -> None:
        self.sockets: dict[str, WebSocket] = {}

    async def connect(self, user: str, socket: WebSocket) -> None:
        self.sockets[user] = socket

    async def send(self, user: str, frame: dict) -> bool:
        await self.sockets[user].send_json(frame)
        return True
"""
HEAD = """\
from app.manager import Manager


class Events:
    def __init__(self, manager: Manager, user: str) -> None:
        self.manager = manager
        self.user = user
        self.sent = 0
"""
AFTER = HEAD.replace("from app.manager", "from app.kept import UnifiedEmitter\nfrom app.manager")
# title, before, after
ROWS = {
    "in place": (
        """
    async def on_agent_started(self, agent: str) -> bool:
        ok = await self.manager.send(
            self.user,
            {"type": "agent_started", "payload": {"agent": agent, "sent": self.sent}},
        )
        self.sent += 1
        return ok

    async def on_agent_completed(self, answer: str) -> bool:
        return await self.manager.send(self.user, {"type": "agent_completed", "payload": answer})
""",
        """
    async def on_agent_started(self, agent: str) -> bool:
        ok = await UnifiedEmitter(manager=self.manager, user=self.user).emit_agent_started(
            {"agent": agent, "sent": self.sent}
        )
        self.sent += 1
        return ok

    async def on_agent_completed(self, answer: str) -> bool:
        return await UnifiedEmitter(manager=self.manager, user=self.user).emit_agent_completed(
            answer
        )
""",
    ),
    "made before": (
        """
    async def on_agent_started(self, agent: str) -> bool:
        frame = {"type": "agent_started", "payload": {"agent": agent, "sent": self.sent}}
        self.sent += 1
        return await self.manager.send(self.user, frame)

    async def on_agent_completed(self, answer: str) -> bool:
        frame: dict = {"type": "agent_completed", "payload": [answer, self.sent]}
        return await self.manager.send(self.user, frame)
""",
        """
    async def on_agent_started(self, agent: str) -> bool:
        frame = {"agent": agent, "sent": self.sent}
        self.sent += 1
        return await UnifiedEmitter(manager=self.manager, user=self.user).emit_agent_started(
            frame
        )

    async def on_agent_completed(self, answer: str) -> bool:
        return await UnifiedEmitter(manager=self.manager, user=self.user).emit_agent_completed(
            [answer, self.sent]
        )
""",
    ),
    "by a helper": (
        """
    async def on_agent_started(self, agent: str) -> bool:
        return await self._tell("agent_started", agent)

    async def on_agent_completed(self, answer: str) -> bool:
        return await self._tell("agent_completed", answer)

    async def _tell(self, event: str, what: str) -> bool:
        self.sent += 1
        return await self.manager.send(self.user, {"type": event, "payload": {"n": self.sent, "what": what}})
""",
        """
    async def on_agent_started(self, agent: str) -> bool:
        return await self._tell("agent_started", agent)

    async def on_agent_completed(self, answer: str) -> bool:
        return await self._tell("agent_completed", answer)

    async def _tell(self, event: str, what: str) -> bool:
        self.sent += 1
        return await UnifiedEmitter(manager=self.manager, user=self.user).emit(
            event, {"n": self.sent, "what": what}
        )
""",
    ),
}
each = pytest.mark.parametrize(("before", "after"), ROWS.values(), ids=ROWS)


def program(body):
    files = {"app/__init__.py": "", "app/manager.py": MANAGER, "app/kept.py": KEPT}
    return {**files, "app/events.py": body}


class Sink:
    def __init__(self, answer):
        self.answer = answer
        self.seen = []

    async def send(self, user, frame):
        self.seen.append((user, json.dumps(frame)))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def done(body, answer, monkeypatch):
    """The frames, answers, errors and state of the calls."""
    monkeypatch.setitem(sys.modules, "app", types.ModuleType("app"))
    manager = types.ModuleType("app.manager")
    manager.Manager = Sink
    monkeypatch.setitem(sys.modules, "app.manager", manager)
    for name, text in {"app.kept": KEPT, "app.events": body}.items():
        module = types.ModuleType(name)
        exec(compile(text, name, "exec"), module.__dict__)  # noqa: S102 - the program under test
        monkeypatch.setitem(sys.modules, name, module)
    sink = Sink(answer)
    made = sys.modules["app.events"].Events(sink, "ada")
    trace = []
    for call in (made.on_agent_started, made.on_agent_completed, made.on_agent_started):
        try:
            trace.append(asyncio.run(call("x")))
        except ValueError as error:
            trace.append(error is answer)
        trace.append(made.sent)
    return sink.seen, trace


@each
def test_the_sends_become_calls_of_the_emitter_that_stays(before, after, planned):
    found = planned(program(HEAD + before), codes=("WSC103",), unsafe=False)
    assert found.after["app/events.py"].decode() == AFTER + after, found.reasons
    again = planned(program(AFTER + after), codes=("WSC103",)).plan
    assert (again.groups, again.refusals) == ((), ())


@each
@pytest.mark.parametrize("answer", [True, False, None, ValueError("gone")], ids=str)
def test_the_same_is_seen_before_and_after(before, after, answer, monkeypatch):
    assert done(HEAD + before, answer, monkeypatch) == done(AFTER + after, answer, monkeypatch)
