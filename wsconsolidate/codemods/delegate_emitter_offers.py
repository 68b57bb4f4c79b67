"""Programs before and after a copy of the emitter that stays becomes a thin subclass of it."""

from wsconsolidate.codemods.codemod import Example

CORE = """
# file: app/__init__.py
# file: app/manager.py
from fastapi import WebSocket


class Manager:
    def __init__(self) -> None:
        self.sockets: dict[str, WebSocket] = {}

    async def connect(self, user: str, socket: WebSocket) -> None:
        self.sockets[user] = socket

    async def send(self, user: str, frame: dict) -> bool:
        await self.sockets[user].send_json(frame)
        return True

# file: app/core.py
from app.manager import Manager


class UnifiedEmitter:
    def __init__(self, manager: Manager, user: str) -> None:
        self.manager = manager
        self.user = user
        self.sent = 0

    async def emit_agent_started(self, data: object) -> bool:
        return await self.emit("agent_started", data)

    async def emit_agent_thinking(self, data: object) -> bool:
        return await self.emit("agent_thinking", data)

    async def emit_agent_completed(self, data: object) -> bool:
        return await self.emit("agent_completed", data)

    async def emit(self, event: str, data: object) -> bool:
        frame = {"type": event, "payload": data}
        self.sent += 1
        return await self.manager.send(self.user, frame)

"""

COPY = '''\
class KioskEmitter:
    """The events of one run, at a kiosk."""

    def __init__(self, manager: Manager, user: str) -> None:
        self.manager = manager
        self.user = user
        self.sent = 0

    async def emit_agent_started(self, data: object) -> bool:
        return await self.emit("agent_started", data)

    async def emit_agent_completed(self, data: object) -> bool:
        return await self.emit("agent_completed", data)

    async def emit(self, event: str, data: object) -> bool:
        message = {"type": event, "payload": data}
        self.sent += 1
        return await self.manager.send(self.user, message)
'''

RENAMED = '''\
class RunNotifier:
    def __init__(self, sockets: Manager, user_id: str, room: str = "lobby") -> None:
        self._sockets = sockets
        self._user_id = user_id
        self._room = room
        self._count = 0

    async def notify_agent_started(self, data: object) -> bool:
        """The agent begins."""
        return await self._tell("agent_started", data)

    async def notify_agent_completed(self, data: object) -> bool:
        return await self._tell("agent_completed", data)

    async def _tell(self, event: str, data: object) -> bool:
        frame = {"type": event, "payload": data}
        self._count += 1
        return await self._sockets.send(self._user_id, frame)

    @property
    def room(self) -> str:
        return self._room
'''

OFFERS = (
    Example(
        before=f"{CORE}# file: app/kiosk.py\nfrom app.manager import Manager\n\n\n{COPY}",
        after=f'''{CORE}# file: app/kiosk.py
from app.core import UnifiedEmitter


class KioskEmitter(UnifiedEmitter):
    """The events of one run, at a kiosk."""
''',
        unsafe=True,
    ),
    Example(
        before=f"{CORE}# file: app/runs.py\nfrom app.manager import Manager\n\n\n{RENAMED}",
        after=f'''{CORE}# file: app/runs.py
from app.core import UnifiedEmitter
from app.manager import Manager


class RunNotifier(UnifiedEmitter):
    def __init__(self, sockets: Manager, user_id: str, room: str = "lobby") -> None:
        super().__init__(manager=sockets, user=user_id)
        self._room = room

    async def notify_agent_started(self, data: object) -> bool:
        """The agent begins."""
        return await self.emit_agent_started(data)

    async def notify_agent_completed(self, data: object) -> bool:
        return await self.emit_agent_completed(data)

    @property
    def room(self) -> str:
        return self._room
''',
        unsafe=True,
    ),
)
