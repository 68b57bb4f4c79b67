"""Messages that are made with a typed dictionary: executed before and after, the same text on the wire."""

import asyncio
import json

import pytest

TYPES = """\
from typing import Any, TypedDict


class EventEnvelope(TypedDict):
    type: str
    payload: Any
    timestamp: str
"""
MANAGER = """\
from fastapi import WebSocket


class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send(self, user_id: str, message: ANNOTATION) -> None:
        await self.connections[user_id].send_json(message)
"""
FEED = """\
from shop.core import ConnectionManager

stamps = iter(range(99))


async def start(manager: ConnectionManager, user: str, agent: str) -> None:
    message = {"timestamp": next(stamps), "type": "agent_started", "payload": {"at": next(stamps)}}
    await manager.send(user, message)


async def think(manager: ConnectionManager, user: str, agent: str) -> None:
    message = dict(type="agent_thinking", payload=[agent, next(stamps)], timestamp=next(stamps))
    await manager.send(user, message)


async def finish(manager: ConnectionManager, user: str, agent: str) -> None:
    await manager.send(
        user,
        {
            "type": "agent_completed",
            "payload": {
                "agent": agent,
                "answer": None,
            },
            "timestamp": next(stamps),
        },
    )
"""


async def play(feed, core):
    """The text and type of all that goes to the socket."""
    seen = []

    class Socket:
        async def send_json(self, message):
            seen.append((json.dumps(message), type(message)))

    manager = core.ConnectionManager()
    await manager.connect("ada", Socket())
    for step in (feed.start, feed.think, feed.finish):
        await step(manager, "ada", "triage")
    return seen


def wire_of(imported, files):
    return asyncio.run(play(*imported(files, "shop.feed", "shop.core")))


@pytest.mark.parametrize("annotation", ["dict", "dict[str, object]", "object"])
def test_the_same_text_goes_to_the_socket(annotation, planned, imported):
    files = {
        "shop/__init__.py": "",
        "shop/websocket_types.py": TYPES,
        "shop/core.py": MANAGER.replace("ANNOTATION", annotation),
        "shop/feed.py": FEED,
    }
    before = wire_of(imported, {path: text.encode() for path, text in files.items()})
    after = planned(files, codes=("WSC108",))
    text = after.after["shop/feed.py"].decode()
    assert text.count("EventEnvelope(") == 3, after.reasons
    assert text.count("dict(EventEnvelope(") + text.count("dict(\n") == (0 if annotation == "object" else 3)
    assert wire_of(imported, after.after) == before
    assert len(before) == 3
