"""Names that are made of themselves, or of each other, are followed once round."""

import pytest

MANAGER = """
import json
from fastapi import WebSocket


class UnifiedManager:
    def __init__(self):
        self.sockets: dict[str, WebSocket] = {}

    async def connect(self, user, socket: WebSocket):
        self.sockets[user] = socket

    async def send_to_user(self, user, message):
        await self.sockets[user].send_text(message)


class UnifiedEmitter:
    def __init__(self, manager: UnifiedManager, user):
        self.manager = manager
        self.user = user

    async def emit_agent_started(self, data):
        message = {"type": "agent_started", "data": data}
        await self.manager.send_to_user(self.user, json.dumps(message))
"""
CIRCLES = {
    "a frame that is dumped under its own name": """
class OldEmitter:
    def __init__(self, manager: UnifiedManager, user):
        self.manager = manager
        self.user = user

    async def emit_agent_started(self, data):
        message = {"type": "agent_started", "data": data}
        message = json.dumps(message)
        await self.manager.send_to_user(self.user, message)
""",
    "frames that are dumped from each other": """
class OldEmitter:
    def __init__(self, manager: UnifiedManager, user):
        self.manager = manager
        self.user = user

    async def emit_agent_started(self, data):
        left = json.dumps(right)
        right = json.dumps(left)
        await self.manager.send_to_user(self.user, {"type": "agent_started", "data": left})
        await self.manager.send_to_user(self.user, right)
""",
    "bodies of a made class are copied from each other": """
def made(name):
    left = dict(right)
    right = dict(left)
    return type(name, (UnifiedEmitter,), left)


class OldEmitter(made("Made")):
    pass
""",
}


@pytest.mark.parametrize("circle", CIRCLES.values(), ids=CIRCLES)
def test_a_circle_ends(circle, study):
    analysis = study({"app/__init__.py": "", "app/emitters.py": MANAGER + circle})
    roles = {analysis.program.classes[id].name: cast.role for id, cast in analysis.casts.items()}
    assert roles["UnifiedEmitter"] == "emitter"
