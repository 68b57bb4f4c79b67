"""What `type_payload` does, and what it must leave alone, program by program."""

from wsconsolidate.codemods.codemod import Example, Trap

CORE = """
# file: app/__init__.py
# file: app/websocket_types.py
from typing import Any, TypedDict


class EventEnvelope(TypedDict):
    type: str
    payload: dict[str, Any]


class StampedEnvelope(EventEnvelope, total=False):
    timestamp: str

# file: app/core.py
from fastapi import WebSocket


class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send(self, user_id: str, message: object) -> None:
        await self.connections[user_id].send_json(message)

    async def send_dict(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)

"""
FEED = f"""{CORE}# file: app/feed.py
from app.core import ConnectionManager
"""
_TYPED = f"{FEED}from app.websocket_types import StampedEnvelope\n"

REWRITES = (
    Example(
        before=f"""{FEED}\


async def finish(manager: ConnectionManager, user: str, answer: str) -> None:
    await manager.send(
        user,
        {{
            "type": "agent_completed",  # the last one
            "payload": {{"answer": answer}},
            "timestamp": "now",
        }},
    )
""",
        after=f"""{_TYPED}\


async def finish(manager: ConnectionManager, user: str, answer: str) -> None:
    await manager.send(
        user,
        StampedEnvelope(
            type="agent_completed",  # the last one
            payload={{"answer": answer}},
            timestamp="now",
        ),
    )
""",
        unsafe=True,
    ),
    Example(
        before=f"""{FEED}\


async def finish(manager: ConnectionManager, user: str) -> None:
    await manager.send(user, {{"type": "agent_completed", "payload": {{}}}})
""",
        after=f"""{FEED}from app.websocket_types import EventEnvelope\n\


async def finish(manager: ConnectionManager, user: str) -> None:
    await manager.send(user, EventEnvelope(type="agent_completed", payload={{}}))
""",
        unsafe=True,
    ),
    Example(
        before=f"""{FEED}\


async def start(manager: ConnectionManager, user: str, agent: str) -> None:
    message = {{"type": "agent_started", "payload": {{"agent": agent}}, "timestamp": "now"}}
    await manager.send_dict(user, message)


async def finish(manager: ConnectionManager, user: str, agent: str) -> None:
    end = dict(type="agent_completed", payload=agent, timestamp="now")
    await manager.send(user, end)
""",
        after=f"""{_TYPED}\


async def start(manager: ConnectionManager, user: str, agent: str) -> None:
    message = dict(StampedEnvelope(type="agent_started", payload={{"agent": agent}}, timestamp="now"))
    await manager.send_dict(user, message)


async def finish(manager: ConnectionManager, user: str, agent: str) -> None:
    end = StampedEnvelope(type="agent_completed", payload=agent, timestamp="now")
    await manager.send(user, end)
""",
        unsafe=True,
    ),
)


_OTHER = """class OtherEnvelope(TypedDict):
    type: str
    payload: str

class StampedEnvelope(TypedDict):"""


def _sent(message: str) -> str:
    return f"""{FEED}

async def finish(manager: ConnectionManager, user: str, more: dict) -> None:
    await manager.send(user, {message})
"""


UNTOUCHED = (
    Trap(
        program=_sent('{"type": "agent_completed", "payload": {}}').replace(
            "class StampedEnvelope(EventEnvelope, total=False):",
            _OTHER,
        ),
        reason="EventEnvelope and OtherEnvelope both have its keys",
    ),
    Trap(
        program=_sent('{"type": "agent_completed", "data": {}}'),
        reason="no typed dictionary has just the keys type, data",
    ),
    Trap(
        program=_sent('{"type": "agent_completed", "timestamp": "now"}'),
        reason="no typed dictionary has just the keys type, timestamp",
    ),
    Trap(
        program=_sent('{"type": "agent_completed", "payload": {}, "timestamp": "now", **more}'),
        reason="its keys are not all written there",
    ),
    Trap(
        program=_sent('{"type": "agent_completed", "payload": {}, "run-id": "1"}'),
        reason="its keys are not all written there, or are no names",
    ),
    Trap(
        program=_sent('{"type": "agent_completed", "payload": {}, "timestamp": "now"}').replace(
            "from typing import", "import app.feed\nfrom typing import"
        ),
        reason="the import would close a circle: app.feed -> app.websocket_types -> app.feed",
    ),
    Trap(
        program=_sent('{"type": "agent_completed", "payload": {}, "timestamp": "now"}').replace(
            "class StampedEnvelope(EventEnvelope, total=False)", "class StampedEnvelope"
        ),
        reason="no typed dictionary has just the keys type, payload, timestamp",
    ),
)
