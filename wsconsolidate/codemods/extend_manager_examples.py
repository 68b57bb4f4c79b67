"""What `extend_manager` does, program by program."""

from wsconsolidate.codemods.codemod import Example

CORE = """
# file: app/__init__.py
# file: app/core.py
import asyncio
import logging

from fastapi import WebSocket

logger = logging.getLogger(__name__)


class UnifiedManager:
    limit = 3

    def __init__(self, limit: int = 3, *, name: str = "core") -> None:
        self.limit = limit
        self.name = name
        self.connections: dict[str, WebSocket] = {}
        self._lock = asyncio.Lock()

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        await websocket.accept()
        self.connections[user_id] = websocket

    def disconnect(self, user_id: str) -> None:
        self.connections.pop(user_id, None)

    async def send_to_user(self, user_id: str, message: dict) -> bool:
        socket = self.connections.get(user_id)
        if socket is None:
            logger.info("%s is not here", user_id)
            return False
        await socket.send_json(message)
        return True

    async def broadcast(self, message: dict) -> None:
        for user_id in list(self.connections):
            await self.send_to_user(user_id, message)

"""
IMPORTED = f"""{CORE}# file: app/hub.py
from fastapi import WebSocket
"""

REWRITES = (
    Example(
        before=f"""{IMPORTED}\


class Hub:
    \"\"\"Connections of the kiosks.\"\"\"

    def __init__(self, limit: int = 5) -> None:
        self.limit = limit
        self.connections: dict[str, WebSocket] = {{}}
        self.kiosks: dict[str, str] = {{}}

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        await websocket.accept()
        self.connections[user_id] = websocket
        self.kiosks[user_id] = "open"

    def disconnect(self, user_id: str) -> None:
        self.connections.pop(user_id, None)

    async def send_to_user(self, user_id: str, message: dict) -> bool:
        kiosk = self.connections.get(user_id)  # may be gone
        if kiosk is None:
            return False
        await kiosk.send_json(message)
        return True

    def state_of(self, user_id: str) -> str | None:
        return self.kiosks.get(user_id)
""",
        after=f"""{IMPORTED}\

from app.core import UnifiedManager


class Hub(UnifiedManager):
    \"\"\"Connections of the kiosks.\"\"\"

    def __init__(self, limit: int = 5) -> None:
        super().__init__(limit=limit)
        self.kiosks: dict[str, str] = {{}}

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        await websocket.accept()
        self.connections[user_id] = websocket
        self.kiosks[user_id] = "open"

    def state_of(self, user_id: str) -> str | None:
        return self.kiosks.get(user_id)
""",
        unsafe=True,
    ),
    Example(
        before=f"""{IMPORTED}\


class Hub:
    def __init__(self) -> None:
        super().__init__()
        self.limit = 7
        self.connections = {{}}

    async def register(self, user_id: str, websocket: WebSocket) -> None:
        await websocket.accept()
        self.connections[user_id] = websocket

    async def push(self, user: str, item: dict) -> bool:
        \"\"\"True if it is taken.\"\"\"
        socket = self.connections.get(user)
        if socket is None:
            return False
        await socket.send_json(item)
        return True

    async def shout(self, item: dict) -> None:
        for user in list(self.connections):
            await self.push(user, item)
""",
        after=f"""{IMPORTED}\

from app.core import UnifiedManager


class Hub(UnifiedManager):
    def __init__(self) -> None:
        super().__init__(limit=7)

    async def register(self, user_id: str, websocket: WebSocket) -> None:
        return await self.connect(user_id, websocket)

    async def push(self, user: str, item: dict) -> bool:
        \"\"\"True if it is taken.\"\"\"
        return await self.send_to_user(user, item)

    async def shout(self, item: dict) -> None:
        return await self.broadcast(item)
""",
        unsafe=True,
    ),
    Example(
        before=f"""{IMPORTED}\


class Bells:
    def __init__(self) -> None:
        self.limit = 3
        self.bells: dict[str, WebSocket] = {{}}

    async def hang(self, owner: str, bell: WebSocket) -> None:
        self.bells[owner] = bell

    async def ring(self, owner: str, item: dict) -> bool:
        bell = self.bells.get(owner)
        if bell is None:
            return False
        await bell.send_json(item)
        return True
""",
        after=f"""{IMPORTED}\

from app.core import UnifiedManager


class Bells(UnifiedManager):
    def __init__(self) -> None:
        super().__init__(limit=3)

    async def hang(self, owner: str, bell: WebSocket) -> None:
        self.connections[owner] = bell

    async def ring(self, owner: str, item: dict) -> bool:
        return await self.send_to_user(owner, item)
""",
        unsafe=True,
    ),
)
