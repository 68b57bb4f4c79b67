"""Lets a team grow in a real code base: one source of truth, and copies of it in the modules of others."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from tests.trials.plant import add, modules, spread

CORE = '''\
"""Sockets of users, and what agents tell them."""

import logging

from starlette.websockets import WebSocket

logger = logging.getLogger(__name__)


class WebSocketError(Exception):
    """A frame could not be sent."""


class WebSocketGoneError(WebSocketError):
    """Nobody is there."""


class UnifiedSocketManager:
    """The single source of truth for sockets."""

    def __init__(self, limit: int = 3) -> None:
        self.limit = limit
        self.sockets: dict[str, WebSocket] = {}

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        await websocket.accept()
        self.sockets[user_id] = websocket

    def disconnect(self, user_id: str) -> None:
        self.sockets.pop(user_id, None)

    async def send_to_user(self, user_id: str, message: dict) -> bool:
        websocket = self.sockets.get(user_id)
        if websocket is None:
            logger.info("%s is gone", user_id)
            return False
        await websocket.send_json(message)
        return True


class UnifiedAgentEmitter:
    """The single source of truth for the events of a run."""

    def __init__(self, manager: UnifiedSocketManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id

    async def emit_agent_started(self, data: dict) -> bool:
        return await self.emit("agent_started", data)

    async def emit_agent_thinking(self, data: dict) -> bool:
        return await self.emit("agent_thinking", data)

    async def emit_tool_executing(self, data: dict) -> bool:
        return await self.emit("tool_executing", data)

    async def emit_tool_completed(self, data: dict) -> bool:
        return await self.emit("tool_completed", data)

    async def emit_agent_completed(self, data: dict) -> bool:
        return await self.emit("agent_completed", data)

    async def emit(self, event: str, data: dict) -> bool:
        return await self.manager.send_to_user(self.user_id, {"type": event, "payload": data})
'''
LEGACY = """\
from {core} import UnifiedSocketManager

SocketHub = UnifiedSocketManager
"""
COPIED_EMITTER = '''

from {core} import UnifiedSocketManager


class {name}Emitter:
    """The events of a run, for one more team."""

    def __init__(self, manager: UnifiedSocketManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id

    async def emit_agent_started(self, data: dict) -> bool:
        return await self.emit("agent_started", data)

    async def emit_agent_completed(self, data: dict) -> bool:
        return await self.emit("agent_completed", data)

    async def emit(self, event: str, data: dict) -> bool:
        return await self.manager.send_to_user(self.user_id, {{"type": event, "payload": data}})
'''
ADAPTING_EMITTER = """

from {core} import UnifiedSocketManager


class {name}Notifier:
    def __init__(self, sockets: UnifiedSocketManager, run_id: str) -> None:
        self._sockets = sockets
        self._run_id = run_id
        self.count = 0

    async def notify_agent_started(self, user_id: str, agent: str) -> bool:
        self.count += 1
        return await self._sockets.send_to_user(
            user_id, {{"type": "agent_started", "payload": {{"run": self._run_id, "agent": agent}}}}
        )

    async def notify_agent_completed(self, user_id: str, answer: str) -> bool:
        payload = {{"run": self._run_id, "answer": answer}}
        self.count += 1
        return await self._sockets.send_to_user(user_id, {{"type": "agent_completed", "payload": payload}})
"""
COPIED_MANAGER = """

import logging

from starlette.websockets import WebSocket

{name}_log = logging.getLogger(__name__)


class {name}SocketManager:
    def __init__(self, limit: int = 5) -> None:
        self.limit = limit
        self.sockets: dict[str, WebSocket] = {{}}
        self.rooms: dict[str, str] = {{}}

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        await websocket.accept()
        self.sockets[user_id] = websocket
        self.rooms[user_id] = "lobby"

    def disconnect(self, user_id: str) -> None:
        self.sockets.pop(user_id, None)

    async def send_to_user(self, user_id: str, message: dict) -> bool:
        socket = self.sockets.get(user_id)
        if socket is None:
            return False
        await socket.send_json(message)
        return True

    def room_of(self, user_id: str) -> str:
        return self.rooms.get(user_id, "")
"""
ERROR_AND_LATE = """

class {name}WebSocketError(ConnectionError):
    \"\"\"A socket of this team is gone.\"\"\"


def {name}_hub():
    from {legacy} import SocketHub

    return SocketHub()
"""
SEEDS = (COPIED_EMITTER, ADAPTING_EMITTER, COPIED_MANAGER, ERROR_AND_LATE)


def let_grow(root: Path) -> list[str]:
    """Plant the source of truth into the largest package and copies into its modules; the touched paths."""
    package = max(_packages(root), key=lambda one: sum(1 for _ in one.rglob("*.py")))
    core, legacy = (f"{package.name}.realtime_{one}" for one in ("core", "legacy"))
    (package / "realtime_core.py").write_text(CORE)
    (package / "realtime_legacy.py").write_text(LEGACY.format(core=core))
    chosen = spread([path for path in modules(package) if not path.name.startswith("realtime_")])
    for number, (path, seed) in enumerate(zip(chosen, cycle(SEEDS), strict=False)):
        add(path, seed.format(name=f"Team{number}", core=core, legacy=legacy))
    return [path.relative_to(root).as_posix() for path in chosen]


def _packages(root: Path) -> Iterator[Path]:
    for folder in (root, root / "src"):
        yield from (path.parent for path in folder.glob("*/__init__.py") if "test" not in path.parent.name)
