"""A second manager keeps connections beside the manager that stays.

*Why it matters*: a user connected to one manager is unknown to the other, so an event sent through the
wrong one reaches nobody. Limits, heartbeats and clean-up count only what their own manager holds.

*What to do instead*: register every connection with the manager that stays. Where the other class must keep
its name for its callers, let its methods hand on to that manager and hold no connection itself.

*Limits*: a manager is found by what it does (it keeps several live sockets and sends to them), not by its
name; a pool of database connections is none. One family counts once, by its base. A room that a server makes,
keeps or is given to is a part of it, and what extends a library's manager works with that library: neither is
reported. Nor are managers that do too little alike, as for unrelated endpoints; `scan` lists them for review.
"""

from collections.abc import Iterator, Sequence

from wsconsolidate.model.analysis import Analysis, Disposition
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.program import Class
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule

_BESIDE = (Disposition.REWRITE, Disposition.REVIEW)


def check(found: Analysis) -> Iterator[Finding]:
    """Each manager that does the same as another one and does not hand on to it."""
    truth, kept = found.ssot.get(Role.MANAGER), found.truth(Role.MANAGER)
    if truth is None:
        return
    for group in found.groups:
        beside = [id for id in group.members if found.verdicts[id].disposition in _BESIDE]
        managers = [found.program.classes[id] for id in beside] if group.role is Role.MANAGER else []
        for manager in managers:
            others = [] if kept else [one for one in managers if one is not manager]
            yield _rival(manager, others) if others else _finding(manager, truth.qualname, kept)


def _finding(manager: Class, truth: str, kept: Class | None) -> Finding:
    related = Related(path=kept.path, line=kept.line, message="the manager that stays") if kept else None
    return Finding(
        message=f"{manager.name} keeps connections of its own beside {truth}",
        path=manager.path,
        line=manager.line,
        symbol=manager.qualname,
        related=(related,) if related else (),
    )


def _rival(manager: Class, others: Sequence[Class]) -> Finding:
    related = tuple(Related(path=one.path, line=one.line, message="another of them") for one in others)
    return Finding(
        message=f"{manager.name} is one of {len(others) + 1} managers with connections of their own; "
        "none of them is the single source of truth",
        path=manager.path,
        line=manager.line,
        symbol=manager.qualname,
        related=related,
    )


_TRUTH = """
# file: app/manager.py
from fastapi import WebSocket

class UnifiedWebSocketManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    def disconnect(self, user_id: str) -> None:
        self.connections.pop(user_id, None)

    async def send_to_user(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)
"""

RULE = Rule(
    code="WSC104",
    name="duplicate-manager",
    severity=Severity.WARNING,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _TRUTH
        + """
# file: app/hub.py
from fastapi import WebSocket

class NotificationHub:  # expect: WSC104
    def __init__(self) -> None:
        self.bells: dict[str, WebSocket] = {}

    def join(self, owner: str, bell: WebSocket) -> None:
        self.bells[owner] = bell

    def leave(self, owner: str) -> None:
        del self.bells[owner]

    async def ring(self, owner: str, item: dict) -> None:
        await self.bells[owner].send_json(item)

class LoudHub(NotificationHub):
    # comes along with its base
    async def ring(self, owner: str, item: dict) -> None:
        await self.bells[owner].send_json({"loud": item})
""",
    ),
    good=(
        _TRUTH
        + """
# file: app/legacy.py
# trap: an old name that holds no connection and hands on
from fastapi import WebSocket

from app.manager import UnifiedWebSocketManager

class LegacyManager:
    def __init__(self, inner: UnifiedWebSocketManager) -> None:
        self.inner = inner

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        await self.inner.connect(user_id, websocket)

    def disconnect(self, user_id: str) -> None:
        self.inner.disconnect(user_id)

    async def send_to_user(self, user_id: str, message: dict) -> None:
        await self.inner.send_to_user(user_id, message)

# file: app/room.py
# trap: a room of the one that stays, which it is given
from fastapi import WebSocket

from app.manager import UnifiedWebSocketManager

class Room:
    def __init__(self, manager: UnifiedWebSocketManager) -> None:
        self.manager = manager
        self.members: dict[str, WebSocket] = {}

    def join(self, user_id: str, websocket: WebSocket) -> None:
        self.members[user_id] = websocket

    async def tell(self, user_id: str, message: dict) -> None:
        await self.members[user_id].send_json(message)
        await self.manager.send_to_user(user_id, {"type": "told"})

# file: app/redis.py
# trap: made for a library's server, which calls it
import socketio

class RoomChannelManager(socketio.AsyncRedisManager):
    async def tell(self, room: str, message: dict) -> None:
        await self.emit("message", message, room=room)

# file: app/database.py
# trap: another kind of connection
import sqlite3

class DatabaseConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, sqlite3.Connection] = {}

    def connect(self, name: str) -> None:
        self.connections[name] = sqlite3.connect(name)

    def disconnect(self, name: str) -> None:
        self.connections.pop(name).close()

# file: tests/support.py
# trap: a test double is no second manager
from fastapi import WebSocket

class FakeManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send_to_user(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)
""",
        """
# file: app/base.py
from fastapi import WebSocket

class BaseServer:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

# file: app/servers.py
# trap: a base and its own children are one implementation
from app.base import BaseServer

class JsonServer(BaseServer):
    async def send_to_user(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)

class TextServer(BaseServer):
    async def send_to_user(self, user_id: str, message: str) -> None:
        await self.connections[user_id].send_text(message)
""",
        """
# file: app/server.py
# trap: rooms that a server makes and keeps
from fastapi import WebSocket

class Room:
    def __init__(self) -> None:
        self.members: set[WebSocket] = set()

    def join(self, websocket: WebSocket) -> None:
        self.members.add(websocket)

    async def tell(self, message: dict) -> None:
        for member in set(self.members):
            await member.send_json(message)

class CentralServer:
    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self.connections: dict[str, WebSocket] = {}

    def connect(self, user_id: str, room: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket
        self.rooms.setdefault(room, Room()).join(websocket)

    async def send_to_user(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)
""",
    ),
)
