"""Puts duplicates into the modules of a real code base, so that `fix` has something to do in real code."""

import ast
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

EMITTER = '''

import json
from starlette.websockets import WebSocket


class {name}Feed:
    """Tells a browser how far an agent is."""

    def __init__(self, websocket: WebSocket, user_id: str) -> None:
        self.websocket = websocket
        self.user_id = user_id
        self.sent = 0

    async def emit_agent_started(self, task: str) -> None:
        await self.websocket.send_json({{"type": "agent_started", "payload": {{"task": task}}}})
        self.sent += 1

    async def emit_tool_executing(self, tool: str, **arguments: object) -> None:
        payload = {{"tool": tool, "arguments": arguments, "user": self.user_id}}
        await self.websocket.send_text(json.dumps({{"type": "tool_executing", "payload": payload}}))

    async def emit_agent_completed(self, answer: str) -> int:
        await self.websocket.send_json({{"type": "agent_completed", "payload": {{"answer": answer}}}})
        self.sent += 1
        return self.sent
'''
PROTOCOL = '''

import typing


class SocketKeeperProtocol(typing.Protocol):
    """Who keeps the sockets of users, and sends to them."""

    async def connect(self, user_id: str, websocket: object) -> None: ...

    async def send_to_user(self, user_id: str, message: dict[str, object]) -> int: ...

    def is_online(self, user_id: str) -> bool: ...


class {name}Desk:
    def __init__(self, keeper: SocketKeeperProtocol) -> None:
        self.keeper = keeper
'''
MANAGER = """

from starlette.websockets import WebSocket


class {name}Connections:
    def __init__(self) -> None:
        self._sockets: dict[str, WebSocket] = {{}}

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        await websocket.accept()
        self._sockets[user_id] = websocket

    def disconnect(self, user_id: str) -> None:
        self._sockets.pop(user_id, None)

    async def send_to_user(self, user_id: str, message: dict) -> None:
        await self._sockets[user_id].send_json(message)

    async def ping(self) -> None:
        for user_id, websocket in self._sockets.items():
            try:
                await websocket.send_json({{"type": "ping"}})
            except RuntimeError:
                self.disconnect(user_id)


class {name}Progress:
    def __init__(self, connections: {name}Connections, user_id: str) -> None:
        self._connections = connections
        self._user_id = user_id

    async def agent_thinking(self, thought: str) -> None:
        await self._connections.send_to_user(
            self._user_id,
            {{"event": "agent_thinking", "data": {{"thought": thought}}}},  # keep the comma
        )

    async def agent_completed(self, answer: str) -> None:
        await self._connections.send_to_user(
            self._user_id, {{"event": "agent_completed", "data": {{"answer": answer}}}}
        )
"""
BACKUP = None
SEEDS = (EMITTER, PROTOCOL, MANAGER, BACKUP)
_ENOUGH = 16
_SMALL = 600


def plant(root: Path) -> list[str]:
    """Add a seed to one module after the other, spread over the tree; the paths of the chosen ones."""
    chosen = [*spread([*modules(root)])]
    for number, (path, seed) in enumerate(zip(chosen, cycle(SEEDS), strict=False)):
        if seed is BACKUP:
            path.with_name(f"{path.name}.bak").write_bytes(path.read_bytes())
        else:
            add(path, seed.format(name=f"Planted{number}"))
    return [path.relative_to(root).as_posix() for path in chosen]


def modules(root: Path) -> Iterator[Path]:
    """Modules that can be read, are plain ASCII or UTF-8, and that nobody runs as a script."""
    for path in sorted(root.rglob("*.py")):
        data = path.read_bytes()
        if len(data) > _SMALL and "test" not in path.relative_to(root).as_posix() and _is_read(data):
            yield path


def _is_read(data: bytes) -> bool:
    try:
        return bool(ast.parse(data.decode()).body)
    except (SyntaxError, ValueError):
        return False


def spread(paths: list[Path]) -> list[Path]:
    step = max(1, len(paths) // _ENOUGH)
    return paths[::step][:_ENOUGH]


def add(path: Path, text: str) -> None:
    """Append in the line ends that the file has."""
    data = path.read_bytes()
    end = b"\r\n" if b"\r\n" in data else b"\n"
    glue = b"" if data.endswith(end) else end
    path.write_bytes(data + glue + text.encode().replace(b"\n", end))
